package syntax_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// TestTraces runs the commands of testdata: scan, split, parse and tables, each over the text of its block.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			out, err := answer(d.Cmd, d.Input)
			if err != nil {
				return fmt.Sprintf("%serror %s: %v\n", out, fault.CodeOf(err), err)
			}
			return out
		})
	})
}

func answer(command, input string) (string, error) {
	var b strings.Builder
	if command == "scan" {
		tokens, err := syntax.Scan(input)
		for _, t := range tokens {
			fmt.Fprintf(&b, "%d:%d %s %s = %q\n", t.Line, t.Column, t.Kind, t.Text, t.Value())
		}
		return b.String(), err
	}
	fragments, err := syntax.Split(input)
	for _, f := range fragments {
		if command == "split" {
			fmt.Fprintf(&b, "%s @%d %q\n", f.Position, f.Offset, f.Text)
			continue
		}
		s, err := syntax.Parse(f)
		if err != nil {
			return b.String(), err
		}
		if command == "tables" {
			reads, writes := syntax.Tables(s)
			fmt.Fprintf(&b, "reads %s writes %s\n", describe(reflect.ValueOf(reads)), describe(reflect.ValueOf(writes)))
			continue
		}
		fmt.Fprintln(&b, describe(reflect.ValueOf(s)))
	}
	return b.String(), err
}

// describe prints a tree without its zero fields; tokens are printed as text.
func describe(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case []syntax.Token:
		var words []string
		for _, t := range x {
			words = append(words, t.Text)
		}
		return "‹" + strings.Join(words, " ") + "›"
	case syntax.Name:
		return strings.TrimLeft(x.Database+"."+x.Schema+"."+x.Name, ".")
	case syntax.Type:
		return x.String()
	case fault.Position:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return "nil"
		}
		return describe(v.Elem())
	case reflect.Slice:
		var items []string
		for i := range v.Len() {
			items = append(items, describe(v.Index(i)))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case reflect.Struct:
		return describeStruct(v)
	}
	return fmt.Sprint(v.Interface())
}

func describeStruct(v reflect.Value) string {
	var fields []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Name != "Fragment" && f.Name != "Position" && !v.Field(i).IsZero() {
			fields = append(fields, f.Name+": "+describe(v.Field(i)))
		}
	}
	return v.Type().Name() + "{" + strings.Join(fields, ", ") + "}"
}

func TestTypesPrintAsCatalogsDo(t *testing.T) {
	for written, want := range map[string]string{
		"int": "integer", "INT8": "bigint", "varchar(max)": "character varying(65535)", "varchar": "character varying(256)",
		"character varying (12)": "character varying(12)", "text": "character varying(256)", "text(10)": "character varying(256)",
		"bpchar": "character(256)", "nchar(3)": "character(3)", "char": "character(1)", "numeric": "numeric(18,0)",
		"decimal(8)": "numeric(8,0)", "dec(8, 2)": "numeric(8,2)", "float": "double precision", "float4": "real",
		"double precision": "double precision", "timestamptz": "timestamp with time zone",
		"timestamp with time zone": "timestamp with time zone", "timestamp": "timestamp without time zone",
		"datetime": "timestamp without time zone", "timetz": "time with time zone", "super": "super", "varbyte": "varbyte(64000)",
	} {
		tokens, err := syntax.Scan(written)
		if err != nil {
			t.Fatal(err)
		}
		got, n, err := syntax.ParseType(tokens)
		if err != nil || got.String() != want || n != len(tokens) {
			t.Errorf("%s: got %s of %d tokens, want %s; %v", written, got, n, want, err)
		}
	}
	for _, bad := range []string{"", "integr", "varchar(x)", "numeric(1,2", "'text'"} {
		tokens, err := syntax.Scan(bad)
		if err != nil {
			t.Fatal(err)
		}
		if got, n, err := syntax.ParseType(tokens); err == nil && n == len(tokens) {
			t.Errorf("%q is no type, got %s", bad, got)
		}
	}
}

// FuzzParse looks for texts that panic, and checks that what parses lies inside of the text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"select 1", "create table t (a int identity(1,1), like b)", "copy t from 's3://b/k' csv", "alter table t append from s",
		"merge into t using s on t.a = s.a remove duplicates", "a'b", "$$", "/*", "with x as (select 1) delete from t", "set a to b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		fragments, err := syntax.Split(script)
		if err != nil {
			return
		}
		for _, fragment := range fragments {
			if script[fragment.Offset:fragment.Offset+len(fragment.Text)] != fragment.Text {
				t.Fatalf("fragment %q is not at %d", fragment.Text, fragment.Offset)
			}
			if s, err := syntax.Parse(fragment); err == nil {
				syntax.Tables(s)
			}
		}
	})
}
