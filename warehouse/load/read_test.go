package load

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

func statementOf(t *testing.T, options string) *syntax.Copy {
	t.Helper()
	return parse[*syntax.Copy](t, "COPY t FROM 's3://b/p' IAM_ROLE default "+options)
}

// changingStore changes while it is read.
type changingStore struct {
	memoryStore
	// opened is called with each object that is opened.
	opened func(key string) (io.ReadCloser, error)
}

func (c *changingStore) Open(ctx context.Context, name, key string) (io.ReadCloser, error) {
	if c.opened != nil {
		if r, err := c.opened(key); r != nil || err != nil {
			return r, err
		}
	}
	return c.memoryStore.Open(ctx, name, key)
}

// rewritten is a file that is written whenever somebody looks at it.
type rewritten struct {
	io.Reader
	fs.FileInfo
	looks int64
}

func (r *rewritten) Stat() (fs.FileInfo, error) {
	r.looks++
	return &rewritten{looks: r.looks}, nil
}

func (r *rewritten) Size() int64        { return 0 }
func (r *rewritten) ModTime() time.Time { return time.Unix(r.looks, 0) }
func (r *rewritten) Close() error       { return nil }

// TestFilesThatChange checks what a COPY says of a file that was replaced, one that went away and a store that did.
func TestFilesThatChange(t *testing.T) {
	large := strings.Repeat("1|x\n", blockSize/2)
	for _, test := range []struct {
		name   string
		opened func(c *changingStore) func(key string) (io.ReadCloser, error)
		kind   fault.Kind
		want   string
	}{
		{"another size", func(c *changingStore) func(string) (io.ReadCloser, error) {
			return func(key string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("1|x\n")), nil }
		}, fault.Conflict, "s3://b/p1: the file was replaced while it was read: it had 2097152 bytes, 4 were read"},
		{"another time", func(c *changingStore) func(string) (io.ReadCloser, error) {
			return func(key string) (io.ReadCloser, error) { return &rewritten{Reader: strings.NewReader(large)}, nil }
		}, fault.Conflict, "s3://b/p1: the file was replaced while it was read: it was written at 1970-01-01T00:00:01Z and again at 1970-01-01T00:00:02Z"},
		{"gone", func(c *changingStore) func(string) (io.ReadCloser, error) {
			return func(key string) (io.ReadCloser, error) { return nil, bucket.NoSuchKey("b", key) }
		}, fault.NotFound, "1:13: The specified key does not exist: s3://b/p1"},
		{"no bucket", func(c *changingStore) func(string) (io.ReadCloser, error) {
			return func(key string) (io.ReadCloser, error) { return nil, bucket.NoSuchBucket("b") }
		}, fault.NotFound, "1:13: The specified bucket does not exist: b"},
		{"busy", func(c *changingStore) func(string) (io.ReadCloser, error) {
			return func(key string) (io.ReadCloser, error) {
				return io.NopCloser(readerFunc(func([]byte) (int, error) { return 0, fault.New(fault.Throttled, "slow down") })), nil
			}
		}, fault.Throttled, "slow down"},
	} {
		store := &changingStore{memoryStore: memoryStore{objects: map[string]string{"p1": large}}}
		store.opened = test.opened(store)
		plan, err := NewPlan(statementOf(t, "MAXERROR 100 "+map[string]string{"busy": "GZIP"}[test.name]), intColumn())
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := copyAll(t.Context(), plan, store, &memorySink{})
		if err == nil || err.Error() != test.want || fault.KindOf(err) != test.kind {
			t.Errorf("%s: got %v (%s), want %s (%s)", test.name, err, fault.KindOf(err), test.want, test.kind)
		}
		f := outcome.Files[0]
		if ofStore := test.name == "no bucket" || test.name == "busy"; (f.Problem == nil && f.Errors == 0) != ofStore {
			t.Errorf("%s: the problem of the file is %v, it has %d errors", test.name, f.Problem, f.Errors)
		}
	}
}

// TestSlowFile lets one file end only when all others were read: their errors are told, all of them.
func TestSlowFile(t *testing.T) {
	store := &changingStore{memoryStore: memoryStore{objects: map[string]string{"p0": "1|x\n"}}}
	for i := range 9 {
		store.objects[fmt.Sprintf("p%d", i+1)] = "1|x\nbad|x\n"
	}
	var progress Progress
	store.opened = func(key string) (io.ReadCloser, error) {
		if key != "p0" {
			return nil, nil
		}
		return io.NopCloser(readerFunc(func(b []byte) (int, error) {
			if progress.Done().FilesDone == 9 {
				return 0, io.EOF
			}
			return 0, nil
		})), nil
	}
	plan, err := NewPlan(statementOf(t, ""), intColumn())
	if err != nil {
		t.Fatal(err)
	}
	files, err := plan.Files(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := plan.Load(t.Context(), store, &memorySink{}, files, &progress)
	if err == nil || len(outcome.Rejections) != 9 {
		t.Errorf("%d rejections, %v", len(outcome.Rejections), err)
	}
	for i, r := range outcome.Rejections {
		if r.File != fmt.Sprintf("s3://b/p%d", i+1) || r.Line != 2 {
			t.Errorf("rejection %d is of %s:%d", i, r.File, r.Line)
		}
	}
}

type readerFunc func(b []byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// TestProgress counts what was done.
func TestProgress(t *testing.T) {
	store := &memoryStore{objects: map[string]string{"p1": gzipped(t, "1|a\n2|b\n"), "p2": gzipped(t, "3|c\n")}}
	plan, err := NewPlan(statementOf(t, "GZIP"), intColumn())
	if err != nil {
		t.Fatal(err)
	}
	files, err := plan.Files(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	var progress Progress
	if _, err := plan.Load(t.Context(), store, &memorySink{}, files, &progress); err != nil {
		t.Fatal(err)
	}
	size := files[0].Size + files[1].Size
	done := progress.Done()
	done.File = ""
	if want := (Done{Files: 2, FilesDone: 2, Size: size, Read: size, Plain: 12, Lines: 3, Rows: 3}); done != want {
		t.Errorf("got %+v, want %+v", done, want)
	}
}
