package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// TestCopy runs the files of testdata. Commands:
//
//	table            the columns of a CREATE TABLE
//	file key=a.txt   an object of the bucket b; \xNN is a byte, \r a carriage return, every line ends with LF; eof: not the last
//	clear            forget the objects
//	copy             a COPY; prints the rows, the rejected ones and the outcome
func TestCopy(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		store := &memoryStore{objects: map[string]string{}}
		var columns []syntax.Column
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "table":
				columns = parse[*syntax.CreateTable](t, "CREATE TABLE t ("+d.Input+")").Columns
			case "file":
				var key string
				d.ScanArgs(t, "key", &key)
				store.objects[key] = content(d)
			case "clear":
				clear(store.objects)
			case "copy":
				return copied(parse[*syntax.Copy](t, d.Input+credentials(d.Input)), columns, store)
			}
			return ""
		})
	})
}

func credentials(sql string) string {
	if strings.Contains(sql, "--bare") || strings.Contains(strings.ToUpper(sql), "CREDENTIALS") || strings.Contains(strings.ToUpper(sql), "IAM_ROLE") {
		return ""
	}
	return "\nIAM_ROLE default"
}

func parse[S syntax.Statement](t *testing.T, sql string) S {
	t.Helper()
	fragments, err := syntax.Split(sql)
	if err != nil {
		t.Fatal(err)
	}
	statement, err := syntax.Parse(fragments[0])
	if err != nil {
		t.Fatal(err)
	}
	return statement.(S)
}

func content(d *datadriven.TestData) string {
	text := strings.ReplaceAll(d.Input, `\r`, "\r")
	if !d.HasArg("eof") && text != "" {
		text += "\n"
	}
	for {
		before, after, found := strings.Cut(text, `\x`)
		if !found {
			return text
		}
		var b byte
		fmt.Sscanf(after[:2], "%02x", &b)
		text = before + string([]byte{b}) + after[2:]
	}
}

func copied(c *syntax.Copy, columns []syntax.Column, store bucket.Store) string {
	var out strings.Builder
	plan, err := NewPlan(c, columns)
	if err != nil {
		return err.Error() + " (" + fault.KindOf(err).String() + ")\n"
	}
	sink := &memorySink{}
	outcome, err := copyAll(context.Background(), plan, store, sink)
	slices.Sort(sink.rows)
	for _, row := range sink.rows {
		fmt.Fprintln(&out, row)
	}
	for _, r := range outcome.Rejections {
		fmt.Fprintf(&out, "rejected %s:%d column %q %s(%s) at %d, value %q of %q: %d %s\n", r.File, r.Line, r.Column, r.Type, r.Length, r.Position, r.RawValue, r.RawLine, r.Code, r.Reason)
	}
	if err != nil {
		return out.String() + "error " + fault.CodeOf(err) + " " + err.Error() + "\n"
	}
	for _, n := range outcome.Notices() {
		fmt.Fprintln(&out, n)
	}
	return out.String()
}

func copyAll(ctx context.Context, plan *Plan, store bucket.Store, sink Sink) (Outcome, error) {
	files, err := plan.Files(ctx, store)
	if err != nil {
		return Outcome{}, err
	}
	return plan.Load(ctx, store, sink, files, &Progress{})
}

// memorySink prints rows: texts in brackets, numbers bare.
type memorySink struct {
	mu   sync.Mutex
	rows []string
	fail error
}

func (m *memorySink) Append(_ context.Context, target Target, next func() (*Batch, error)) (int64, error) {
	for {
		b, err := next()
		if err != nil || b == nil {
			return int64(len(m.rows)), err
		}
		if m.fail != nil {
			return 0, m.fail
		}
		for i := range b.Rows {
			var cells []string
			for c, v := range b.Columns {
				cells = append(cells, target.Columns[c].Name+"="+shown(target.Columns[c], v, i))
			}
			m.rows = append(m.rows, strings.Join(cells, " "))
		}
	}
}

func shown(c TargetColumn, v Vector, i int) string {
	switch {
	case v.Null[i]:
		return "NULL"
	case c.Encoding == Decimal:
		digits := fmt.Sprintf("%0*d", c.Type.Args[1]+1, max(v.Integers[i], -v.Integers[i]))
		point := len(digits) - c.Type.Args[1]
		sign := ""
		if v.Integers[i] < 0 {
			sign = "-"
		}
		return strconv.Quote(strings.TrimSuffix(sign+digits[:point]+"."+digits[point:], "."))
	case c.Encoding == Float:
		bits := map[string]int{"real": 32, "double precision": 64}[c.Type.Name]
		return strconv.Quote(strconv.FormatFloat(math.Float64frombits(uint64(v.Integers[i])), 'g', -1, bits))
	case c.Encoding == Boolean:
		return strconv.Quote(strconv.FormatBool(v.Integers[i] == 1))
	case v.Ends != nil:
		return strconv.Quote(string(v.Text(i)))
	}
	return fmt.Sprint(v.Integers[i])
}

// memoryStore answers what COPY asks.
type memoryStore struct {
	bucket.Store
	objects map[string]string
}

func (m *memoryStore) List(_ context.Context, name string, query bucket.Query) (bucket.Page, error) {
	if name != "b" {
		return bucket.Page{}, bucket.NoSuchBucket(name)
	}
	var page bucket.Page
	for key, body := range m.objects {
		if strings.HasPrefix(key, query.Prefix) {
			page.Objects = append(page.Objects, bucket.Object{Key: key, Size: int64(len(body))})
		}
	}
	slices.SortFunc(page.Objects, func(a, b bucket.Object) int { return strings.Compare(a.Key, b.Key) })
	return page, nil
}

func (m *memoryStore) Head(_ context.Context, name, key string) (bucket.Object, error) {
	body, ok := m.objects[key]
	if !ok {
		return bucket.Object{}, bucket.NoSuchKey(name, key)
	}
	return bucket.Object{Key: key, Size: int64(len(body))}, nil
}

func (m *memoryStore) Open(ctx context.Context, name, key string) (io.ReadCloser, error) {
	if _, err := m.Head(ctx, name, key); err != nil {
		return nil, err
	}
	return io.NopCloser(strings.NewReader(m.objects[key])), nil
}

func intColumn() []syntax.Column {
	return []syntax.Column{{Name: "a", Type: syntax.Type{Name: "integer"}}, {Name: "s", Type: syntax.Type{Name: "character varying", Args: []int{20}}}}
}

// TestManyFiles loads files of more than one batch at the same time, and counts.
func TestManyFiles(t *testing.T) {
	store := &memoryStore{objects: map[string]string{}}
	for f := range 7 {
		var body bytes.Buffer
		for i := range 5000 {
			fmt.Fprintf(&body, "%d|row %d\n", i, i)
		}
		store.objects[fmt.Sprintf("p/%d", f)] = body.String()
	}
	plan, err := NewPlan(parse[*syntax.Copy](t, "COPY t FROM 's3://b/p/' IAM_ROLE default"), intColumn())
	if err != nil {
		t.Fatal(err)
	}
	sink := &memorySink{}
	outcome, err := copyAll(context.Background(), plan, store, sink)
	if err != nil || outcome.Loaded != 35000 || len(outcome.Files) != 7 || outcome.Files[6].Lines != 5000 || outcome.Files[6].Rows != 5000 || outcome.Files[6].Key != "p/6" {
		t.Errorf("%d loaded, files %v, %v", outcome.Loaded, outcome.Files, err)
	}
}

// TestStops checks that a failing sink and a cancelled context end the load with their own error.
func TestStops(t *testing.T) {
	store := &memoryStore{objects: map[string]string{"p": strings.Repeat("1|x\n", 100_000)}}
	plan, err := NewPlan(parse[*syntax.Copy](t, "COPY t FROM 's3://b/p' IAM_ROLE default"), intColumn())
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	if _, err := copyAll(context.Background(), plan, store, &memorySink{fail: full}); !errors.Is(err, full) {
		t.Errorf("sink: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := copyAll(ctx, plan, store, &memorySink{}); err == nil {
		t.Error("a cancelled context gave no error")
	}
}

func TestMasked(t *testing.T) {
	for _, test := range []struct{ sql, want string }{
		{"copy t from 's3://b/k' credentials as 'aws_access_key_id=A;aws_secret_access_key=S' csv quote as '%'",
			"copy t from 's3://b/k' credentials as '***' csv quote as '%'"},
		{"COPY t FROM 's3://b/k' ACCESS_KEY_ID 'A' SECRET_ACCESS_KEY 'S' SESSION_TOKEN 'T'",
			"COPY t FROM 's3://b/k' ACCESS_KEY_ID '***' SECRET_ACCESS_KEY '***' SESSION_TOKEN '***'"},
		{"COPY t FROM 's3://b/k' IAM_ROLE 'arn:aws:iam::1:role/r'", "COPY t FROM 's3://b/k' IAM_ROLE 'arn:aws:iam::1:role/r'"},
	} {
		if got := Masked(parse[*syntax.Copy](t, "\n "+test.sql).Fragment); got != test.want {
			t.Errorf("got %s", got)
		}
	}
}
