package inventory_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
	"github.com/stepwell/stepwell/warehouse/inventory"
)

func open(t *testing.T, folder string) *warehouse.Session {
	t.Helper()
	w := duckdbtest.Open(t, warehouse.Options{Buckets: dir.New(t.TempDir(), map[string]string{"data": folder})})
	s, err := w.Session(t.Context(), warehouse.SessionConfig{})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTraces shows what a warehouse tells of itself. The directives:
//
//	file NAME                          writes a file into the bucket data
//	sql                                statements
//	schemas
//	relations [schema= kind= part= after=SCHEMA.NAME]   a page of two
//	describe SCHEMA NAME               all of a table or view
//	source SCHEMA                      the name stands below
//	loads [failed] / errors / jobs / files JOB
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		f := fixture{folder: t.TempDir()}
		f.s = open(t, f.folder)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			f.out.Reset()
			if err := f.obey(t, d); err != nil {
				return "error: " + err.Error() + "\n"
			}
			return f.out.String()
		})
	})
}

type fixture struct {
	s      *warehouse.Session
	folder string
	out    strings.Builder
}

func (f *fixture) obey(t *testing.T, d *datadriven.TestData) error {
	ctx := t.Context()
	argument := func(i int) string { return d.CmdArgs[i].Key }
	switch d.Cmd {
	case "file":
		path := filepath.Join(f.folder, argument(0))
		check(t, os.MkdirAll(filepath.Dir(path), 0o755))
		return os.WriteFile(path, []byte(d.Input+"\n"), 0o644)
	case "sql":
		return f.s.Run(ctx, d.Input, warehouse.Run{}, &warehouse.Collector{})
	case "schemas":
		schemas, err := inventory.Schemas(ctx, f.s)
		return f.each(err, len(schemas), func(i int) any { return schemas[i] })
	case "relations":
		return f.relations(ctx, d)
	case "describe":
		return f.describe(ctx, argument(0), argument(1))
	case "source":
		source, kind, err := inventory.Source(ctx, f.s, argument(0), d.Input)
		fmt.Fprintf(&f.out, "%s\n%s\n", kind, source)
		return err
	case "loads":
		loads, err := inventory.Loads(ctx, f.s, inventory.LoadFilter{Failed: len(d.CmdArgs) > 0}, 0, 10)
		return f.each(err, len(loads), func(i int) any {
			l := loads[i]
			return []any{l.Status, l.Table, l.Source, l.Rows, l.Files, l.Bytes, l.Errors, l.Job > 0}
		})
	case "errors":
		groups, err := inventory.LoadErrors(ctx, f.s, 0, 10)
		return f.each(err, len(groups), func(i int) any {
			g := groups[i]
			return []any{g.File, g.Column, g.Code, g.Reason, g.Rows, g.First}
		})
	case "jobs":
		jobs, err := inventory.CopyJobs(ctx, f.s, "")
		return f.each(err, len(jobs), func(i int) any {
			j := jobs[i]
			return []any{j.Name, j.Automatic, j.Loaded, j.Failed, j.Bytes, j.LastMessage}
		})
	case "files":
		jobs, err := inventory.CopyJobs(ctx, f.s, argument(0))
		if err != nil {
			return err
		}
		files, err := inventory.JobFiles(ctx, f.s, jobs[0].ID, 10, 0)
		return f.each(err, len(files), func(i int) any { return []any{files[i].Name, files[i].Size, files[i].Status, files[i].Query > 0} })
	}
	t.Fatalf("unknown command %s", d.Cmd)
	return nil
}

func (f *fixture) each(err error, n int, line func(i int) any) error {
	for i := range n {
		fmt.Fprintf(&f.out, "%v\n", line(i))
	}
	return err
}

func (f *fixture) relations(ctx context.Context, d *datadriven.TestData) error {
	var filter inventory.Filter
	page := inventory.Page{Limit: 2}
	for _, arg := range d.CmdArgs {
		switch arg.Key {
		case "schema":
			filter.Schema = arg.Vals[0]
		case "kind":
			filter.Kind = inventory.Kind(arg.Vals[0])
		case "part":
			filter.Contains = arg.Vals[0]
		case "after":
			page.AfterSchema, page.AfterName, _ = strings.Cut(arg.Vals[0], ".")
		}
	}
	list, err := inventory.Relations(ctx, f.s, filter, page)
	return f.each(err, len(list), func(i int) any { return fmt.Sprintf("%+v", list[i]) })
}

func (f *fixture) describe(ctx context.Context, schema, name string) error {
	d, err := inventory.Describe(ctx, f.s, schema, name)
	if err != nil {
		return err
	}
	fmt.Fprintf(&f.out, "%+v\n", d.Relation)
	for _, c := range d.Columns {
		fmt.Fprintf(&f.out, "  %+v\n", c)
	}
	for _, c := range d.Constraints {
		fmt.Fprintf(&f.out, "  %+v\n", c)
	}
	fmt.Fprintln(&f.out, d.Definition())
	return nil
}

// A definition makes the same table again.
func TestDefinitionAgain(t *testing.T) {
	s := open(t, t.TempDir())
	for _, text := range []string{
		`create table t (a int not null encode az64, "b c" varchar(12) default 'x''y', primary key (a)) distkey (a) compound sortkey ("b c", a)`,
		`create table t ("select" super, d decimal(9, 2), e timestamp default getdate(), unique (d)) diststyle all`,
		`create table t (a int, b date) diststyle even interleaved sortkey (b, a)`,
		`create table t (a bigint identity(5, 2), f double precision, g char(3))`,
		`create table t (a bigint generated by default as identity(1, 1), g int)`,
	} {
		run := func(sql string) { check(t, s.Run(t.Context(), sql, warehouse.Run{}, &warehouse.Collector{})) }
		run("drop table if exists t; " + text)
		first, err := inventory.Describe(t.Context(), s, "public", "t")
		check(t, err)
		run("drop table t; " + first.Definition())
		again, err := inventory.Describe(t.Context(), s, "public", "t")
		check(t, err)
		if strings.Contains(text, "identity") != strings.Contains(first.Definition(), "IDENTITY") || first.Definition() != again.Definition() {
			t.Errorf("%s\nbecomes\n%s\nand then\n%s", text, first.Definition(), again.Definition())
		}
	}
}

// Names stand in quotes where they need them, and only there.
func TestIdentifier(t *testing.T) {
	for name, want := range map[string]string{"a": "a", "_a1": "_a1", "1a": `"1a"`, "a b": `"a b"`, `a"b`: `"a""b"`, "order": `"order"`, "": `""`, "ä": `"ä"`} {
		if got := inventory.Identifier(name); got != want {
			t.Errorf("%q is %s instead of %s", name, got, want)
		}
	}
}
