package bteq_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/bteq"
	"github.com/stepwell/stepwell/rsql/embedded"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/shell"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// The files of testdata/convert are BTEQ texts with what becomes of them, and the notes.
func TestConvert(t *testing.T) {
	datadriven.Walk(t, filepath.Join("testdata", "convert"), func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			script, notes := bteq.Convert(d.Input+"\n", "")
			_, script, _ = strings.Cut(script, "\n")
			if again, _ := bteq.Convert(d.Input+"\n", ""); !strings.HasSuffix(again, script) {
				t.Error("a second conversion gives another script")
			}
			for _, n := range notes {
				script += fmt.Sprintf("note %s: %s\n", n.Position, n.Message)
			}
			return script
		})
	})
}

// A script with labels, error tests, imports and an export converts and runs.
func TestDailyLoadRuns(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "daily_load.bteq"))
	if err != nil {
		t.Fatal(err)
	}
	script, notes := bteq.Convert(string(text), "daily_load.bteq")
	if strings.Contains(script, "topsecret") {
		t.Error("the password is in the script")
	}
	for _, n := range notes {
		t.Log(n.Position, n.Message)
	}
	for _, f := range rsql.Check(script, rsql.CheckOptions{Dialect: rsql.RSQL, File: "daily_load.rsql", Variables: []string{"import_prefix"}}) {
		t.Errorf("%s: %s", f.Position, f.Message)
	}
	b := newBench(t)
	b.put(t, "customer.txt", "id|name|segment|born|score\n1| Ann |retail|19800101|7\n2|Bob|partner|19751231|\n")
	b.put(t, "sales.csv", "10,1,20260301,2,20.50\n11,2,20260301,0,0.00\n12,2,20260228,1,99.99\n")
	b.run(t, `create table dim_customer (customer_id int, customer_name varchar(60), segment char(10), score smallint, is_current char(1), born_text varchar(10));
create table fact_sales (sale_id decimal(12,0), customer_id int, sold_on date, quantity smallint, amount numeric(12,2));
insert into dim_customer values (2, 'Robert', 'PARTNER', 1, 'Y', '1975/12/31');`)

	status, out := b.run(t, script)
	if status != 0 || !strings.Contains(out, "load done\nnothing to look at\n") || !strings.Contains(out, "stg_customer was not there\n") {
		t.Fatalf("status %d\n%s", status, out)
	}
	summary, err := os.ReadFile(filepath.Join(b.folder, "summary.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want := ` segment | sales | amount 
---------+-------+--------
 PARTNER |     1 |  99.99
 RETAIL  |     1 |  20.50
(2 rows)

`
	if string(summary) != want {
		t.Errorf("the export:\n%s", summary)
	}
	if _, rows := b.run(t, "\\rset rformat on\n\\a\n\\t\nselect * from dim_customer order by 1;"); !strings.HasSuffix(rows, "1|Ann|RETAIL|7|Y|1980/01/01\n2|Bob|PARTNER|0|Y|1975/12/31\n") {
		t.Errorf("the dimension:\n%s", rows)
	}

	// Customers who are not born yet are bad data; a missing file fails.
	b.put(t, "customer.txt", "id|name|segment|born|score\n3|Cleo|retail|29991231|\n")
	if status, out = b.run(t, script); status != 4 || !strings.Contains(out, "bad data in staging\n") {
		t.Errorf("status %d\n%s", status, out)
	}
	b.put(t, "customer.txt", "id|name|segment|born|score\nx|Cleo|retail|20000101|\n")
	if status, out = b.run(t, script); status != 8 || !strings.Contains(out, "the load failed\n") {
		t.Errorf("status %d\n%s", status, out)
	}
}

// bench is a warehouse with a bucket and a folder.
type bench struct {
	warehouse *warehouse.Warehouse
	buckets   *dir.Store
	folder    string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{buckets: dir.New(t.TempDir(), nil), folder: t.TempDir()}
	if err := b.buckets.Make("data"); err != nil {
		t.Fatal(err)
	}
	b.warehouse = duckdbtest.Open(t, warehouse.Options{Buckets: b.buckets})
	return b
}

func (b *bench) put(t *testing.T, key, text string) {
	t.Helper()
	if _, err := b.buckets.Put(t.Context(), "data", key, strings.NewReader(text), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) run(t *testing.T, script string) (int, string) {
	t.Helper()
	connect := func(ctx context.Context, _ rsql.Target) (rsql.Session, error) {
		return embedded.Open(ctx, b.warehouse, warehouse.SessionConfig{})
	}
	session, err := connect(t.Context(), rsql.Target{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	status, _ := rsql.Run(rsql.Options{
		Dialect: rsql.RSQL, Session: session, In: strings.NewReader(script), Out: &out, Err: &out, Format: report.Default(),
		Host:     &shell.Host{Context: t.Context(), Folder: b.folder, Out: &out, Err: &out, Connector: connect},
		Settings: []rsql.Setting{{Name: "import_prefix", Value: "s3://data/"}},
	})
	return status, out.String()
}
