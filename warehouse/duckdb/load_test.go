package duckdb_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// halfway is a store of one file that stops in the middle until go-on is closed.
type halfway struct {
	bucket.Store
	text    string
	stopped chan struct{}
	goOn    chan struct{}
}

func (h *halfway) List(context.Context, string, bucket.Query) (bucket.Page, error) {
	return bucket.Page{Objects: []bucket.Object{{Key: "x", Size: int64(len(h.text))}}}, nil
}

func (h *halfway) Open(context.Context, string, string) (io.ReadCloser, error) {
	half := len(h.text) / 2
	return io.NopCloser(io.MultiReader(strings.NewReader(h.text[:half]), pause{h}, strings.NewReader(h.text[half:]))), nil
}

// pause is an empty part of the file.
type pause struct{ *halfway }

func (p pause) Read([]byte) (int, error) {
	close(p.stopped)
	<-p.goOn
	return 0, io.EOF
}

// TestRunningLoad looks at a COPY from another session while it runs.
func TestRunningLoad(t *testing.T) {
	store := &halfway{text: strings.Repeat("1\n", 500), stopped: make(chan struct{}), goOn: make(chan struct{})}
	w := duckdbtest.Open(t, warehouse.Options{Buckets: store})
	expect(t, w, "create table t (a int)", "CREATE TABLE")
	done := make(chan error)
	go func() {
		_, err := answers(t.Context(), w, "copy t from 's3://b/x' iam_role default")
		done <- err
	}()
	<-store.stopped
	expect(t, w, "select num_files || ' ' || num_files_complete || ' ' || bytes_to_load || ' ' || bytes_loaded_compressed || ' ' || pct_complete || ' ' || trim(current_file) from stv_load_state",
		"SELECT 1 0 1000 500 50 s3://b/x")
	expect(t, w, "select status || ' ' || table_name || ' ' || file_format from sys_load_history", "SELECT running t txt")
	loads := w.Loads()
	if len(loads) != 1 || loads[0].Table != "t" || loads[0].Read != 500 {
		t.Errorf("the loads are %+v", loads)
	}
	if left, ok := loads[0].Left(loads[0].Started.Add(3 * time.Second)); !ok || left != 3*time.Second {
		t.Errorf("half is done after 3 s, and %s are left, %v", left, ok)
	}
	close(store.goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, w, "select count(*) from stv_load_state", "SELECT 0")
	expect(t, w, "select status || ' ' || loaded_rows from sys_load_history", "SELECT completed 500")
}

// TestCancelledLoad ends a COPY in the middle of a file: nothing is loaded, and the session goes on.
func TestCancelledLoad(t *testing.T) {
	store := &halfway{text: strings.Repeat("1\n", 500), stopped: make(chan struct{}), goOn: make(chan struct{})}
	w := duckdbtest.Open(t, warehouse.Options{Buckets: store})
	s, err := w.Session(t.Context(), warehouse.SessionConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-store.stopped
		cancel()
		close(store.goOn)
	}()
	var c warehouse.Collector
	err = s.Run(ctx, "create table t (a int); copy t from 's3://b/x' iam_role default", warehouse.Run{}, &c)
	if err == nil || !strings.Contains(err.Error(), "cancel") {
		t.Errorf("got %v", err)
	}
	var after warehouse.Collector
	if err := s.Run(t.Context(), "select count(*) from t", warehouse.Run{}, &after); err != nil || fmt.Sprint(after.Answers[0].Values[0][0]) != "0" {
		t.Errorf("%v, %v", after.Answers, err)
	}
}
