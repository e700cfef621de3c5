package jsonata_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/jsonata"
	"github.com/stepwell/stepwell/value"
)

// suiteCase is one case of the language's own suite.
type suiteCase struct {
	name string
	raw  value.Value
	dir  string
}

func (c *suiteCase) field(name string) value.Value { v, _ := c.raw.Get(name); return v }

func suite(t testing.TB) []*suiteCase {
	var out []*suiteCase
	for _, file := range conformance.Files(t, "jsonata/groups/*/*.json") {
		parsed, err := value.Parse(readFile(t, file))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		cases := parsed.Items()
		if parsed.Kind() != value.Array {
			cases = []value.Value{parsed}
		}
		for i, raw := range cases {
			label := name
			if len(cases) > 1 {
				label += "#" + string(value.OfInt(int64(i)).Text())
			}
			out = append(out, &suiteCase{label, raw, filepath.Dir(file)})
		}
	}
	return out
}

func readFile(t testing.TB, path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (c *suiteCase) expression(t testing.TB) string {
	if file := c.field("expr-file").Str(); file != "" {
		return readFile(t, filepath.Join(c.dir, file))
	}
	return c.field("expr").Str()
}

func (c *suiteCase) input(t testing.TB) value.Value {
	if data := c.field("data"); !data.IsZero() {
		return data
	}
	name := c.field("dataset").Str()
	if name == "" {
		return value.Value{}
	}
	v, err := value.Parse(readFile(t, filepath.Join(c.dir, "..", "..", "datasets", name+".json")))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (c *suiteCase) run(t testing.TB) (value.Value, error) {
	e, err := jsonata.Compile(c.expression(t), jsonata.Reference)
	if err != nil {
		return value.Value{}, err
	}
	bindings := c.field("bindings")
	scope := jsonata.Scope{Lookup: bindings.Get, Now: time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)}
	if depth, ok := c.field("depth").Int(); ok {
		scope.Limits.Depth = int(depth)
	}
	return e.Eval(c.input(t), scope)
}

// difference returns how the outcome of a case differs from the recorded one, empty when it does not.
func (c *suiteCase) difference(t testing.TB) string {
	code := c.field("code").Str()
	if inner, ok := c.field("error").Get("code"); ok {
		code = inner.Str()
	}
	got, err := c.run(t)
	switch {
	case code != "" && err == nil:
		return "expected " + code + ", got " + got.Text()
	case err != nil:
		e, ok := err.(*jsonata.Error)
		if ok && e.Code == code {
			return ""
		}
		return "expected " + code + c.field("result").Text() + ", got " + err.Error()
	case c.field("undefinedResult").Truth():
		if got.IsZero() {
			return ""
		}
	case c.field("unordered").Truth():
		if sameItems(c.field("result"), got) {
			return ""
		}
	case c.field("result").Equal(got):
		return ""
	}
	return "expected " + c.field("result").Text() + ", got " + got.Text()
}

// sameItems compares arrays without regard to order.
func sameItems(a, b value.Value) bool {
	rest := append([]value.Value(nil), b.Items()...)
	for _, x := range a.Items() {
		found := false
		for i, y := range rest {
			if x.Equal(y) {
				rest = append(rest[:i], rest[i+1:]...)
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return len(rest) == 0
}

func TestConformance(t *testing.T) {
	tally := conformance.NewTally(t, "jsonata", "testdata/suite.misses.txt")
	for _, c := range suite(t) {
		var differences []string
		if d := c.difference(t); d != "" {
			differences = []string{c.expression(t) + ": " + d}
		}
		tally.Record(c.name, c.name, differences)
	}
	tally.Close(t)
}
