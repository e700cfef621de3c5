package cli_test

import (
	"os/exec"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stepwell/stepwell/engine/sqlite"
)

// hold owns a data folder until the script ends or releases it, as a running stepwell does.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold FOLDER")
	}
	store, err := sqlite.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	held.Store(ts.MkAbs(args[0]), store)
	ts.Defer(func() { store.Close() })
}

// held are the folders that scripts hold now.
var held sync.Map

func release(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: release FOLDER")
	}
	store, ok := held.LoadAndDelete(ts.MkAbs(args[0]))
	if !ok {
		ts.Fatalf("%s is not held", args[0])
	}
	ts.Check(store.(*sqlite.Store).Close())
}

// exits runs a command and checks its exit code: exits CODE COMMAND ARGUMENT…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENT…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		ended, ok := err.(*exec.ExitError)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// until runs a command again and again until it succeeds, because of a program in the background: until COMMAND ARGUMENT…
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: until COMMAND ARGUMENT…")
	}
	for clock := time.NewTicker(5 * time.Millisecond); ; <-clock.C {
		if ts.Exec(args[0], args[1:]...) == nil {
			clock.Stop()
			return
		}
	}
}
