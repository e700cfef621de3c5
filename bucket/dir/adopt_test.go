package dir_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/fault"
)

// TestAdopt moves files into a bucket; what the store does not take stays where it is.
func TestAdopt(t *testing.T) {
	store, folder := dir.New(t.TempDir(), nil), t.TempDir()
	if err := store.Make("sales"); err != nil {
		t.Fatal(err)
	}
	told := 0
	store.Tell(func(context.Context, bucket.Change) { told++ })
	for _, test := range []struct {
		bucket, key, folder, code string
		taken                     bool
	}{
		{bucket: "sales", key: "a/b", folder: folder, taken: true},
		{bucket: "sales", key: "a/b", folder: folder, taken: true},
		{bucket: "sales", key: "a/../b", folder: folder, code: "InvalidArgument"},
		{bucket: "nowhere", key: "a", folder: folder, code: bucket.CodeNoSuchBucket},
		{bucket: "sales", key: "other", folder: "/dev/shm"},
	} {
		path := filepath.Join(test.folder, "stepwell-adopt-test")
		if err := os.WriteFile(path, []byte("text"), 0o600); err != nil {
			t.Logf("%s is not here: %v", test.folder, err)
			continue
		}
		o, ok, err := store.Adopt(t.Context(), test.bucket, test.key, path, bucket.Attributes{})
		if ok != test.taken || fault.CodeOf(err) != test.code || ok && (o.Size != 4 || o.Key != test.key) {
			t.Errorf("%s/%s: got %+v, %v, %v", test.bucket, test.key, o, ok, err)
		}
		if _, err := os.Stat(path); os.IsNotExist(err) != test.taken {
			t.Errorf("%s/%s: the file: %v", test.bucket, test.key, err)
		}
		_ = os.Remove(path)
	}
	o, err := store.Head(t.Context(), "sales", "a/b")
	if err != nil || o.ETag != "1cb251ec0d568de6a929b520c4aed8d1" || told != 2 {
		t.Errorf("got %+v, %v, told %d", o, err, told)
	}
}
