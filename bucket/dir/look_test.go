package dir_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/fault"
)

func TestLookTellsWhoWrites(t *testing.T) {
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("inbox"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(store.Folder("inbox"), "a.csv")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("123"); err != nil {
		t.Fatal(err)
	}
	o, growth, err := store.Look(t.Context(), "inbox", "a.csv")
	if err != nil || o.Key != "a.csv" || o.Size != 3 || o.LastModified.IsZero() {
		t.Fatalf("got %+v, %v", o, err)
	}
	if runtime.GOOS != "linux" || growth == bucket.GrowthUnknown {
		t.Skip("this file system does not tell who writes")
	}
	if growth != bucket.GrowthOpen {
		t.Errorf("open for writing: got growth %d", growth)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if _, growth, err := store.Look(t.Context(), "inbox", "a.csv"); growth != bucket.GrowthClosed || err != nil {
		t.Errorf("closed: got growth %d, %v", growth, err)
	}
}

func TestLookAtNothing(t *testing.T) {
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("inbox"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ bucket, key, code string }{
		{"inbox", "nothing", bucket.CodeNoSuchKey}, {"inbox", "../x", bucket.CodeNoSuchKey}, {"nowhere", "a", bucket.CodeNoSuchBucket},
	} {
		if _, _, err := store.Look(t.Context(), c.bucket, c.key); fault.CodeOf(err) != c.code {
			t.Errorf("%s/%s: got %v", c.bucket, c.key, err)
		}
	}
}
