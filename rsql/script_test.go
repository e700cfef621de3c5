package rsql_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/embedded"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/shell"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// The scripts under testdata/script are what rsql and psql print and return, on one empty warehouse for each file:
//
//	run [psql] [file] [v=NAME=VALUE] [statements=N] [quiet] [echo=WHAT]   runs the script, from standard input or from a file
//	command [psql]                     runs each line as one -c
//	file name=NAME                     makes a file beside the scripts
//	object key=BUCKET/KEY              puts an object for COPY
//	check [psql] [v=NAME]              checks the script
func TestScripts(t *testing.T) {
	datadriven.Walk(t, filepath.Join("testdata", "script"), func(t *testing.T, path string) {
		b := newBench(t)
		datadriven.RunTest(t, path, b.run)
	})
}

// bench is a warehouse with a folder of files.
type bench struct {
	warehouse *warehouse.Warehouse
	buckets   *dir.Store
	folder    string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{buckets: dir.New(t.TempDir(), nil), folder: t.TempDir()}
	if err := b.buckets.Make("data"); err != nil {
		t.Fatal(err)
	}
	b.warehouse = duckdbtest.Open(t, warehouse.Options{Buckets: b.buckets})
	return b
}

// frozen is a shell whose clock goes on by two milliseconds with every look.
type frozen struct {
	*shell.Host
	now time.Time
}

func (f *frozen) Now() time.Time {
	f.now = f.now.Add(2 * time.Millisecond)
	return f.now
}

func (b *bench) connect(ctx context.Context, target rsql.Target) (rsql.Session, error) {
	if target.Host == "unreachable" {
		return nil, errors.New("connection to server at \"unreachable\" failed: no route to host")
	}
	session, err := embedded.Open(ctx, b.warehouse, warehouse.SessionConfig{User: target.User, Database: target.Database})
	if err != nil || target.Host == "" && target.ConnInfo == "" {
		return session, err
	}
	peer := session.Peer()
	peer.Host, peer.Port = cmp.Or(target.Host, strings.TrimPrefix(target.ConnInfo, "host=")), cmp.Or(target.Port, "5439")
	return remote{session, peer}, nil
}

// remote is a session that says it is at another host.
type remote struct {
	rsql.Session
	peer rsql.Peer
}

func (r remote) Peer() rsql.Peer { return r.peer }

func (b *bench) run(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "file":
		return b.write(t, d, filepath.Join(b.folder, argument(d, "name")))
	case "object":
		name, key, _ := strings.Cut(argument(d, "key"), "/")
		if _, err := b.buckets.Put(t.Context(), name, key, strings.NewReader(d.Input+"\n"), bucket.Attributes{}); err != nil {
			t.Fatal(err)
		}
		return ""
	case "check":
		return check(d)
	case "run", "command":
		return b.script(t, d)
	}
	t.Fatalf("unknown directive %s", d.Cmd)
	return ""
}

func (b *bench) write(t *testing.T, d *datadriven.TestData, name string) string {
	t.Helper()
	text := d.Input + "\n"
	if d.HasArg("hex") {
		unquoted, err := strconv.Unquote(`"` + d.Input + `"`)
		if err != nil {
			t.Fatal(err)
		}
		text = unquoted
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return ""
}

func argument(d *datadriven.TestData, key string) string {
	for _, a := range d.CmdArgs {
		if a.Key == key && len(a.Vals) > 0 {
			return strings.Join(a.Vals, ", ")
		}
	}
	return ""
}

func dialect(d *datadriven.TestData) rsql.Dialect {
	if d.HasArg("psql") {
		return rsql.PSQL
	}
	return rsql.RSQL
}

func (b *bench) script(t *testing.T, d *datadriven.TestData) string {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	session, err := b.connect(ctx, rsql.Target{})
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	o := rsql.Options{
		Dialect: dialect(d), Session: session, In: strings.NewReader(d.Input + "\n"), Out: &out, Err: &errs, Format: report.Default(),
		Host: &frozen{
			Host: &shell.Host{Context: ctx, Folder: b.folder, Out: &out, Err: &errs, Connector: b.connect},
			now:  time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
		},
		Echo: argument(d, "echo"), Quiet: d.HasArg("quiet"), SingleTransaction: d.HasArg("single"), Output: argument(d, "output"),
	}
	o.Limits.Statements, _ = strconv.Atoi(argument(d, "statements"))
	if d.HasArg("tuples") {
		o.Format.TuplesOnly, o.Format.Format = true, report.Unaligned
	}
	if d.HasArg("cancelled") {
		cancel(errors.New("the time limit of 1m0s is over"))
	}
	for _, a := range d.CmdArgs {
		if a.Key == "v" {
			name, value, given := strings.Cut(a.Vals[0], "=")
			o.Settings = append(o.Settings, rsql.Setting{Name: name, Value: value, Unset: !given})
		}
	}
	switch {
	case d.Cmd == "command":
		for line := range strings.Lines(d.Input) {
			o.Actions = append(o.Actions, rsql.Action{Kind: rsql.Command, Text: strings.TrimSuffix(line, "\n")})
		}
	case d.HasArg("file"):
		b.write(t, d, filepath.Join(b.folder, "script.sql"))
		o.Actions = []rsql.Action{{Kind: rsql.File, Text: "script.sql"}}
	case d.HasArg("named"):
		o.Actions = []rsql.Action{{Kind: rsql.File, Text: argument(d, "named")}}
	}
	status, _ := rsql.Run(o)
	text := out.String()
	if errs.Len() > 0 {
		text += "-- standard error:\n" + errs.String()
	}
	return strings.ReplaceAll(text, b.folder, "FOLDER") + fmt.Sprintf("-- status %d\n", status)
}

func check(d *datadriven.TestData) string {
	var out strings.Builder
	o := rsql.CheckOptions{Dialect: dialect(d), File: "s.rsql"}
	for _, a := range d.CmdArgs {
		if a.Key == "v" {
			o.Variables = append(o.Variables, a.Vals[0])
		}
	}
	for _, f := range rsql.Check(d.Input+"\n", o) {
		level := "error"
		if f.Warning {
			level = "warning"
		}
		fmt.Fprintf(&out, "%s: %s: %s\n", level, f.Position, f.Message)
	}
	return out.String()
}
