package dir_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/fault"
)

// Documents about a bucket are kept beside its objects, and are none of them.
func TestConfiguration(t *testing.T) {
	folder := t.TempDir()
	store := dir.New(folder, nil)
	if err := store.Make("sales"); err != nil {
		t.Fatal(err)
	}
	if text, err := store.Configuration(t.Context(), "sales", "tagging"); text != nil || err != nil {
		t.Errorf("a fresh bucket has %q, %v", text, err)
	}
	for _, want := range []string{"<a/>", "<b/>"} {
		if err := store.Configure(t.Context(), "sales", "tagging", []byte(want)); err != nil {
			t.Fatal(err)
		}
		if text, err := dir.New(folder, nil).Configuration(t.Context(), "sales", "tagging"); string(text) != want || err != nil {
			t.Errorf("kept %q, %v", text, err)
		}
	}
	page, err := store.List(t.Context(), "sales", bucket.Query{})
	if err != nil || len(page.Objects) != 0 {
		t.Errorf("objects %v, %v", page.Objects, err)
	}
	for range 2 {
		if err := store.Configure(t.Context(), "sales", "tagging", nil); err != nil {
			t.Error(err)
		}
	}
	if text, _ := store.Configuration(t.Context(), "sales", "tagging"); text != nil {
		t.Errorf("still there: %q", text)
	}
	if err := store.Configure(t.Context(), "none", "tagging", nil); fault.CodeOf(err) != bucket.CodeNoSuchBucket {
		t.Errorf("of no bucket: %v", err)
	}
	if _, err := store.Configuration(t.Context(), "none", "tagging"); fault.CodeOf(err) != bucket.CodeNoSuchBucket {
		t.Errorf("of no bucket: %v", err)
	}
}

// Other attributes leave the bytes, their time and their ETag alone.
func TestDescribe(t *testing.T) {
	folder := t.TempDir()
	store := dir.New(folder, nil)
	if err := store.Make("sales"); err != nil {
		t.Fatal(err)
	}
	before, err := store.Put(t.Context(), "sales", "a/b", strings.NewReader("x"), bucket.Attributes{ContentType: "text/csv"})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Describe(t.Context(), "sales", "a/b", bucket.Attributes{Tags: map[string]string{"team": "data"}}); err != nil {
		t.Fatal(err)
	}
	after, err := store.Head(t.Context(), "sales", "a/b")
	if err != nil || after.ContentType != "" || after.Tags["team"] != "data" || after.ETag != before.ETag || !after.LastModified.Equal(before.LastModified) {
		t.Errorf("%+v, %v", after, err)
	}
	if err := store.Describe(t.Context(), "sales", "none", bucket.Attributes{}); fault.CodeOf(err) != bucket.CodeNoSuchKey {
		t.Errorf("of no object: %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "sales", "none")); err == nil {
		t.Error("a description made an object")
	}
}

// Whoever asked is told what was written and deleted, and nothing that was not.
func TestTell(t *testing.T) {
	store := dir.New(t.TempDir(), nil)
	var told []string
	store.Tell(func(_ context.Context, c bucket.Change) {
		told = append(told, fmt.Sprint(c.Bucket, "/", c.Object.Key, " ", c.Object.Size, " ", c.Deleted))
	})
	if err := store.Make("sales"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), "sales", "a", strings.NewReader("xyz"), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), "sales", "../b", strings.NewReader("xyz"), bucket.Attributes{}); err == nil {
		t.Error("a key that leads out was written")
	}
	for _, key := range []string{"a", "a"} {
		if err := store.Delete(t.Context(), "sales", key); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Join(told, ", "); got != "sales/a 3 false, sales/a 0 true" {
		t.Errorf("told %s", got)
	}
}
