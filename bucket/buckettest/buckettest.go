// Package buckettest is the suite that every driver of bucket.Store must pass. A driver's test calls Run with a function
// that opens a store with an empty bucket:
//
//	buckettest.Run(t, func(t *testing.T) (bucket.Store, string) { … })
package buckettest

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Run runs the suite; open is called once for each test.
func Run(t *testing.T, open func(t *testing.T) (bucket.Store, string)) {
	for name, test := range map[string]func(*suite){
		"objects": (*suite).objects, "ranges": (*suite).ranges, "missing": (*suite).missing, "refused": (*suite).refused, "keys": (*suite).keys, "large": (*suite).large,
		"replaced": (*suite).replaced, "broken": (*suite).broken, "pages": (*suite).pages, "folders": (*suite).folders, "cancelled": (*suite).cancelled,
	} {
		t.Run(name, func(t *testing.T) {
			store, bucket := open(t)
			test(&suite{T: t, store: store, bucket: bucket})
		})
	}
}

type suite struct {
	*testing.T
	store  bucket.Store
	bucket string
}

func (s *suite) put(key, text string, about bucket.Attributes) bucket.Object {
	s.Helper()
	o, err := s.store.Put(s.Context(), s.bucket, key, strings.NewReader(text), about)
	if err != nil {
		s.Fatalf("put %q: %v", key, err)
	}
	return o
}

func (s *suite) read(key string) string {
	s.Helper()
	r, err := s.store.Open(s.Context(), s.bucket, key)
	if err != nil {
		s.Fatalf("open %q: %v", key, err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		s.Fatalf("read %q: %v", key, err)
	}
	return string(text)
}

func (s *suite) list(q bucket.Query) (keys []string) {
	s.Helper()
	for {
		page, err := s.store.List(s.Context(), s.bucket, q)
		if err != nil {
			s.Fatal(err)
		}
		if size := len(page.Objects) + len(page.CommonPrefixes); q.MaxKeys > 0 && size > q.MaxKeys {
			s.Errorf("a page has %d entries, more than %d", size, q.MaxKeys)
		}
		for _, o := range page.Objects {
			keys = append(keys, o.Key)
		}
		keys = append(keys, page.CommonPrefixes...)
		if q.Next = page.Next; q.Next == "" {
			return keys
		}
	}
}

func (s *suite) code(what string, err error, want string) {
	s.Helper()
	if fault.CodeOf(err) != want {
		s.Errorf("%s: got %v, want the code %s", what, err, want)
	}
}

// objects are stored, replaced and deleted as wholes, with what their writers say about them.
func (s *suite) objects() {
	about := bucket.Attributes{ContentType: "text/csv", Metadata: map[string]string{"source": "till"}}
	for _, text := range []string{"a,b\n", "", "longer,than,before\n"} {
		put := s.put("in/a.csv", text, about)
		sum := md5.Sum([]byte(text))
		etag := hex.EncodeToString(sum[:])
		head, err := s.store.Head(s.Context(), s.bucket, "in/a.csv")
		if err != nil {
			s.Fatal(err)
		}
		for _, o := range []bucket.Object{put, head} {
			if o.Key != "in/a.csv" || o.Size != int64(len(text)) || o.ETag != etag || o.ContentType != "text/csv" || !maps.Equal(o.Metadata, about.Metadata) {
				s.Errorf("got %+v, want size %d, ETag %s and %+v", o, len(text), etag, about)
			}
		}
		if head.LastModified.IsZero() {
			s.Error("it was never modified")
		}
		if got := s.read("in/a.csv"); got != text {
			s.Errorf("got %q, want %q", got, text)
		}
	}
	if err := s.store.Delete(s.Context(), s.bucket, "in/a.csv"); err != nil {
		s.Fatal(err)
	}
	_, err := s.store.Head(s.Context(), s.bucket, "in/a.csv")
	s.code("head of what is deleted", err, bucket.CodeNoSuchKey)
	if keys := s.list(bucket.Query{}); len(keys) != 0 {
		s.Errorf("the bucket still has %q", keys)
	}
}

// ranges of an object can be read where the reader is able to.
func (s *suite) ranges() {
	s.put("k", "0123456789", bucket.Attributes{})
	r, err := s.store.Open(s.Context(), s.bucket, "k")
	if err != nil {
		s.Fatal(err)
	}
	defer r.Close()
	ranged, ok := r.(bucket.Ranged)
	if !ok {
		s.Skip("this store reads objects only from front to end")
	}
	if size, err := ranged.Size(); size != 10 || err != nil {
		s.Errorf("the size is %d, %v", size, err)
	}
	for _, c := range []struct {
		at, length int
		want       string
		err        error
	}{{7, 2, "78", nil}, {0, 3, "012", nil}, {8, 2, "89", nil}, {8, 5, "89", io.EOF}, {10, 1, "", io.EOF}} {
		b := make([]byte, c.length)
		n, err := ranged.ReadAt(b, int64(c.at))
		if got := string(b[:n]); got != c.want || !(err == c.err || c.at+c.length == 10 && err == io.EOF) {
			s.Errorf("%d bytes at %d: %q, %v", c.length, c.at, got, err)
		}
	}
}

// missing objects and buckets have S3's names for that.
func (s *suite) missing() {
	for name, want := range map[string]string{s.bucket: bucket.CodeNoSuchKey, "no-such-bucket": bucket.CodeNoSuchBucket} {
		_, err := s.store.Open(s.Context(), name, "k")
		s.code("open in "+name, err, want)
		_, err = s.store.Head(s.Context(), name, "k")
		s.code("head in "+name, err, want)
	}
	_, err := s.store.List(s.Context(), "no-such-bucket", bucket.Query{})
	s.code("list", err, bucket.CodeNoSuchBucket)
	_, err = s.store.Put(s.Context(), "no-such-bucket", "k", strings.NewReader("x"), bucket.Attributes{})
	s.code("put", err, bucket.CodeNoSuchBucket)
	s.code("delete", s.store.Delete(s.Context(), "no-such-bucket", "k"), bucket.CodeNoSuchBucket)
	if err := s.store.Delete(s.Context(), s.bucket, "k"); err != nil {
		s.Errorf("delete what is not there: %v", err)
	}
}

// refused are keys that no store has.
func (s *suite) refused() {
	for _, key := range []string{"", strings.Repeat("k", 1025)} {
		if _, err := s.store.Put(s.Context(), s.bucket, key, strings.NewReader("x"), bucket.Attributes{}); fault.KindOf(err) != fault.Invalid {
			s.Errorf("a key of %d bytes: %v", len(key), err)
		}
	}
}

// keys may have characters that mean something in URLs, shells and XML.
func (s *suite) keys() {
	keys := []string{"a b.csv", "d=2024-01-01/c=%20/x", "é/ü.txt", "plus+and&amp", "q?x=1#y", "semi;colon,comma", "quote'\"", "tilde~/[x]"}
	for _, key := range keys {
		s.put(key, "text of "+key, bucket.Attributes{})
	}
	slices.Sort(keys)
	if got := s.list(bucket.Query{}); !slices.Equal(got, keys) {
		s.Errorf("listed %q, want %q", got, keys)
	}
	for _, key := range keys {
		if got := s.read(key); got != "text of "+key {
			s.Errorf("%q has %q", key, got)
		}
	}
}

// large objects go in parts where a store has them.
func (s *suite) large() {
	text := make([]byte, 20<<20+17)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(text)
	o, err := s.store.Put(s.Context(), s.bucket, "large", io.MultiReader(bytes.NewReader(text[:5]), bytes.NewReader(text[5:])), bucket.Attributes{ContentType: "x/y"})
	if err != nil || o.Size != int64(len(text)) {
		s.Fatalf("got %+v, %v", o, err)
	}
	if head, err := s.store.Head(s.Context(), s.bucket, "large"); err != nil || head.ETag != o.ETag || head.Size != o.Size || head.ContentType != "x/y" {
		s.Errorf("head says %+v, %v; put said %+v", head, err, o)
	}
	if got := s.read("large"); got != string(text) {
		s.Error("other bytes came back")
	}
}

// replaced while it is read, an object gives its old bytes or an error and never a mixture.
func (s *suite) replaced() {
	before, after := strings.Repeat("old ", 3<<20), strings.Repeat("new!", 3<<20)
	s.put("k", before, bucket.Attributes{})
	r, err := s.store.Open(s.Context(), s.bucket, "k")
	if err != nil {
		s.Fatal(err)
	}
	defer r.Close()
	s.put("k", after, bucket.Attributes{})
	if text, err := io.ReadAll(r); err == nil && string(text) != before {
		s.Error("the reader saw something else than the old bytes, without an error")
	}
	if s.read("k") != after {
		s.Error("a new reader does not see the new bytes")
	}
}

// broken writers leave what was there before.
func (s *suite) broken() {
	s.put("k", "old", bucket.Attributes{})
	cause := errors.New("broken")
	for _, size := range []int{3, 20 << 20} {
		body := io.MultiReader(strings.NewReader(strings.Repeat("n", size)), failing{cause})
		if _, err := s.store.Put(s.Context(), s.bucket, "k", body, bucket.Attributes{}); !errors.Is(err, cause) {
			s.Errorf("behind %d bytes: got %v", size, err)
		}
	}
	if got := s.read("k"); got != "old" {
		s.Errorf("got %d bytes", len(got))
	}
	if keys := s.list(bucket.Query{}); !slices.Equal(keys, []string{"k"}) {
		s.Errorf("the bucket has %q", keys)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// pages of any size have all keys in the order of their bytes.
func (s *suite) pages() {
	keys := []string{"a.txt", "a/b", "a/b.c", "a0", "a-b/c", "b/a/a", "b/a.a", "b/a0", "z"}
	for _, key := range keys {
		s.put(key, key, bucket.Attributes{})
	}
	slices.Sort(keys)
	for size := range len(keys) + 1 {
		if got := s.list(bucket.Query{MaxKeys: size}); !slices.Equal(got, keys) {
			s.Errorf("pages of %d: %q", size, got)
		}
	}
	if got := s.list(bucket.Query{Prefix: "b/a", MaxKeys: 2}); !slices.Equal(got, []string{"b/a.a", "b/a/a", "b/a0"}) {
		s.Errorf("below b/a: %q", got)
	}
	if got := s.list(bucket.Query{StartAfter: "a/b"}); !slices.Equal(got, keys[slices.Index(keys, "a/b")+1:]) {
		s.Errorf("behind a/b: %q", got)
	}
	for o, err := range bucket.All(s.Context(), s.store, s.bucket, "z") {
		if err != nil || o.Size != 1 || o.LastModified.IsZero() {
			s.Errorf("got %+v, %v", o, err)
		}
	}
}

// folders fold keys that have the delimiter.
func (s *suite) folders() {
	for _, key := range []string{"2024/01/a", "2024/02/a", "2024/02/b", "2024/x"} {
		s.put(key, "", bucket.Attributes{})
	}
	for size := range 4 {
		got := s.list(bucket.Query{Prefix: "2024/", Delimiter: "/", MaxKeys: size})
		slices.Sort(got)
		if !slices.Equal(got, []string{"2024/01/", "2024/02/", "2024/x"}) {
			s.Errorf("pages of %d: %q", size, got)
		}
	}
}

// cancelled writers leave nothing.
func (s *suite) cancelled() {
	ctx, cancel := context.WithCancel(s.Context())
	body := io.MultiReader(strings.NewReader(strings.Repeat("n", 20<<20)), ending{cancel})
	if _, err := s.store.Put(ctx, s.bucket, "k", body, bucket.Attributes{}); err == nil {
		s.Error("no error")
	}
	if keys := s.list(bucket.Query{}); len(keys) != 0 {
		s.Errorf("the bucket has %q", keys)
	}
}

// ending cancels the context of its reader and fails.
type ending struct{ cancel func() }

func (e ending) Read([]byte) (int, error) {
	e.cancel()
	return 0, context.Canceled
}
