package bench

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/dynamodb"
)

func openTable(b *testing.B) *service.Service {
	store, err := sqlite.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	s, err := dynamodb.Open(b.Context(), store, store, "us-east-1", "123456789012")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		s.Close()
		store.Close()
	})
	table := s.Table()
	callOf(b, table, "CreateTable", `{"TableName": "bench", "BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}`)
	return table
}

// item is that of an audit table.
func item(id int64) string {
	return fmt.Sprintf(`{"id": {"N": "%d"}, "JobState": {"S": "Ready"}, "JobStart": {"S": "2026-03-01T02:00:00"}, "JobEnd": {"S": "2026-03-01T02:04:30"}}`, id)
}

// BenchmarkItems puts items into a table, each durable when its caller hears of it, and gets them.
//
// of-append is how often a second a caller was answered, divided by how many items of that size a second can be appended to a file
// with one fsync for one item of every caller.
func BenchmarkItems(b *testing.B) {
	for _, callers := range []int{1, 8, 64} {
		table, last := openTable(b), atomic.Int64{}
		b.Run(fmt.Sprintf("put/callers=%d", callers), func(b *testing.B) {
			rate := callRate(b, callers, func() {
				callOf(b, table, "PutItem", `{"TableName": "bench", "Item": `+item(last.Add(1))+`}`)
			})
			b.ReportMetric(rate/appendRate(b, b.TempDir(), []byte(item(1)), callers, 500), "of-append")
		})
		b.Run(fmt.Sprintf("get/callers=%d", callers), func(b *testing.B) {
			next := atomic.Int64{}
			callRate(b, callers, func() {
				callOf(b, table, "GetItem", fmt.Sprintf(`{"TableName": "bench", "Key": {"id": {"N": "%d"}}}`, next.Add(1)%last.Load()+1))
			})
		})
	}
}

// callRate has callers do something as often as the benchmark wants, and returns how often a second they did.
func callRate(b *testing.B, callers int, f func()) float64 {
	began := time.Now()
	fanOut(callers, b.N, f)
	rate := float64(b.N) / time.Since(began).Seconds()
	b.ReportMetric(rate, "calls/s")
	return rate
}
