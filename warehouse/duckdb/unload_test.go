package duckdb_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// looking is a store that looks at the running UNLOADs when an object has come.
type looking struct {
	bucket.Store
	look func()
}

func (l *looking) Put(ctx context.Context, name, key string, body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	o, err := l.Store.Put(ctx, name, key, body, about)
	l.look()
	return o, err
}

// unloading opens a warehouse whose store can be looked at.
func unloading(t *testing.T) (*looking, *warehouse.Warehouse) {
	folders := dir.New(t.TempDir(), nil)
	if err := folders.Make("lake"); err != nil {
		t.Fatal(err)
	}
	store := &looking{Store: folders}
	return store, duckdbtest.Open(t, warehouse.Options{Buckets: store})
}

// TestUnloads asks for the running UNLOADs while the only file, and then the manifest, are stored.
func TestUnloads(t *testing.T) {
	store, w := unloading(t)
	var seen []string
	store.look = func() {
		for _, u := range w.Unloads() {
			seen = append(seen, fmt.Sprint(u.QueryID, u.PID, " ", u.Location, u.Done))
		}
	}
	expect(t, w, "unload ('select 1 union all select 2') to 's3://lake/x_' iam_role default manifest", "UNLOAD")
	if got, want := fmt.Sprint(seen), "[1 1 s3://lake/x_{2 0 0} 1 1 s3://lake/x_{2 1 4}]"; got != want {
		t.Errorf("saw %s, want %s", got, want)
	}
	if left := w.Unloads(); len(left) != 0 {
		t.Errorf("%d still run", len(left))
	}
}

// TestUnloadCancelled is cancelled when the first file has come, which does not stay.
func TestUnloadCancelled(t *testing.T) {
	store, w := unloading(t)
	ctx, cancel := context.WithCancel(t.Context())
	store.look = cancel
	_, err := answers(ctx, w, "unload ('select 1') to 's3://lake/x_' iam_role default manifest")
	if fault.CodeOf(err) != "57014" {
		t.Errorf("got %v", err)
	}
	for o, err := range bucket.All(t.Context(), store, "lake", "") {
		t.Errorf("%s stayed, %v", o.Key, err)
	}
	expect(t, w, "select status from sys_unload_history", "SELECT aborted")
}
