package jsonpath

import (
	"fmt"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// maxVisits bounds one evaluation: several scans in one path (..*..*) grow with a power of the input's size.
const maxVisits = 1_000_000

// walk is one evaluation of a path.
type walk struct {
	path   *Path
	root   value.Value
	visits *int
}

func (w *walk) spend() error {
	if *w.visits++; *w.visits > maxVisits {
		return fault.Invalidf("path %s visits more than %d values", w.path.text, maxVisits)
	}
	return nil
}

// Eval returns what the path selects: for a definite path the value itself, for an indefinite one an array of all
// matches. The error is a *MissingError, also for an indefinite path whose definite beginning leads nowhere, or a
// *fault.Fault when a function has nothing to work on or the path visits too much.
func (p *Path) Eval(root value.Value) (value.Value, error) {
	if v, ok := p.follow(root); ok {
		return v, nil
	}
	visits := 0
	return p.eval(root, root, &visits)
}

// follow goes the way of a path of names and indices, the frequent case. ok is false for other paths and when it leads nowhere, about
// which eval says more.
func (p *Path) follow(v value.Value) (found value.Value, ok bool) {
	for _, s := range p.steps {
		switch s := s.(type) {
		case members:
			if len(s) > 1 {
				return v, false
			}
			v, ok = v.Get(s[0])
		case indices:
			items := v.Items()
			if ok = len(s) == 1 && s[0] >= 0 && s[0] < len(items); ok {
				v = items[s[0]]
			}
		default:
			ok = false
		}
		if !ok {
			return v, false
		}
	}
	return v, true
}

func (p *Path) eval(root, from value.Value, visits *int) (value.Value, error) {
	w := &walk{path: p, root: root, visits: visits}
	if n := len(p.steps); n > 1 && isScan(p.steps[0]) {
		if f, ok := p.steps[n-1].(call); ok {
			matches, err := w.all(p.steps[:n-1], from)
			if err != nil {
				return value.Value{}, err
			}
			return f.result(value.OfItems(matches), scope{root: root, here: from, walk: w})
		}
	}
	if !p.Definite() {
		matches, err := w.all(p.steps, from)
		return value.OfItems(matches), err
	}
	var found value.Value
	err := w.run(p.steps, 0, from, func(v value.Value) error { found = v; return nil })
	return found, err
}

func (w *walk) all(steps []step, from value.Value) ([]value.Value, error) {
	matches := []value.Value{}
	err := w.run(steps, 0, from, func(v value.Value) error {
		matches = append(matches, v)
		return w.spend()
	})
	return matches, err
}

// run applies the steps from number i on. As long as all steps before were definite, a step that finds nothing is an error.
func (w *walk) run(steps []step, i int, v value.Value, visit visitor) error {
	if i == len(steps) {
		return visit(v)
	}
	s := steps[i]
	if names, ok := s.(members); ok && len(names) > 1 && i == len(steps)-1 {
		if v.Kind() != value.Object {
			return w.unless(steps, i, w.missing(steps, i, v))
		}
		return visit(names.pick(v))
	}
	found := false
	err := s.apply(v, w, func(child value.Value) error {
		found = true
		return w.run(steps, i+1, child, visit)
	})
	if err != nil || found {
		return err
	}
	return w.unless(steps, i, w.missing(steps, i, v))
}

// unless returns the error when all steps before number i are definite, for then Jayway is strict.
func (w *walk) unless(steps []step, i int, missing *MissingError) error {
	if missing == nil || !allDefinite(steps[:i]) {
		return nil
	}
	return missing
}

// missing says why step i found nothing in v, nil when that is no error.
func (w *walk) missing(steps []step, i int, v value.Value) *MissingError {
	fail := func(format string, args ...any) *MissingError {
		return &MissingError{Path: w.path.text, Step: stepName(steps[i]), Reason: fmt.Sprintf(format, args...)}
	}
	switch s := steps[i].(type) {
	case members:
		switch {
		case v.Kind() != value.Object:
			return fail(notObject, s, normal(steps[:i]), className(v))
		case i == len(steps)-1:
			return fail("No results for path: %s", normal(steps[:i+1]))
		}
		return fail("Missing property in path %s", normal(steps[:i+1]))
	case indices, slice:
		if v.Kind() != value.Array {
			e := fail("Filter: %s can only be applied to arrays. Current context is: %s", s, v.Compact())
			e.NotArray = true
			return e
		}
	}
	if !steps[i].definite() {
		return nil
	}
	if i < len(steps)-1 {
		return fail(notObject, steps[i+1], normal(steps[:i+1]), "null")
	}
	e := fail("No results for path: %s", normal(steps))
	e.PastEnd = true
	return e
}

const notObject = "Expected to find an object with property %s in path %s but found '%s'. This is not a json object " +
	"according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'."

func stepName(s step) string {
	if name, index, ok := reference(s); ok && index < 0 {
		return name
	}
	return strings.Trim(s.String(), "[].")
}

// className is the Java class of AWS's implementation, which its messages show.
func className(v value.Value) string {
	class := map[value.Kind]string{
		value.None: "null", value.Null: "NullNode", value.Bool: "BooleanNode", value.String: "TextNode",
		value.Array: "ArrayNode", value.Object: "ObjectNode", value.Number: "DoubleNode",
	}[v.Kind()]
	if i, ok := v.Int(); ok && !strings.ContainsAny(v.Spelling(), ".eE") {
		class = "IntNode"
		if i != int64(int32(i)) {
			class = "LongNode"
		}
	}
	if v.IsZero() {
		return class
	}
	return "com.fasterxml.jackson.databind.node." + class
}
