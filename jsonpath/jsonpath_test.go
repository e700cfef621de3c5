package jsonpath

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/value"
)

// TestTraces runs testdata. Commands:
//
//	document            keeps the JSON text for what follows
//	eval                evaluates each line on the document
//	parse               describes each line, or prints its error
//	set value=JSON      sets each line on the document
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, file string) {
		var document value.Value
		datadriven.RunTest(t, file, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "document" {
				var err error
				if document, err = value.Parse(d.Input); err != nil {
					d.Fatalf(t, "%v", err)
				}
				return ""
			}
			var out strings.Builder
			for line := range strings.Lines(d.Input) {
				line = strings.TrimSuffix(line, "\n")
				fmt.Fprintf(&out, "%s  =>  %s\n", line, traceLine(t, d, line, document))
			}
			return out.String()
		})
	})
}

func traceLine(t *testing.T, d *datadriven.TestData, line string, document value.Value) string {
	p, err := Parse(line)
	if err != nil {
		if _, ok := err.(*ParseError); !ok {
			t.Errorf("%s: error of type %T", line, err)
		}
		return "error: " + err.Error()
	}
	if p.String() != line {
		t.Errorf("%s prints as %s", line, p)
	}
	var result value.Value
	switch d.Cmd {
	case "parse":
		return fmt.Sprintf("%s definite=%v reference=%v", normal(p.steps), p.Definite(), p.IsReference())
	case "eval":
		result, err = p.Eval(document)
	case "set":
		var text string
		d.ScanArgs(t, "value", &text)
		result, err = p.Set(document, value.MustParse(text))
	}
	if err != nil {
		return "error: " + err.Error()
	}
	return result.Compact()
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		path, step        string
		pastEnd, notArray bool
	}{
		{"$.b", "b", false, false},
		{"$.o.x.y", "x", false, false},
		{"$.a[5]", "5", true, false},
		{"$.a[5].x", "5", false, false},
		{"$.o[0]", "0", false, true},
	} {
		p, err := Parse(c.path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Eval(value.MustParse(`{"a":[1],"o":{}}`))
		missing, ok := err.(*MissingError)
		if !ok || missing.Path != c.path || missing.Step != c.step || missing.PastEnd != c.pastEnd || missing.NotArray != c.notArray {
			t.Errorf("%s: %#v", c.path, err)
		}
	}
}

func TestSetNeedsReferencePath(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	p, _ := Parse("$.a[*]")
	p.Set(value.MustParse(`{"a":[]}`), value.NullValue())
}

func TestDeepText(t *testing.T) {
	for _, text := range []string{
		"$[?(" + strings.Repeat("(", 100000), "$[?(" + strings.Repeat("!", 100000) + "@.a)]",
		"$[?(@.a in " + strings.Repeat("[", 100000), "$" + strings.Repeat("[?(@", 100000),
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%.20s… parses", text)
		}
	}
	p, err := Parse("$" + strings.Repeat("..*", 30))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.Eval(value.MustParse(strings.Repeat("[", 60) + strings.Repeat("]", 60))); err == nil {
		t.Error("an explosive path has no limit")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"$.a['b'][0,1][1:2:3]..c[?(@.x == 'y' && !(@.z =~ /a/i))].length()", "$.[?(@ in [1,'a'])]"} {
		f.Add(seed)
	}
	document := value.MustParse(`{"a":[{"b":1,"x":"y"},[2,"c"]],"c":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		if p.String() != text {
			t.Errorf("%q prints as %q", text, p)
		}
		p.Eval(document)
		if p.IsReference() {
			p.Set(document, value.NullValue())
		}
	})
}
