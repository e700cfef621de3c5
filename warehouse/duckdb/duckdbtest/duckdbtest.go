// Package duckdbtest opens warehouses for tests of the packages above the drivers.
//
//	w := duckdbtest.Open(t, warehouse.Options{Buckets: store})
package duckdbtest

import (
	"testing"

	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// Open returns an empty warehouse in memory, which is closed when the test ends, after whatever was opened over it.
func Open(t testing.TB, o warehouse.Options) *warehouse.Warehouse {
	t.Helper()
	database, err := duckdb.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	w, err := warehouse.Open(t.Context(), database, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}
