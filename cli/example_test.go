package cli_test

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/value"
)

// stepwell returns a process of this program.
func stepwell(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Env = append(os.Environ(), asStepwell+"=1")
	return c
}

// example copies examples/sales-pipeline, so that its data folder is the test's own.
func example(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "sales-pipeline")
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("..", "examples", "sales-pipeline"))); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(folder, ".stepwell")); err != nil {
		t.Fatal(err)
	}
	return folder
}

// counts runs the example and returns its output as "table all of-these" lines.
func counts(t *testing.T, folder string, args ...string) string {
	t.Helper()
	var said bytes.Buffer
	c := stepwell(t, append([]string{"run", folder, "--wait-cap", "20ms"}, args...)...)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	var lines []string
	tables, _ := value.MustParse(string(out)).Get("tables")
	for _, table := range tables.Items() {
		var words []string
		for _, key := range []string{"table", "rows", "of_these"} {
			word, _ := table.Get(key)
			words = append(words, strings.Trim(word.Text(), `"`))
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

const firstDay = `customer 20000 20000
customer_address 20025 825
date_dim 1095 3
item 4178 153
store_sales 210000 1`

const secondDay = `customer 20000 20000
customer_address 20050 1650
date_dim 1095 3
item 4357 307
store_sales 420000 2`

// The README's promise: type 1 in place, type 2 with history, no fact doubled.
func TestSalesPipeline(t *testing.T) {
	folder := example(t)
	for _, x := range []struct{ name, input, want string }{
		{"first run", `{}`, firstDay},
		{"the same again", `{}`, firstDay},
		{"the next day", `{"run_date": "2026-03-02"}`, secondDay},
		{"the next day again", `{"run_date": "2026-03-02"}`, secondDay},
	} {
		if got := counts(t, folder, "--input", x.input); got != x.want {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, got, x.want)
		}
	}
}

// A run killed at any moment goes on with --resume as the same execution, and loads what an undisturbed run loads.
func TestKilledRunResumes(t *testing.T) {
	folder := example(t)
	for _, moment := range []string{
		`"name":"deploy_procedures"`, `"name":"wait_on_setup_sales_pipeline"`, `"type":"ParallelStateStarted"`,
		`"name":"wait_on_load_fact_sales"`, `"name":"validate_sales"`,
	} {
		if err := os.RemoveAll(filepath.Join(folder, ".stepwell")); err != nil {
			t.Fatal(err)
		}
		interruptAt(t, folder, moment, os.Kill)
		if got := counts(t, folder, "--resume"); got != firstDay {
			t.Errorf("killed at %s:\n%s\nwant\n%s", moment, got, firstDay)
		}
		out, err := stepwell(t, "executions", "list", "--project", folder, "--json").Output()
		if err != nil || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), `"status":"SUCCEEDED"`) {
			t.Errorf("killed at %s: the executions are %s (%v)", moment, out, err)
		}
	}
}

// Ctrl-C stops the execution and what it set going; the next run finds everything in order.
func TestInterruptedRunStops(t *testing.T) {
	folder := example(t)
	if code := interruptAt(t, folder, `"name":"wait_on_load_fact_sales"`, os.Interrupt); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	out, err := stepwell(t, "executions", "list", "--project", folder, "--json").Output()
	if err != nil || !strings.Contains(string(out), `"status":"ABORTED"`) {
		t.Errorf("the executions are %s (%v)", out, err)
	}
	if got := counts(t, folder); got != firstDay {
		t.Errorf("after the stop:\n%s\nwant\n%s", got, firstDay)
	}
}

// interruptAt runs the example, sends it a signal once its history has the text, and returns its exit code.
func interruptAt(t *testing.T, folder, moment string, signal os.Signal) int {
	t.Helper()
	return signalWhen(t, stepwell(t, "run", folder, "--wait-cap", "20ms", "--json"), moment, signal)
}

// signalWhen starts a command, sends it a signal once a line of its output has the text, and returns its exit code.
func signalWhen(t *testing.T, c *exec.Cmd, moment string, signal os.Signal) int {
	t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	sent := false
	for lines.Scan() {
		if !sent && strings.Contains(lines.Text(), moment) {
			sent = true
			if err := c.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Wait(); err == nil {
		t.Fatalf("the run ended before %s", moment)
	}
	return c.ProcessState.ExitCode()
}
