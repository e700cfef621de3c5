package dir_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/fault"
)

func names(t *testing.T, store *dir.Store) string {
	t.Helper()
	all, err := store.Buckets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range all {
		if b.Created.IsZero() {
			t.Errorf("%s was never made", b.Name)
		}
		names = append(names, b.Name)
	}
	return strings.Join(names, " ")
}

func TestBuckets(t *testing.T) {
	folder, mounted := t.TempDir(), t.TempDir()
	store := dir.New(folder, map[string]string{"etl-scripts": mounted, "nowhere": filepath.Join(mounted, "none")})
	for _, name := range []string{"sales", "archive"} {
		if err := store.Make(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "No Bucket"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got := names(t, store); got != "archive etl-scripts sales" {
		t.Errorf("the buckets are %s", got)
	}
}

func TestRemove(t *testing.T) {
	mounted := t.TempDir()
	store := dir.New(t.TempDir(), map[string]string{"etl-scripts": mounted})
	if err := store.Make("sales"); err != nil {
		t.Fatal(err)
	}
	about := bucket.Attributes{ContentType: "text/csv"}
	if _, err := store.Put(t.Context(), "sales", "a/b", strings.NewReader("x"), about); err != nil {
		t.Fatal(err)
	}
	if code := fault.CodeOf(store.Remove(t.Context(), "sales")); code != "BucketNotEmpty" {
		t.Errorf("a bucket with an object answers %q", code)
	}
	if err := store.Delete(t.Context(), "sales", "a/b"); err != nil {
		t.Fatal(err)
	}
	if err := store.Remove(t.Context(), "sales"); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{"sales": bucket.CodeNoSuchBucket, "etl-scripts": "AccessDenied", "../up": bucket.CodeNoSuchBucket} {
		if code := fault.CodeOf(store.Remove(t.Context(), name)); code != want {
			t.Errorf("%s answers %q, want %q", name, code, want)
		}
	}
	if _, err := os.Stat(mounted); err != nil {
		t.Error(err)
	}
}
