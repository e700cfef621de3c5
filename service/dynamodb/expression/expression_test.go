package expression

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

// The first line is an item, the others are expressions; each is answered on a line of its own. Placeholders are those of
// every case: #n is name, and the values are :one, :two, :s …
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			first, rest, _ := strings.Cut(d.Input, "\n")
			item, err := attribute.ParseItem(value.MustParse(first))
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			var out strings.Builder
			for text := range strings.Lines(rest) {
				fmt.Fprintln(&out, answer(d.Cmd, strings.TrimSuffix(text, "\n"), item))
			}
			return out.String()
		})
	})
}

var testNames = map[string]string{"#n": "name", "#dotted": "a.b"}

const testValues = `{":one": {"N": "1"}, ":two": {"N": "2"}, ":s": {"S": "x"}, ":prefix": {"S": "ab"}, ":type": {"S": "SS"}, ":notype": {"S": "BOOL2"},
	":set": {"SS": ["x", "y"]}, ":x": {"SS": ["x"]}, ":list": {"L": [{"N": "1"}]}, ":empty": {"L": []}, ":map": {"M": {"k": {"S": "v"}}}, ":bool": {"BOOL": true},
	":null": {"NULL": true}, ":numbers": {"NS": ["1", "2"]}, ":big": {"N": "99999999999999999999999999999999999999"}, ":b": {"B": "YWI="}}`

func testScope() *Scope {
	values, err := attribute.ParseItem(value.MustParse(testValues))
	if err != nil {
		panic(err)
	}
	return NewScope(testNames, values)
}

func answer(command, text string, item attribute.Item) string {
	before := item.JSON().Compact()
	out, err := evaluate(command, text, item)
	if err != nil {
		return "error: " + err.Error()
	}
	if item.JSON().Compact() != before {
		return "the item was changed"
	}
	return out
}

func evaluate(command, text string, item attribute.Item) (string, error) {
	scope := testScope()
	switch command {
	case "condition":
		c, err := scope.Condition(Condition, text)
		if err != nil {
			return "", err
		}
		return fmt.Sprint(c.Holds(item)), nil
	case "update":
		u, err := scope.Update(text)
		if err != nil {
			return "", err
		}
		after, err := u.Apply(item)
		return after.JSON().Compact(), err
	case "project":
		s, err := scope.Projection(text)
		return s.Of(item).JSON().Compact(), err
	}
	terms, err := scope.KeyCondition(text)
	return fmt.Sprint(terms), err
}

func TestUnused(t *testing.T) {
	scope := NewScope(map[string]string{"#b": "b", "#a": "a"}, attribute.Item{":v": attribute.OfInt(1)})
	if _, err := scope.Condition(Filter, "#a = :v"); err != nil {
		t.Fatal(err)
	}
	if err := scope.CheckUsed(); err == nil || !strings.HasSuffix(err.Error(), "keys: {#b}") {
		t.Error(err)
	}
}

// No text makes the parsers panic or the evaluation change the item.
func FuzzExpressions(f *testing.F) {
	for _, text := range []string{"a = :one AND NOT (b < :two)", "SET a = if_not_exists(b.c[0], :one) + :two REMOVE l[1] ADD n :one DELETE s :set",
		"a, b.c, l[0]", "a = :one AND begins_with(b, :prefix)", "size(a) BETWEEN :one AND :two OR #n IN (:s, :s)"} {
		f.Add(text)
	}
	item, err := attribute.ParseItem(value.MustParse(`{"a": {"N": "1"}, "l": {"L": [{"S": "x"}]}, "b": {"M": {"c": {"L": []}}}, "s": {"SS": ["x"]}}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, command := range []string{"condition", "update", "project", "keys"} {
			if answer(command, text, item) == "the item was changed" {
				t.Errorf("%s %s", command, text)
			}
		}
	})
}
