package bench

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/bucket/watch"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/autocopy"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// inbox is a warehouse on disk with one auto-copy job that loads files of five columns.
type inbox struct {
	folder  string
	session *warehouse.Session
	put     int
}

// rowsPerFile is what makes a file small.
const rowsPerFile = 10

func newInbox(b *testing.B) *inbox {
	b.Helper()
	folder := b.TempDir()
	buckets := dir.New(filepath.Join(folder, "buckets"), nil)
	if err := os.MkdirAll(filepath.Join(folder, "buckets/inbox/in"), 0o755); err != nil {
		b.Fatal(err)
	}
	database, err := duckdb.Open(b.Context(), filepath.Join(folder, "warehouse.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	w, err := warehouse.Open(b.Context(), database, warehouse.Options{Buckets: buckets})
	if err != nil {
		b.Fatal(err)
	}
	session, err := w.Session(context.WithoutCancel(b.Context()), warehouse.SessionConfig{})
	if err != nil {
		b.Fatal(err)
	}
	folders := watch.New(buckets.Folder)
	jobs := autocopy.Start(w, autocopy.Options{Buckets: buckets, Watcher: folders, Log: slog.New(slog.DiscardHandler)})
	b.Cleanup(func() {
		jobs.Close()
		folders.Close()
		if err := session.Close(); err != nil {
			b.Error(err)
		}
		if err := w.Close(); err != nil {
			b.Error(err)
		}
	})
	i := &inbox{folder: folder, session: session}
	i.ask(b, `create table sale (file int, line int, day date, product varchar(20), amount numeric(10,2));
		copy sale from 's3://inbox/in/' iam_role 'arn:aws:iam::123456789012:role/etl' csv job create job_sale`)
	return i
}

func (i *inbox) ask(b *testing.B, sql string) (last int64) {
	b.Helper()
	var answers warehouse.Collector
	if err := i.session.Run(b.Context(), sql, warehouse.Run{}, &answers); err != nil {
		b.Fatal(err)
	}
	if values := answers.Answers[len(answers.Answers)-1].Values; len(values) > 0 {
		last = values[0][0].(int64)
	}
	return last
}

// drop puts one file more; it is moved into the bucket's folder when it is whole.
func (i *inbox) drop(b *testing.B) {
	b.Helper()
	i.put++
	var body bytes.Buffer
	for line := range rowsPerFile {
		fmt.Fprintf(&body, "%d,%d,2026-03-01,product %d,%d.25\n", i.put, line, line, line)
	}
	name := fmt.Sprintf("%06d.csv", i.put)
	if err := os.WriteFile(filepath.Join(i.folder, name), body.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
	if err := os.Rename(filepath.Join(i.folder, name), filepath.Join(i.folder, "buckets/inbox/in", name)); err != nil {
		b.Fatal(err)
	}
}

// awaitAll returns when the rows of all files are visible.
func (i *inbox) awaitAll(b *testing.B) {
	b.Helper()
	for i.ask(b, "select count(*) from sale") < int64(i.put*rowsPerFile) {
		time.Sleep(time.Millisecond)
	}
}

// BenchmarkAutocopyLatency measures the time from a file's move into the bucket to the visibility of its rows.
func BenchmarkAutocopyLatency(b *testing.B) {
	i := newInbox(b)
	i.drop(b)
	i.awaitAll(b)
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		i.drop(b)
		i.awaitAll(b)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1e3, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1e3, "p99-ms")
}

// BenchmarkAutocopyFiles measures how many small files a second a job loads that come as fast as they can be written; a
// round is 3,000 files.
func BenchmarkAutocopyFiles(b *testing.B) {
	i := newInbox(b)
	const round = 3000
	for b.Loop() {
		for range round {
			i.drop(b)
		}
		i.awaitAll(b)
	}
	b.ReportMetric(float64(b.N*round)/b.Elapsed().Seconds(), "files/s")
}
