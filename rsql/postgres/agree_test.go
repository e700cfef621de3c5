package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stepwell/stepwell/pgwire"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/option"
	"github.com/stepwell/stepwell/rsql/postgres"
	"github.com/stepwell/stepwell/rsql/shell"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// Every script of testdata/psql gives the same output, errors and exit status under the real psql and under ours, from a file and
// from standard input, on a real PostgreSQL server. A first line "-- args: …" is the command line.
func TestAgreesWithPsql(t *testing.T) {
	psql := program(t, "psql")
	server := startPostgreSQL(t)
	compareAll(t, psql, server, nil)
}

// onlyThere are scripts whose SQL Stepwell's port answers otherwise than PostgreSQL, or not the same way twice.
var onlyThere = map[string]string{}

// The same on Stepwell's own port: both programs talk to it and must print the same.
func TestAgreesWithPsqlOnStepwell(t *testing.T) {
	psql := program(t, "psql")
	compareAll(t, psql, startStepwell(t), onlyThere)
}

func compareAll(t *testing.T, psql string, environment []string, skip map[string]string) {
	t.Helper()
	scripts, err := filepath.Glob(filepath.Join("..", "testdata", "psql", "*.sql"))
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("..", "testdata", "psql"))); err != nil {
		t.Fatal(err)
	}
	for _, pair := range environment {
		name, value, _ := strings.Cut(pair, "=")
		t.Setenv(name, value)
	}
	for _, script := range scripts {
		name := filepath.Base(script)
		if skip[name] != "" {
			continue
		}
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		args := argumentsOf(string(text))
		for _, from := range []string{"file", "stdin"} {
			t.Run(name+"/"+from, func(t *testing.T) {
				all, in := args, string(text)
				if from == "file" {
					all, in = append(append([]string(nil), args...), "-f", name), ""
				}
				want := runReal(t, psql, folder, all, in)
				if got := runOurs(t, folder, all, in); got != want {
					t.Errorf("psql %s\n--- psql:\n%s\n--- ours:\n%s", strings.Join(all, " "), want, got)
				}
			})
		}
	}
}

func argumentsOf(script string) []string {
	line, _, _ := strings.Cut(script, "\n")
	rest, ok := strings.CutPrefix(line, "-- args: ")
	if !ok {
		return nil
	}
	return strings.Fields(rest)
}

func answer(out, errs string, status int) string {
	return fmt.Sprintf("%s--- errors:\n%s--- status %d\n", out, errs, status)
}

func runReal(t *testing.T, psql, folder string, args []string, in string) string {
	t.Helper()
	var out, errs bytes.Buffer
	c := exec.CommandContext(t.Context(), psql, append([]string{"-X"}, args...)...)
	c.Dir, c.Stdin, c.Stdout, c.Stderr = folder, strings.NewReader(in), &out, &errs
	err := c.Run()
	if status := new(exec.ExitError); err != nil && !errors.As(err, &status) {
		t.Fatal(err)
	}
	return answer(out.String(), errs.String(), c.ProcessState.ExitCode())
}

func runOurs(t *testing.T, folder string, args []string, in string) string {
	t.Helper()
	f, err := option.Parse(rsql.PSQL, args)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	connect := func(ctx context.Context, target rsql.Target) (rsql.Session, error) {
		return postgres.Connect(ctx, target.ConnInfo)
	}
	session, err := connect(t.Context(), rsql.Target{})
	if err != nil {
		t.Fatal(err)
	}
	status, _ := rsql.Run(rsql.Options{
		Dialect: rsql.PSQL, Session: session, In: strings.NewReader(in), Out: &out, Err: &errs,
		Host:    &shell.Host{Context: t.Context(), Folder: folder, Out: &out, Err: &errs, Connector: connect},
		Actions: f.Actions, Settings: f.Settings, Format: f.Format, Echo: f.Echo, Quiet: f.Quiet,
		SingleTransaction: f.Single, SingleLine: f.SingleLine, Output: f.Output,
	})
	return answer(out.String(), errs.String(), status)
}

// program finds a program of PostgreSQL where Debian puts it, or on the path.
func program(t *testing.T, name string) string {
	t.Helper()
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		return found[len(found)-1]
	}
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// startPostgreSQL starts a server of its own in a temporary folder and returns the environment that leads to it. The server
// refuses to run as root, so root runs it as the user postgres.
func startPostgreSQL(t *testing.T) []string {
	t.Helper()
	initdb, control := program(t, "initdb"), program(t, "pg_ctl")
	folder, err := os.MkdirTemp("", "pg") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	attributes := &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		attributes.Credential = postgresUser(t, folder)
	}
	run := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(name, args...)
		c.Dir, c.SysProcAttr = folder, attributes
		return c
	}
	data := filepath.Join(folder, "data")
	if out, err := run(initdb, "-D", data, "-A", "trust", "-U", "dev", "--no-sync", "-E", "UTF8", "--locale=C").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	options := "-k " + folder + " -c listen_addresses='' -c fsync=off"
	if out, err := run(control, "start", "-w", "-t", "30", "-D", data, "-o", options, "-l", filepath.Join(folder, "log")).CombinedOutput(); err != nil {
		t.Fatalf("pg_ctl: %v\n%s", err, out)
	}
	t.Cleanup(func() { _ = run(control, "stop", "-m", "immediate", "-D", data).Run() })
	return []string{"PGHOST=" + folder, "PGUSER=dev", "PGDATABASE=postgres", "PGPORT=5432"}
}

func postgresUser(t *testing.T, folder string) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		t.Skip("the server does not run as root and there is no user postgres")
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(folder, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// startStepwell serves an empty warehouse in PostgreSQL's protocol.
func startStepwell(t *testing.T) []string {
	t.Helper()
	w := duckdbtest.Open(t, warehouse.Options{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- pgwire.Serve(ctx, listener, pgwire.Options{Warehouse: w}) }()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return []string{"PGHOST=127.0.0.1", "PGUSER=dev", "PGDATABASE=dev", "PGPORT=" + port, "PGSSLMODE=disable"}
}
