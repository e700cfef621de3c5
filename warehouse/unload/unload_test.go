package unload_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/unload"
)

func plan(t *testing.T, options string) *unload.Plan {
	t.Helper()
	fragments, err := syntax.Split("unload ('select 1') to 's3://lake/x/' iam_role default " + options)
	if err != nil {
		t.Fatal(err)
	}
	statement, err := syntax.Parse(fragments[0])
	if err != nil {
		t.Fatal(err)
	}
	p, err := unload.NewPlan(statement.(*syntax.Unload))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func lake(t *testing.T) *dir.Store {
	t.Helper()
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("lake"); err != nil {
		t.Fatal(err)
	}
	return store
}

var columns = []unload.Column{{Name: "day", Type: "varchar", Text: text}, {Name: "note", Type: "varchar", Text: text}}

func text(v any) (string, bool) { s, ok := v.(string); return s, ok }

// write unloads rows of 1,000 bytes: days of rows rows each.
func write(t *testing.T, ctx context.Context, p *unload.Plan, store bucket.Store, days, rows int) (unload.Outcome, error) {
	t.Helper()
	w, err := p.Open(ctx, store, columns)
	if err != nil {
		t.Fatal(err)
	}
	note := strings.Repeat("n", 1000)
	for day := range days {
		for range rows {
			if err := w.Row([]any{fmt.Sprint(day), note}); err != nil {
				return unload.Outcome{}, w.Abort(err)
			}
		}
	}
	return w.Close()
}

func keys(t *testing.T, store bucket.Store) (keys []string) {
	t.Helper()
	for o, err := range bucket.All(context.Background(), store, "lake", "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	return keys
}

// full is a store that takes some objects and no more.
type full struct {
	bucket.Store
	left  atomic.Int32
	cause error
}

func (f *full) Put(ctx context.Context, name, key string, body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	if f.left.Add(-1) < 0 {
		if _, err := io.CopyN(io.Discard, body, 10); err != nil {
			return bucket.Object{}, err
		}
		return bucket.Object{}, f.cause
	}
	return f.Store.Put(ctx, name, key, body, about)
}

// Whatever object fails, nothing of the others stays.
func TestNothingStays(t *testing.T) {
	for _, options := range []string{"maxfilesize 5 mb", "maxfilesize 5 mb parallel off csv", "partition by (day) json gzip manifest"} {
		whole := lake(t)
		outcome, err := write(t, t.Context(), plan(t, options), whole, 6, 4000)
		if err != nil || outcome.Rows != 24000 {
			t.Fatalf("%s: %d rows, %v", options, outcome.Rows, err)
		}
		for taken := range len(keys(t, whole)) {
			store := &full{Store: lake(t), cause: errors.New("no room")}
			store.left.Store(int32(taken))
			if _, err := write(t, t.Context(), plan(t, options), store, 6, 4000); !errors.Is(err, store.cause) {
				t.Errorf("%s, %d objects: %v", options, taken, err)
			}
			if left := keys(t, store); len(left) != 0 {
				t.Errorf("%s, %d objects: %q stayed", options, taken, left)
			}
		}
	}
}

// cancelling is a store that has its writer cancelled when an object comes.
type cancelling struct {
	bucket.Store
	left   atomic.Int32
	cancel func()
}

func (c *cancelling) Put(ctx context.Context, name, key string, body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	if c.left.Add(-1) < 0 {
		c.cancel()
	}
	return c.Store.Put(ctx, name, key, body, about)
}

func TestCancelled(t *testing.T) {
	for taken := range 4 {
		ctx, cancel := context.WithCancel(t.Context())
		store := &cancelling{Store: lake(t), cancel: cancel}
		store.left.Store(int32(taken))
		if _, err := write(t, ctx, plan(t, "maxfilesize 5 mb"), store, 6, 4000); !errors.Is(err, context.Canceled) {
			t.Errorf("%d objects: %v", taken, err)
		}
		if left := keys(t, store); len(left) != 0 {
			t.Errorf("%d objects: %q stayed", taken, left)
		}
	}
}
