package autocopy_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/bucket/watch"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/autocopy"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// childFolder names the environment variable that makes the test binary a victim over a folder.
const childFolder = "STEPWELL_AUTOCOPY_CHILD"

func TestMain(m *testing.M) {
	folder := os.Getenv(childFolder)
	if folder == "" {
		os.Exit(m.Run())
	}
	if err := child(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// child runs the jobs of a warehouse until it is killed, or its parent is.
func child(folder string) error {
	w, buckets, err := openFolder(context.Background(), folder)
	if err != nil {
		return err
	}
	folders := watch.New(buckets.Folder)
	autocopy.Start(w, autocopy.Options{Buckets: buckets, Watcher: folders, Log: slog.New(slog.NewTextHandler(os.Stdout, nil))})
	fmt.Println("ready")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

func openFolder(ctx context.Context, folder string) (*warehouse.Warehouse, *dir.Store, error) {
	buckets := dir.New(filepath.Join(folder, "buckets"), nil)
	database, err := duckdb.Open(ctx, filepath.Join(folder, "warehouse.duckdb"))
	if err != nil {
		return nil, nil, err
	}
	w, err := warehouse.Open(ctx, database, warehouse.Options{Buckets: buckets})
	return w, buckets, err
}

// Each file of the kill test has so many rows; their numbers are file*rowsOfFile and on.
const rowsOfFile = 3

// TestEveryRowOnceInAnyKill kills the process that loads, again and again while files arrive. The short form is for every
// day; STEPWELL_KILLS=50 has 50 kills and 5,000 files.
func TestEveryRowOnceInAnyKill(t *testing.T) {
	kills := 6
	if n, err := strconv.Atoi(os.Getenv("STEPWELL_KILLS")); err == nil {
		kills = n
	}
	folder := t.TempDir()
	perform(t, folder, `create table t (a int, b varchar(20));
		copy t from 's3://inbox/in/' iam_role 'arn:r' csv job create j`)
	check(t, os.MkdirAll(filepath.Join(folder, "buckets/inbox/in"), 0o755))
	const filesOfRound = 100
	busy := 0
	for round := range kills {
		v := startVictim(t, folder)
		written := make(chan error, 1)
		go func() { written <- writeFiles(folder, round*filesOfRound, (round+1)*filesOfRound) }()
		if round%3 != 0 { // else it may die before its first load
			if _, more := <-v.lines; more {
				busy++
			}
		}
		v.killIn(rand.N(150 * time.Millisecond))
		check(t, <-written)
	}
	t.Logf("%d of %d processes had loaded something when they were killed", busy, kills)
	files := kills * filesOfRound
	rows := int64(files * rowsOfFile)
	got := perform(t, folder, `copy job run j; copy job run j;
		select count(*), count(distinct a), sum(a::bigint), count(distinct b), (select count(*) from sys_copy_job_detail where status = 'I') from t`)
	want := fmt.Sprint([]any{rows, rows, strconv.FormatInt(rows*(rows-1)/2, 10), int64(files), int64(files)})
	if fmt.Sprint(got) != want {
		t.Errorf("rows, different rows, their sum, files of rows, files of record: got %v, want %v", got, want)
	}
}

// writeFiles moves files into the bucket, each when it is whole.
func writeFiles(folder string, from, to int) error {
	for file := from; file < to; file++ {
		text := ""
		for row := range rowsOfFile {
			text += fmt.Sprintf("%d,file %d\n", file*rowsOfFile+row, file)
		}
		part := filepath.Join(folder, "part")
		if err := os.WriteFile(part, []byte(text), 0o644); err != nil {
			return err
		}
		if err := os.Rename(part, filepath.Join(folder, "buckets/inbox/in", fmt.Sprintf("%06d.csv", file))); err != nil {
			return err
		}
	}
	return nil
}

// perform runs statements on a warehouse that nobody else has open and returns the last row.
func perform(t *testing.T, folder, sql string) []any {
	t.Helper()
	w, _, err := openFolder(t.Context(), folder)
	check(t, err)
	s, err := w.Session(t.Context(), warehouse.SessionConfig{})
	check(t, err)
	var answers warehouse.Collector
	check(t, s.Run(t.Context(), sql, warehouse.Run{}, &answers))
	check(t, s.Close())
	check(t, w.Close())
	last := answers.Answers[len(answers.Answers)-1].Values
	if len(last) == 0 {
		return nil
	}
	return last[0]
}

// victim is a process that runs the jobs.
type victim struct {
	process *exec.Cmd
	lines   chan string
}

func startVictim(t *testing.T, folder string) *victim {
	t.Helper()
	v := &victim{process: exec.CommandContext(t.Context(), os.Args[0]), lines: make(chan string, 1000)}
	v.process.Env = append(os.Environ(), childFolder+"="+folder)
	v.process.Stderr = os.Stderr
	_, err := v.process.StdinPipe()
	check(t, err)
	out, err := v.process.StdoutPipe()
	check(t, err)
	check(t, v.process.Start())
	go func() {
		for text := bufio.NewScanner(out); text.Scan(); {
			v.lines <- text.Text()
		}
		close(v.lines)
	}()
	if first := <-v.lines; first != "ready" {
		t.Fatalf("the process that loads said %q", first)
	}
	return v
}

// killIn kills the process after a time, wherever it is then.
func (v *victim) killIn(d time.Duration) {
	timer := time.AfterFunc(d, func() { _ = v.process.Process.Kill() })
	defer timer.Stop()
	for range v.lines {
		continue
	}
	_ = v.process.Wait() // it is killed
}
