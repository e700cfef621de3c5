package process_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/job/process"
)

// output keeps the end of what was printed and counts all of it. It closes ready when the word ready has come.
type output struct {
	last  bytes.Buffer
	count int64
	ready chan struct{}
}

func (o *output) Write(p []byte) (int, error) {
	o.count += int64(len(p))
	o.last.Write(p)
	o.last.Next(max(0, o.last.Len()-4096))
	if o.ready != nil && strings.Contains(o.last.String(), "ready") {
		close(o.ready)
		o.ready = nil
	}
	return len(p), nil
}

func runner(t *testing.T) *process.Runner {
	return &process.Runner{Folder: filepath.Join(t.TempDir(), "jobs"), Tools: "/nowhere", Grace: 50 * time.Millisecond}
}

func script(text string) job.Work {
	return job.Work{ID: "1", Command: []string{"sh", "-c", text}, Environment: []job.Variable{{Name: "DAY", Value: "2026-03-01"}}}
}

func TestRun(t *testing.T) {
	for _, x := range []struct{ name, script, says, want string }{
		{"succeeds", "echo $DAY", "2026-03-01\n", "0"},
		{"fails", "echo out; echo err >&2; exit 3", "out\nerr\n", "3"},
		{"exits by signal", "kill -SEGV $$", "", "139"},
		{"has a folder of its own", `touch a; ls; [ "$HOME" = "$PWD" ] && [ "$TMPDIR" = "$PWD" ]`, "a\n", "0"},
		{"has only the declared environment", `env | cut -d= -f1 | grep -v '^_$\|^SHLVL$\|^OLDPWD$' | sort | tr '\n' ' '`,
			"DAY HOME LANG PATH PWD STEPWELL_JOB TMPDIR ", "0"},
		{"no such program", "exec /nowhere/program", "", "127"},
	} {
		t.Run(x.name, func(t *testing.T) {
			r, out := runner(t), &output{}
			w := script(x.script)
			w.Output = out
			exit, err := r.Run(t.Context(), w)
			if got := fmt.Sprint(exit.Code); err != nil || got != x.want || exit.Reason != "" {
				t.Errorf("exit %+v, %v, want %s", exit, err, x.want)
			}
			if x.says != "" && out.last.String() != x.says {
				t.Errorf("printed %q, want %q", &out.last, x.says)
			}
			if left, err := os.ReadDir(r.Folder); err != nil || len(left) > 0 {
				t.Errorf("left behind %v, %v", left, err)
			}
		})
	}
}

func TestCannotStart(t *testing.T) {
	for name, command := range map[string][]string{
		"there is no program nothing-like-this": {"nothing-like-this"},
		"there is no program /etc/passwd":       {"/etc/passwd"},
		"no entry point":                        nil,
	} {
		_, err := runner(t).Run(t.Context(), job.Work{ID: "1", Command: command, Output: &output{}})
		if err == nil || !strings.HasPrefix(err.Error(), "CannotStartContainerError: ") || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v", command, err)
		}
	}
}

// sleepers counts processes that were started with an argument.
func sleepers(t *testing.T, argument string) int {
	t.Helper()
	out, _ := exec.Command("pgrep", "-f", argument).Output() // 1: there are none
	return len(strings.Fields(string(out)))
}

// A job that is ended takes everything along that it has started: one that ignores the request to end, its children, and
// daemons of theirs.
func TestNothingIsLeft(t *testing.T) {
	requireLinux(t)
	for _, x := range []struct{ name, script string }{
		{"children", "sleep 98765.1 & sleep 98765.1 & echo ready; wait"},
		{"ignores the signal", "trap '' TERM; (trap '' TERM; sleep 98765.1) & echo ready; while :; do sleep 98765.1; done"},
		{"daemons", "setsid sh -c 'echo ready; sleep 98765.1; :' & sleep 98765.1"},
		{"ends before its children", "setsid sh -c 'touch f; sleep 98765.1; :' & sleep 98765.1 & while [ ! -e f ]; do :; done; echo ready"},
	} {
		t.Run(x.name, func(t *testing.T) {
			out := &output{ready: make(chan struct{})}
			w := script(x.script)
			w.Output = out
			ctx, cancel := context.WithCancel(t.Context())
			go func(ready chan struct{}) {
				<-ready
				cancel()
			}(out.ready)
			if exit, err := runner(t).Run(ctx, w); err != nil || exit.Code == 0 && x.name != "ends before its children" {
				t.Errorf("exit %+v, %v", exit, err)
			}
			if n := sleepers(t, "sleep 98765.1"); n > 0 {
				t.Errorf("%d processes are left", n)
			}
		})
	}
}

func requireLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("processes are only known on Linux")
	}
}

func TestLimits(t *testing.T) {
	requireLinux(t)
	for _, x := range []struct {
		name, script, reason string
		memory, disk         int64
	}{
		{"memory", "x=$(head -c 300000000 /dev/zero | tr '\\0' x); sleep 98765.2", "OutOfMemoryError: Container killed due to memory usage", 100 << 20, 0},
		{"memory of a child", "(x=$(head -c 300000000 /dev/zero | tr '\\0' x); sleep 98765.2) & wait", "OutOfMemoryError", 100 << 20, 0},
		{"disk", "while :; do head -c 1000000 /dev/zero >> a/b/c 2>&1 || mkdir -p a/b; done", "DiskFullError", 0, 20 << 20},
	} {
		t.Run(x.name, func(t *testing.T) {
			w := script(x.script)
			w.Output, w.Memory, w.Disk = &output{}, x.memory, x.disk
			exit, err := runner(t).Run(t.Context(), w)
			if err != nil || exit.Code != 137 || !strings.HasPrefix(exit.Reason, x.reason) {
				t.Errorf("exit %+v, %v", exit, err)
			}
			if n := sleepers(t, "sleep 98765.2"); n > 0 {
				t.Errorf("%d processes are left", n)
			}
		})
	}
}

// A job may print without end: everything is taken.
func TestPrintsMuch(t *testing.T) {
	out := &output{}
	w := script("head -c 1000000000 /dev/zero; echo end")
	w.Output = out
	if exit, err := runner(t).Run(t.Context(), w); err != nil || exit.Code != 0 || out.count != 1_000_000_004 {
		t.Errorf("exit %+v, %v, %d bytes", exit, err, out.count)
	}
}

// What a killed process left is ended by the next one, with its folders.
func TestSweep(t *testing.T) {
	requireLinux(t)
	r := runner(t)
	folder := filepath.Join(r.Folder, "lost")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	lost := exec.Command("sleep", "98765.3")
	lost.Env = []string{"STEPWELL_JOB=" + folder}
	other := exec.Command("sleep", "98765.4")
	other.Env = []string{"STEPWELL_JOB=" + r.Folder + "-other/lost"}
	for _, c := range []*exec.Cmd{lost, other} {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Sweep(); err != nil {
		t.Error(err)
	}
	if err := lost.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the lost process ended with %v", err)
	}
	if n := sleepers(t, "sleep 98765.4"); n != 1 {
		t.Error("another's process was ended")
	}
	_ = other.Process.Kill()
	_ = other.Wait()
	if _, err := os.Stat(r.Folder); !os.IsNotExist(err) {
		t.Errorf("the folder is there: %v", err)
	}
}
