// Package warehousetest is the corpus of SQL scripts that every backend of the warehouse must answer in the same way. A
// driver's test calls Run with a function that opens an empty backend:
//
//	warehousetest.Run(t, func(t *testing.T) warehouse.Backend { … })
//
// A file of testdata is one empty warehouse. Its directives:
//
//	sql [session=NAME] [token=T] [name=VALUE …]   runs the text and prints answers, notices and the error
//	batch [session=NAME] [token=T]                 runs the statements as one transaction
//	start session=NAME                             runs the text in the background; returns once it has ended or waits for a lock
//	finish session=NAME                            waits for the text in the background and prints its answers
//	cancel session=NAME                            cancels the text in the background and prints its answers
//	done token=T                                   asks whether the batch was committed
//	object key=BUCKET/KEY [gzip] [zstd] [hex] [bare]   puts an object for COPY: packed, of hexadecimal digits, without a last line end
//	forget key=BUCKET/KEY                          deletes an object
//	list key=BUCKET/PREFIX [bytes]                 prints the keys of objects, and how many bytes they have
//	show key=BUCKET/KEY                            prints an object's text, unpacked if its key ends in .gz, .bz2 or .zst
//	bucket key=BUCKET                              makes an empty bucket
//	record [inner]                                 prints the record of statements, also those of procedures
//	lineage                                        prints where the data of tables came from, and who wrote them last
//
// The files of testdata/load read and write objects; RunLoads runs those that a store could change on another one.
package warehousetest

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// Buckets is a store of objects that can make buckets.
type Buckets interface {
	bucket.Store
	Make(name string) error
}

// Run runs the corpus, which stands beside the driver's folder, on fresh backends, with objects in folders.
func Run(t *testing.T, open func(t *testing.T) warehouse.Backend) {
	walk(t, "../warehousetest/testdata", open, func(t *testing.T) Buckets { return dir.New(t.TempDir(), nil) })
}

// RunLoads runs the part of the corpus that is about objects, not their contents; buckets returns an empty store.
func RunLoads(t *testing.T, open func(t *testing.T) warehouse.Backend, buckets func(t *testing.T) Buckets) {
	walk(t, "../warehousetest/testdata/load", open, func(t *testing.T) Buckets {
		_, name, _ := strings.Cut(t.Name(), "/")
		if slices.Contains(contents, name) {
			t.Skip("the same in every store")
		}
		return buckets(t)
	})
}

// contents are the files of testdata/load about the text in objects, which the store of the objects does not change.
var contents = []string{"columns", "convert", "csv", "encoding", "fixedwidth", "view",
	"unload_csv", "unload_json", "unload_query", "unload_text", "unload_types", "unload_view"}

func walk(t *testing.T, folder string, open func(t *testing.T) warehouse.Backend, buckets func(t *testing.T) Buckets) {
	datadriven.Walk(t, folder, func(t *testing.T, path string) {
		objects := buckets(t)
		f := newFile(t, open(t), objects)
		datadriven.RunTest(t, path, f.run)
	})
}

type file struct {
	warehouse *warehouse.Warehouse
	buckets   Buckets
	sessions  map[string]*warehouse.Session
	running   map[string]*background
	waiting   chan string
}

// background is a text that runs beside the script.
type background struct {
	cancel context.CancelFunc
	output chan string
}

func newFile(t *testing.T, backend warehouse.Backend, buckets Buckets) *file {
	f := &file{buckets: buckets, sessions: map[string]*warehouse.Session{}, running: map[string]*background{}, waiting: make(chan string, 1)}
	w, err := warehouse.Open(t.Context(), backend, warehouse.Options{Buckets: f.buckets,
		Waiting: func(table string, m lock.Mode) { f.waits(fmt.Sprintf("(waits for %s on %s)\n", m, table)) }})
	if err != nil {
		t.Fatal(err)
	}
	f.warehouse = w
	t.Cleanup(func() { f.close(t) })
	return f
}

func (f *file) close(t *testing.T) {
	for _, b := range f.running {
		b.cancel()
		<-b.output
	}
	for name, s := range f.sessions {
		if err := s.Close(); err != nil {
			t.Errorf("close session %s: %s", name, err)
		}
	}
	if err := f.warehouse.Close(); err != nil {
		t.Errorf("close the warehouse: %s", err)
	}
}

func (f *file) run(t *testing.T, d *datadriven.TestData) string {
	name, run := "main", warehouse.Run{}
	for _, argument := range d.CmdArgs {
		switch argument.Key {
		case "session":
			name = argument.Vals[0]
		case "token":
			run.Token = argument.Vals[0]
		case "key", "gzip", "zstd", "hex", "bare", "bytes", "inner":
		default:
			if run.Parameters == nil {
				run.Parameters = map[string]string{}
			}
			run.Parameters[argument.Key] = argument.Vals[0]
		}
	}
	switch d.Cmd {
	case "sql":
		return f.sql(t.Context(), f.session(t, name), d.Input, run)
	case "batch":
		return f.batch(t, f.session(t, name), d.Input, run)
	case "start":
		return f.start(t, name, d.Input, run)
	case "finish", "cancel":
		return f.finish(name, d.Cmd == "cancel")
	case "done":
		done, err := f.warehouse.Done(t.Context(), run.Token)
		return fmt.Sprintln(done, err)
	case "object":
		return f.object(t, d)
	case "forget":
		return f.forget(t, d)
	case "record":
		return f.record(t, d.HasArg("inner"))
	case "lineage":
		return f.lineage()
	case "list", "show", "bucket":
		return f.written(t, d)
	}
	t.Fatalf("%s: unknown directive %s", d.Pos, d.Cmd)
	return ""
}

func (f *file) session(t *testing.T, name string) *warehouse.Session {
	if s := f.sessions[name]; s != nil {
		return s
	}
	s, err := f.warehouse.Session(context.WithoutCancel(t.Context()), warehouse.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	f.sessions[name] = s
	return s
}

func (f *file) sql(ctx context.Context, s *warehouse.Session, text string, run warehouse.Run) string {
	var answers warehouse.Collector
	err := s.Run(ctx, text, run, &answers)
	return describe(&answers, err)
}

func (f *file) batch(t *testing.T, s *warehouse.Session, text string, run warehouse.Run) string {
	fragments, err := syntax.Split(text)
	if err != nil {
		t.Fatal(err)
	}
	texts := make([]string, len(fragments))
	for i, fragment := range fragments {
		texts[i] = fragment.Text
	}
	var answers warehouse.Collector
	n, err := s.RunBatch(t.Context(), texts, run, func(int) warehouse.Sink { return &answers })
	return describe(&answers, err) + fmt.Sprintf("(%d of %d)\n", n, len(texts))
}

func (f *file) start(t *testing.T, name, text string, run warehouse.Run) string {
	ctx, cancel := context.WithCancel(t.Context())
	b := &background{cancel: cancel, output: make(chan string, 1)}
	s := f.session(t, name)
	select {
	case <-f.waiting:
	default:
	}
	go func() { b.output <- f.sql(ctx, s, text, run) }()
	select {
	case output := <-b.output:
		cancel()
		return output
	case waiting := <-f.waiting:
		f.running[name] = b
		return waiting
	}
}

// waits keeps the last message for start; nobody reads those of other directives.
func (f *file) waits(message string) {
	select {
	case <-f.waiting:
	default:
	}
	f.waiting <- message
}

func (f *file) finish(name string, cancel bool) string {
	b := f.running[name]
	if b == nil {
		return "(nothing runs)\n"
	}
	delete(f.running, name)
	if cancel {
		b.cancel()
	}
	defer b.cancel()
	return <-b.output
}

func (f *file) object(t *testing.T, d *datadriven.TestData) string {
	name, key := address(t, d)
	if err := f.buckets.Make(name); err != nil {
		t.Fatal(err)
	}
	if _, err := f.buckets.Put(t.Context(), name, key, bytes.NewReader(content(t, d)), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
	return ""
}

func (f *file) forget(t *testing.T, d *datadriven.TestData) string {
	name, key := address(t, d)
	if err := f.buckets.Delete(t.Context(), name, key); err != nil {
		t.Fatal(err)
	}
	return ""
}

func address(t *testing.T, d *datadriven.TestData) (name, key string) {
	d.ScanArgs(t, "key", &key)
	name, key, _ = strings.Cut(key, "/")
	return name, key
}

// content is what an object holds.
func content(t *testing.T, d *datadriven.TestData) []byte {
	text := []byte(d.Input)
	if d.HasArg("hex") {
		text, err := hex.DecodeString(strings.Join(strings.Fields(d.Input), ""))
		if err != nil {
			t.Fatalf("%s: %s", d.Pos, err)
		}
		return text
	}
	if !d.HasArg("bare") && len(text) > 0 {
		text = append(text, '\n')
	}
	switch {
	case d.HasArg("gzip"):
		return packed(t, text, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
	case d.HasArg("zstd"):
		return packed(t, text, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
	}
	return text
}

func packed(t *testing.T, text []byte, open func(io.Writer) (io.WriteCloser, error)) []byte {
	var b bytes.Buffer
	w, err := open(&b)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// describe prints answers and error as a client would see them.
func describe(c *warehouse.Collector, err error) string {
	var b strings.Builder
	for _, a := range c.Answers {
		describeAnswer(&b, a)
		if a.Columns != nil && a.Tag != "CALL" {
			fmt.Fprintf(&b, "%s %d\n", a.Tag, a.Rows)
		} else {
			b.WriteString(a.Tag + "\n")
		}
	}
	if err == nil {
		return b.String()
	}
	describeAnswer(&b, c.Unfinished)
	var f *fault.Fault
	if !errors.As(err, &f) {
		return b.String() + "NOT A FAULT: " + err.Error() + "\n"
	}
	fmt.Fprintf(&b, "ERROR %s at %d:%d: %s\n", f.Code, f.Position.Line, f.Position.Column, f.Message)
	var inside *plpgsql.Failure
	if errors.As(err, &inside) {
		for _, line := range inside.Context {
			b.WriteString("CONTEXT: " + line + "\n")
		}
	}
	return b.String()
}

func describeAnswer(b *strings.Builder, a warehouse.Answer) {
	for _, n := range a.Notices {
		fmt.Fprintf(b, "%s: %s\n", n.Level, n.Message)
	}
	if a.Columns == nil {
		return
	}
	names := make([]string, len(a.Columns))
	for i, c := range a.Columns {
		names[i] = c.Name + " " + c.Type
	}
	b.WriteString(strings.Join(names, " | ") + "\n")
	for _, row := range a.Values {
		cells := make([]string, len(row))
		for i, v := range row {
			text, ok := warehouse.Text(a.Columns[i], v)
			if !ok {
				text = "NULL"
			}
			cells[i] = text
		}
		b.WriteString(strings.TrimRight("  "+strings.Join(cells, " | "), " ") + "\n")
	}
}
