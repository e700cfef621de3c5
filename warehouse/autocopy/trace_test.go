package autocopy_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/bucket/s3"
	"github.com/stepwell/stepwell/bucket/s3/s3test"
	"github.com/stepwell/stepwell/bucket/watch"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/autocopy"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// TestTraces runs the files of testdata, each on a warehouse of its own, with and without a watcher. Their directives:
//
//	bucket NAME            makes a bucket
//	vanish NAME            removes a bucket with all that is in it
//	put KEY [gzip]         puts an object in one piece
//	move KEY               writes a file elsewhere and moves it into the bucket
//	open KEY / close KEY   writes a file in place and keeps it open; writes more and closes it
//	sql                    runs the text in a session
//	await JOB files=N      waits until the job is done with N files more, loaded or skipped
//	await JOB says=TEXT    waits until the job has logged a text
//	stop / start           ends and starts the scheduler
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		t.Parallel() // they wait most of the time
		for _, mode := range []string{"watching", "listing"} {
			t.Run(mode, func(t *testing.T) {
				t.Parallel()
				folders := dir.New(t.TempDir(), nil)
				f := &fixture{folders: folders, store: folders, make: folders.Make}
				if mode == "watching" {
					watcher := watch.New(folders.Folder)
					t.Cleanup(watcher.Close)
					f.watcher = watcher
				}
				f.prepare(t)
				datadriven.RunTest(t, path, f.run)
			})
		}
	})
}

// TestTraceOnS3 runs one of the traces with its bucket on an S3 server.
func TestTraceOnS3(t *testing.T) {
	server := s3test.Start(t)
	store := server.Store(t, map[string]s3.Mount{"retail-demo": {}})
	f := &fixture{store: store, make: func(name string) error { server.Make(t, name); return nil }}
	f.prepare(t)
	datadriven.RunTest(t, "testdata/store_sales.txt", f.run)
}

type fixture struct {
	store   bucket.Store
	make    func(name string) error
	watcher bucket.Watcher
	// folders are the buckets where they are folders.
	folders   *dir.Store
	warehouse *warehouse.Warehouse
	session   *warehouse.Session
	jobs      *autocopy.Scheduler
	log       *journal
	open      map[string]*os.File
}

// prepare opens a warehouse over the buckets and starts its jobs.
func (f *fixture) prepare(t *testing.T) {
	t.Helper()
	f.log, f.open = newJournal(), map[string]*os.File{}
	f.warehouse = duckdbtest.Open(t, warehouse.Options{Buckets: f.store})
	var err error
	f.session, err = f.warehouse.Session(context.WithoutCancel(t.Context()), warehouse.SessionConfig{})
	check(t, err)
	f.start()
	t.Cleanup(func() {
		f.jobs.Close()
		if err := f.session.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (f *fixture) start() {
	f.jobs = autocopy.Start(f.warehouse, autocopy.Options{Buckets: f.store, Watcher: f.watcher, Log: slog.New(f.log)})
}

func (f *fixture) run(t *testing.T, d *datadriven.TestData) string {
	name := ""
	if len(d.CmdArgs) > 0 {
		name = d.CmdArgs[0].Key
	}
	switch d.Cmd {
	case "sql":
		return f.sql(t, d.Input)
	case "bucket":
		check(t, f.make(name))
	case "vanish":
		check(t, os.RemoveAll(f.folders.Folder(name)))
	case "put", "move", "open", "close":
		f.write(t, d.Cmd, name, d.Input, d.HasArg("gzip"))
	case "await":
		return f.await(t, d, name)
	case "stop":
		f.jobs.Close()
	case "start":
		f.start()
	default:
		t.Fatalf("%s: unknown directive %s", d.Pos, d.Cmd)
	}
	return ""
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (f *fixture) write(t *testing.T, how, name, text string, compressed bool) {
	name, key, _ := strings.Cut(name, "/")
	body := []byte(text + "\n")
	if compressed {
		body = zipped(t, body)
	}
	if how == "put" || f.folders == nil {
		_, err := f.store.Put(t.Context(), name, key, bytes.NewReader(body), bucket.Attributes{})
		check(t, err)
		return
	}
	path := filepath.Join(f.folders.Folder(name), filepath.FromSlash(key))
	check(t, os.MkdirAll(filepath.Dir(path), 0o755))
	switch how {
	case "move":
		elsewhere := filepath.Join(t.TempDir(), "file")
		check(t, os.WriteFile(elsewhere, body, 0o644))
		check(t, os.Rename(elsewhere, path))
	case "open":
		file, err := os.Create(path)
		check(t, err)
		_, err = file.Write(body[:len(body)-1])
		check(t, err)
		f.open[path] = file
	case "close":
		_, err := f.open[path].Write(body)
		check(t, err)
		check(t, f.open[path].Close())
	}
}

func zipped(t *testing.T, text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(text)
	check(t, err)
	check(t, w.Close())
	return b.Bytes()
}

// await reads the journal up to what is waited for.
func (f *fixture) await(t *testing.T, d *datadriven.TestData, job string) string {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if d.HasArg("says") {
		var text string
		d.ScanArgs(t, "says", &text)
		for {
			e := f.log.next(ctx, t, d.Pos, job)
			if strings.Contains(e["error"], text) {
				return e["msg"] + ": " + e["error"] + "\n"
			}
		}
	}
	var files, loaded, rows int64
	var skipped []string
	for d.ScanArgs(t, "files", &files); files > loaded+int64(len(skipped)); {
		e := f.log.next(ctx, t, d.Pos, job)
		switch {
		case e["file"] != "":
			skipped = append(skipped, "skipped "+e["file"]+": "+e["error"]+"\n")
		case e["files"] != "":
			var n, r int64
			fmt.Sscan(e["files"]+" "+e["rows"], &n, &r)
			loaded, rows = loaded+n, rows+r
		}
	}
	slices.Sort(skipped)
	return fmt.Sprintf("%d file(s), %d row(s)\n", loaded, rows) + strings.Join(skipped, "")
}

func (f *fixture) sql(t *testing.T, text string) string {
	var answers warehouse.Collector
	err := f.session.Run(t.Context(), text, warehouse.Run{}, &answers)
	var b strings.Builder
	for _, a := range answers.Answers {
		for _, n := range a.Notices {
			fmt.Fprintf(&b, "%s: %s\n", n.Level, n.Message)
		}
		for _, row := range a.Values {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i], _ = warehouse.Text(a.Columns[i], v)
			}
			b.WriteString(strings.Join(cells, " | ") + "\n")
		}
	}
	if err != nil {
		fmt.Fprintf(&b, "ERROR: %s\n", err)
	}
	return b.String()
}

// journal is a log that a test reads record by record.
type journal struct {
	mu      sync.Mutex
	entries []map[string]string
	more    chan struct{}
	with    []slog.Attr
	parent  *journal
}

func newJournal() *journal { return &journal{more: make(chan struct{}, 1)} }

func (j *journal) Enabled(context.Context, slog.Level) bool { return true }

func (j *journal) WithGroup(string) slog.Handler { return j }

func (j *journal) WithAttrs(attributes []slog.Attr) slog.Handler {
	return &journal{with: attributes, parent: j}
}

func (j *journal) Handle(_ context.Context, r slog.Record) error {
	e := map[string]string{"msg": r.Message}
	for _, a := range j.with {
		e[a.Key] = a.Value.String()
	}
	r.Attrs(func(a slog.Attr) bool { e[a.Key] = a.Value.String(); return true })
	to := j
	if j.parent != nil {
		to = j.parent
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	to.entries = append(to.entries, e)
	select {
	case to.more <- struct{}{}:
	default:
	}
	return nil
}

// next returns the next record about a job.
func (j *journal) next(ctx context.Context, t *testing.T, at, job string) map[string]string {
	t.Helper()
	for {
		if e := j.take(job); e != nil {
			return e
		}
		select {
		case <-j.more:
		case <-ctx.Done():
			t.Fatalf("%s: nothing more was logged", at)
		}
	}
}

func (j *journal) take(job string) map[string]string {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, e := range j.entries {
		if e["job"] == job {
			j.entries = slices.Delete(j.entries, i, i+1)
			return e
		}
	}
	return nil
}
