package dir_test

import (
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/buckettest"
	"github.com/stepwell/stepwell/bucket/dir"
)

func TestSuite(t *testing.T) {
	buckettest.Run(t, func(t *testing.T) (bucket.Store, string) {
		store := dir.New(t.TempDir(), nil)
		if err := store.Make("sales"); err != nil {
			t.Fatal(err)
		}
		return store, "sales"
	})
}
