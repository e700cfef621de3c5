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

// sources is a folder with the examples' source data. It is removed when all tests have ended.
var sources struct {
	once   sync.Once
	folder string
	err    error
	made   sync.Map // by the example's name: func() error
}

// source makes an example's source data, once for all tests, and returns its folder.
func source(name string) (string, error) {
	sources.once.Do(func() { sources.folder, sources.err = os.MkdirTemp("", "stepwell-examples-") })
	if sources.err != nil {
		return "", sources.err
	}
	folder := filepath.Join(sources.folder, name)
	once, _ := sources.made.LoadOrStore(name, sync.OnceValue(func() error {
		c := exec.Command("go", "run", "./generate", folder)
		if name == "psql-batch-tpcds" {
			c.Args = append(c.Args, "20000") // sales before the first day, in place of millions
		}
		c.Dir = filepath.Join("..", "examples", name)
		return c.Run()
	}))
	return folder, once.(func() error)()
}

// example copies an example with its source data and without what runs left in it, so that the folder is the test's own.
func example(t *testing.T, name string) string {
	t.Helper()
	from, folder := filepath.Join("..", "examples", name), filepath.Join(t.TempDir(), name)
	data, err := source(name)
	if err := errors.Join(err, os.CopyFS(filepath.Join(folder, "data"), os.DirFS(data))); err != nil {
		t.Fatal(err)
	}
	parts, err := os.ReadDir(from)
	for _, part := range parts {
		to := filepath.Join(folder, part.Name())
		switch part.Name() {
		case ".stepwell", "data", "landing":
		default:
			if part.IsDir() {
				err = errors.Join(err, os.CopyFS(to, os.DirFS(filepath.Join(from, part.Name()))))
				continue
			}
			text, unread := os.ReadFile(filepath.Join(from, part.Name()))
			err = errors.Join(err, unread, os.WriteFile(to, text, 0o600))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func requirePrograms(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed", name)
		}
	}
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

// query runs SQL, a text or --file and its name, and returns the rows of the last statement without their heading.
func query(t *testing.T, folder string, sql ...string) string {
	t.Helper()
	var said bytes.Buffer
	c := stepwell(t, append([]string{"sql", "--project", folder, "--csv"}, sql...)...)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %s", sql, said.String())
	}
	_, rows, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return rows
}

// mails returns what an example's mailbox has behind so many mails: each begins with its subject, and its body is as it was before it
// was encoded.
func mails(t *testing.T, folder string, behind int) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, ".stepwell", "logs", "mailbox"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Split(strings.ReplaceAll(string(text), "=\n", ""), "\nSubject: ")[behind+1:]
}

// write gives a file of an example another text.
func write(name, text string) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// replace changes a text in a file of an example.
func replace(name, before, after string) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil || !strings.Contains(string(text), before) {
			t.Fatalf("%s has no %q (%v)", name, before, err)
		}
		write(name, strings.Replace(string(text), before, after, 1))(t, folder)
	}
}

// restore gives a file of an example's data the text that it had.
func restore(name string) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(sources.folder, filepath.Base(folder), filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		write("data/"+name, string(text))(t, folder)
	}
}

// sql runs statements on an example's warehouse.
func sql(text string) func(*testing.T, string) {
	return func(t *testing.T, folder string) {
		t.Helper()
		query(t, folder, text)
	}
}

// withoutBoto3 has the functions find no boto3.
var withoutBoto3 = write("functions/boto3.py", "raise ImportError('not here')\n")
