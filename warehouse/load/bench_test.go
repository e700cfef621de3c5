package load

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// BenchmarkRows measures reading and converting, without a database.
func BenchmarkRows(b *testing.B) {
	var body strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&body, "%d~%d~%d.%02d~2024-01-%02d~2024-01-02 03:04:05~a text of some length~N\n", i, i%1000, i%500, i%100, i%28+1)
	}
	store := &memoryStore{objects: map[string]string{"k": body.String()}}
	fragments, err := syntax.Split("CREATE TABLE t (a bigint, b int, c decimal(12,2), d date, e timestamp, f varchar(40), g char(1)); COPY t FROM 's3://b/k' DELIMITER '~' NOLOAD IAM_ROLE default")
	if err != nil {
		b.Fatal(err)
	}
	table, err := syntax.Parse(fragments[0])
	if err != nil {
		b.Fatal(err)
	}
	statement, err := syntax.Parse(fragments[1])
	if err != nil {
		b.Fatal(err)
	}
	plan, err := NewPlan(statement.(*syntax.Copy), table.(*syntax.CreateTable).Columns)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(body.Len()))
	for b.Loop() {
		if _, err := copyAll(context.Background(), plan, store, nil); err != nil {
			b.Fatal(err)
		}
	}
}
