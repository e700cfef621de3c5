package cli_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A run killed at any moment goes on with --resume as the same execution, and loads what an undisturbed run loads: jobs that
// lost their host are tried again, and a job of the audit table stays claimed.
func TestKilledRunsResume(t *testing.T) {
	for _, x := range []struct {
		system  *system
		before  func(*testing.T, string)
		moments []string
	}{
		{&salesPipeline, nil, []string{`"name":"deploy_procedures"`, `"type":"ParallelStateStarted"`, `"name":"wait_on_load_fact_sales"`}},
		{&rsqlBatch, nil, []string{`"type":"TaskSubmitted"`}},
		{&auditELT, withoutBoto3, []string{`"name":"deploy"`}},
	} {
		t.Run(x.system.example, func(t *testing.T) {
			t.Parallel()
			requirePrograms(t, x.system.programs...)
			folder := example(t, x.system.example)
			if x.before != nil {
				x.before(t, folder)
			}
			for _, moment := range x.moments {
				if err := os.RemoveAll(filepath.Join(folder, ".stepwell")); err != nil {
					t.Fatal(err)
				}
				signalWhen(t, moment, os.Kill, folder)
				resumed := x.system.runs[0]
				resumed.name, resumed.args = "killed at "+moment, []string{"--resume"}
				x.system.run(t, folder, resumed, resumed.state)
				if got := executions(t, folder); strings.Count(got, "\n") != 1 || !strings.Contains(got, `"status":"SUCCEEDED"`) {
					t.Errorf("killed at %s: the executions are %s", moment, got)
				}
			}
		})
	}
}

// Ctrl-C stops the execution and what it set going; the next run finds everything in order.
func TestInterruptedRunStops(t *testing.T) {
	t.Parallel()
	folder := example(t, "sales-pipeline")
	if code := signalWhen(t, `"name":"wait_on_load_fact_sales"`, os.Interrupt, folder); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if got := executions(t, folder); !strings.Contains(got, `"status":"ABORTED"`) {
		t.Errorf("the executions are %s", got)
	}
	salesPipeline.run(t, folder, salesPipeline.runs[0], salesFirst)
}

// executions lists an example's executions.
func executions(t *testing.T, folder string) string {
	t.Helper()
	out, err := stepwell(t, "executions", "list", "--project", folder, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// signalWhen runs an example, sends it a signal once its history has the text, and returns its exit code.
func signalWhen(t *testing.T, moment string, signal os.Signal, folder string) int {
	t.Helper()
	c := stepwell(t, "run", folder, "--json", "--wait-cap", "20ms")
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
