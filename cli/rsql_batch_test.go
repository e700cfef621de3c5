package cli_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// extracts makes the source data of examples/rsql-batch, once for all tests.
var extracts = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "rsql-batch-")
	if err != nil {
		return "", err
	}
	made = append(made, folder)
	c := exec.Command("go", "run", "generate/main.go", "generate/lzop.go", folder)
	c.Dir = filepath.Join("..", "examples", "rsql-batch")
	return folder, c.Run()
})

// made are folders that are removed when all tests have ended.
var made []string

// rsqlExample copies examples/rsql-batch, so that its data folder is the test's own. With an entry point jobs are processes.
func rsqlExample(t *testing.T, entrypoint bool) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "rsql-batch")
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("..", "examples", "rsql-batch"))); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(folder, ".stepwell")); err != nil {
		t.Fatal(err)
	}
	data, err := extracts()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(folder, "data")), os.CopyFS(filepath.Join(folder, "data"), os.DirFS(data))); err != nil {
		t.Fatal(err)
	}
	if !entrypoint {
		return folder
	}
	name := filepath.Join(folder, "stepwell.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, jobs, ok := strings.Cut(string(text), "# jobs:\n")
	if !ok {
		t.Fatal("stepwell.yaml shows no jobs")
	}
	commented, rest, _ := strings.Cut(jobs, "\n\n")
	text = []byte(before + "jobs:\n" + strings.ReplaceAll(commented, "#   ", "  ") + "\n\n" + rest)
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// attempt runs a project and returns its exit code with what it said.
func attempt(t *testing.T, folder string, args ...string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	c := stepwell(t, append([]string{"run", folder}, args...)...)
	c.Stdout, c.Stderr = &out, &out
	var status *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &status) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), out.String()
}

const loaded = "150000,25,5,675272838.08"

// loadedRows are the rows of the three tables and a sum that every value goes into.
func loadedRows(t *testing.T, folder string) string {
	t.Helper()
	out, err := stepwell(t, "sql", "--project", folder, "--csv",
		"select (select count(*) from customer), (select count(*) from nation), (select count(*) from region), sum(c_acctbal) from customer").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

func mailbox(t *testing.T, folder string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, ".stepwell", "logs", "mailbox"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRSQLBatch(t *testing.T) {
	for _, x := range []struct {
		name       string
		entrypoint bool
		runs       int
	}{{"in this process", false, 2}, {"entry point", true, 1}} {
		t.Run(x.name, func(t *testing.T) {
			if x.entrypoint {
				requirePrograms(t, "bash", "envsubst")
			}
			testRSQLBatch(t, rsqlExample(t, x.entrypoint), x.runs)
		})
	}
}

func requirePrograms(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed", name)
		}
	}
}

// Every run succeeds with the same rows; a broken file is reported, and the execution fails.
func testRSQLBatch(t *testing.T, folder string, runs int) {
	for try := range runs {
		if code, said := attempt(t, folder); code != 0 {
			t.Fatalf("run %d: exit code %d\n%s", try+1, code, said)
		}
		if got := loadedRows(t, folder); got != loaded {
			t.Errorf("run %d loaded %s, want %s", try+1, got, loaded)
		}
		if n := strings.Count(mailbox(t, folder), "Subject: RSQL ETL succeeded"); n != try+1 {
			t.Errorf("run %d: %d mails of success", try+1, n)
		}
	}
	file := filepath.Join(folder, "data", "nation", "nation.tbl.lzo")
	if err := os.WriteFile(file, []byte("garbage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, said := attempt(t, folder)
	if code != 1 || !strings.Contains(said, "FAILED: EtlFailed") {
		t.Errorf("with a broken file: exit code %d\n%s", code, said)
	}
	mails := mailbox(t, folder)
	if !strings.Contains(mails, "Subject: RSQL ETL failed") || !strings.Contains(mails, "copy_nation") {
		t.Errorf("no mail tells of the failure:\n%s", mails)
	}
	if got := loadedRows(t, folder); got != loaded {
		t.Errorf("after the failure there are %s", got)
	}
}

// A run that is killed while its jobs run goes on: the jobs that lost their host are tried again.
func TestKilledBatchResumes(t *testing.T) {
	folder := rsqlExample(t, false)
	signalWhen(t, stepwell(t, "run", folder, "--json"), `"type":"TaskSubmitted"`, os.Kill)
	if code, said := attempt(t, folder, "--resume"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	if got := loadedRows(t, folder); got != loaded {
		t.Errorf("loaded %s, want %s", got, loaded)
	}
}
