package intrinsic

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

// TestTraces runs testdata. Commands:
//
//	input               keeps the JSON text for what follows
//	eval                evaluates each line; $$ is {"Execution":{"Id":"e1"}}, $count is 7, $list is [1,2]
//	parse               describes each line, or prints its error
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, file string) {
		scope := testScope(value.EmptyObject())
		datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "input" {
				scope = testScope(value.MustParse(d.Input))
				return ""
			}
			var out strings.Builder
			for line := range strings.Lines(d.Input) {
				line = strings.TrimSuffix(line, "\n")
				fmt.Fprintf(&out, "%s  =>  %s\n", line, traceLine(t, d.Cmd, line, scope))
			}
			return out.String()
		})
	})
}

func traceLine(t *testing.T, command, line string, scope *Scope) string {
	e, err := Parse(line)
	if err != nil {
		if _, ok := err.(*ParseError); !ok {
			t.Errorf("%s: error of type %T", line, err)
		}
		return "error: " + err.Error()
	}
	if e.String() != line {
		t.Errorf("%s prints as %s", line, e)
	}
	if command == "parse" {
		kind := [...]string{"input path", "context path", "variable", "invocation"}[e.Kind()]
		text := fmt.Sprintf("%s, reference=%v, variables=%v", kind, e.IsReference(), e.Variables())
		if e.Path() != nil {
			text += ", path " + e.Path().String()
		}
		return text
	}
	v, err := e.Eval(scope)
	if err != nil {
		return fmt.Sprintf("%T: %s", err, err)
	}
	return v.Compact()
}

func testScope(input value.Value) *Scope {
	variables := map[string]value.Value{"count": value.OfInt(7), "list": value.MustParse("[1,2]"), "größe": value.OfInt(1)}
	draws := uint64(0)
	return &Scope{
		Input:   input,
		Context: value.MustParse(`{"Execution":{"Id":"e1"}}`),
		Variable: func(name string) (value.Value, bool) {
			v, ok := variables[name]
			return v, ok
		},
		Random: func() uint64 { draws++; return draws * 0x0123456789abcdef },
	}
}

// A missing path carries the expression as it was written, whatever it is counted from.
func TestMissingPath(t *testing.T) {
	for _, text := range []string{"$.a", "$$.a", "$count.a"} {
		e, _ := Parse(text)
		_, err := e.Eval(testScope(value.EmptyObject()))
		var missing *jsonpath.MissingError
		if !errors.As(err, &missing) || missing.Path != text {
			t.Errorf("%s: %#v", text, err)
		}
	}
}

func TestRandomRange(t *testing.T) {
	e, _ := Parse("States.MathRandom(-2, 3)")
	scope := testScope(value.EmptyObject())
	for _, c := range []struct {
		draw uint64
		want string
	}{{0, "-2"}, {1 << 63, "0"}, {1<<64 - 1, "2"}} {
		scope.Random = func() uint64 { return c.draw }
		if v, err := e.Eval(scope); err != nil || v.Text() != c.want {
			t.Errorf("draw %x gives %s, %v; want %s", c.draw, v, err, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", maxData)
	for expression, want := range map[string]bool{
		"States.Hash('" + long + "', 'MD5')":                                    true,
		"States.Hash('" + long + "x', 'MD5')":                                   false,
		"States.Base64Encode('" + long + "x')":                                  false,
		"States.Base64Decode('" + long + "')":                                   true,
		"States.ArrayRange(1, 1000, 1)":                                         true,
		"States.ArrayRange(1, 1001, 1)":                                         false,
		strings.Repeat("States.Array(", 10) + "1" + strings.Repeat(")", 10):     true,
		strings.Repeat("States.Array(", 11) + "1" + strings.Repeat(")", 11):     false,
		strings.Repeat("States.Array(", 99999) + "1" + strings.Repeat(")", 999): false,
	} {
		e, err := Parse(expression)
		if err == nil {
			_, err = e.Eval(testScope(value.EmptyObject()))
		}
		if (err == nil) != want {
			t.Errorf("%.40s…: %v", expression, err)
		}
	}
}

// A quadratic search would take minutes here.
func TestUniqueOfMany(t *testing.T) {
	var items []value.Value
	for i := range int64(200_000) {
		items = append(items, value.OfItems([]value.Value{value.OfInt(i / 2)}))
	}
	v, err := arrayUnique([]value.Value{value.OfItems(items)}, nil)
	if err != nil || v.Len() != 100_000 {
		t.Errorf("%d unique items, %v", v.Len(), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`States.Format('\{{}', $.a[?(@.b == ')')], $$.x, $v.y, States.Array(1, null))`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text)
		if err != nil {
			if bad, ok := err.(*ParseError); !ok || bad.Column < 1 || bad.Column > len(text)+1 {
				t.Errorf("%q: %#v", text, err)
			}
			return
		}
		if e.String() != text {
			t.Errorf("%q prints as %q", text, e)
		}
		e.Eval(testScope(value.MustParse(`{"a":[1,{"b":")"}]}`)))
	})
}
