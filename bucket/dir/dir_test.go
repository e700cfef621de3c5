package dir_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/fault"
)

var ctx = context.Background()

// TestTraces runs the commands of testdata on one store per file.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		folder := t.TempDir()
		store := dir.New(filepath.Join(folder, "buckets"), map[string]string{"mounted": filepath.Join(folder, "scripts")})
		if err := os.MkdirAll(filepath.Join(folder, "scripts", "sql"), 0o755); err != nil {
			t.Fatal(err)
		}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			out, err := command(t, store, folder, d)
			if err != nil {
				text := strings.ReplaceAll(err.Error(), folder, "FOLDER")
				return fmt.Sprintf("%s %s: %s\n", fault.KindOf(err), fault.CodeOf(err), text)
			}
			return out
		})
	})
}

func command(t *testing.T, store *dir.Store, folder string, d *datadriven.TestData) (string, error) {
	var name, key, prefix, delimiter, after, contentType string
	var max int
	d.MaybeScanArgs(t, "bucket", &name)
	d.MaybeScanArgs(t, "key", &key)
	d.MaybeScanArgs(t, "prefix", &prefix)
	d.MaybeScanArgs(t, "delimiter", &delimiter)
	d.MaybeScanArgs(t, "after", &after)
	d.MaybeScanArgs(t, "max", &max)
	d.MaybeScanArgs(t, "type", &contentType)
	switch d.Cmd {
	case "make":
		return "", store.Make(name)
	case "file": // put there by other means
		return "", os.WriteFile(filepath.Join(folder, filepath.FromSlash(key)), []byte(d.Input), 0o644)
	case "put":
		o, err := store.Put(ctx, name, key, strings.NewReader(d.Input), bucket.Attributes{ContentType: contentType})
		return show(o), err
	case "get":
		return read(store, name, key)
	case "head":
		o, err := store.Head(ctx, name, key)
		return show(o), err
	case "delete":
		return "", store.Delete(ctx, name, key)
	case "list":
		return list(store, name, bucket.Query{Prefix: prefix, Delimiter: delimiter, StartAfter: after, MaxKeys: max, ETag: true})
	}
	d.Fatalf(t, "unknown command %s", d.Cmd)
	return "", nil
}

func show(o bucket.Object) string {
	return strings.TrimSpace(fmt.Sprintf("%s %d %s %s", o.Key, o.Size, o.ETag, o.ContentType)) + "\n"
}

func read(store *dir.Store, name, key string) (string, error) {
	r, err := store.Open(ctx, name, key)
	if err != nil {
		return "", err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	return string(text) + "\n", err
}

// list prints every page.
func list(store *dir.Store, name string, q bucket.Query) (string, error) {
	var out strings.Builder
	for {
		page, err := store.List(ctx, name, q)
		if err != nil {
			return "", err
		}
		for _, o := range page.Objects {
			out.WriteString(show(o))
		}
		for _, p := range page.CommonPrefixes {
			fmt.Fprintf(&out, "%s (prefix)\n", p)
		}
		if page.Next == "" {
			return out.String(), nil
		}
		fmt.Fprintf(&out, "next %s\n", page.Next)
		q.Next = page.Next
	}
}

// Nothing outside a bucket's folder can be reached, by whatever key or link.
func TestNoEscape(t *testing.T) {
	folder := t.TempDir()
	store := dir.New(folder, nil)
	if err := store.Make("inside"); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(folder, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"file": secret, "up": "..", "absolute": folder} {
		if err := os.Symlink(target, filepath.Join(folder, "inside", link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"../secret", "/" + secret, secret, "a/../../secret", "file", "up/secret", "absolute/secret", "..", ".",
		"", "a//b", "a/", "./a", ".stepwell/x", "a\x00b", `..\secret`} {
		if r, err := store.Open(ctx, "inside", key); err == nil {
			r.Close()
			t.Errorf("open %q: no error", key)
		}
		if _, err := store.Put(ctx, "inside", key, strings.NewReader("x"), bucket.Attributes{}); err == nil && key != "file" {
			t.Errorf("put %q: no error", key)
		}
		if err := store.Delete(ctx, "inside", key); err != nil && fault.KindOf(err) == fault.NotFound {
			t.Errorf("delete %q: %v", key, err)
		}
	}
	if text, err := os.ReadFile(secret); err != nil || string(text) != "secret" {
		t.Errorf("the file outside is %q, %v", text, err)
	}
	for _, name := range []string{"..", "", "inside/..", "INSIDE"} {
		if _, err := store.List(ctx, name, bucket.Query{}); fault.CodeOf(err) != bucket.CodeNoSuchBucket {
			t.Errorf("bucket %q: %v", name, err)
		}
	}
}

// A writer that fails in the middle leaves the old object and no trace.
func TestPutIsAtomic(t *testing.T) {
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("bucket"); err != nil {
		t.Fatal(err)
	}
	put := func(r io.Reader) error {
		_, err := store.Put(ctx, "bucket", "k", r, bucket.Attributes{})
		return err
	}
	if err := put(strings.NewReader("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if err := put(io.MultiReader(strings.NewReader("new"), failing{broken})); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	if text, err := read(store, "bucket", "k"); text != "old\n" {
		t.Errorf("got %q, %v", text, err)
	}
	if out, _ := list(store, "bucket", bucket.Query{}); strings.Count(out, "\n") != 1 {
		t.Errorf("listing:\n%s", out)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// Listing in pages of any size gives the keys in the order of their bytes, each once.
func TestListOrder(t *testing.T) {
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("bucket"); err != nil {
		t.Fatal(err)
	}
	keys := []string{"a.txt", "a/b", "a/b.c", "a0", "a-b/c", "b/a/a", "b/a.a", "b/a0", "é", "z"}
	for _, key := range keys {
		if _, err := store.Put(ctx, "bucket", key, strings.NewReader(key), bucket.Attributes{}); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(keys)
	for size := range len(keys) + 1 {
		var got []string
		q := bucket.Query{MaxKeys: size}
		for {
			page, err := store.List(ctx, "bucket", q)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Objects {
				got = append(got, o.Key)
			}
			if q.Next = page.Next; q.Next == "" {
				break
			}
		}
		if !slices.Equal(got, keys) {
			t.Errorf("pages of %d: %v", size, got)
		}
	}
	var all []string
	for o, err := range bucket.All(ctx, store, "bucket", "b/") {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, o.Key)
	}
	if want := []string{"b/a.a", "b/a/a", "b/a0"}; !slices.Equal(all, want) {
		t.Errorf("All: %v", all)
	}
}
