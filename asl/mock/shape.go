package mock

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/value"
)

//go:embed shapes.txt
var text string

// catalog is shapes.txt after it was read.
type catalog struct {
	operations map[string][]field
	structures map[string][]field
}

type field struct {
	name     string
	required bool
	shape    shape
}

// shape is what one value may be.
type shape struct {
	kind        value.Kind
	element     *shape // of a list or a map
	structure   string // of an object that is no map
	values      []string
	least, most *float64 // length of a text, range of a number
}

// anything is the kind of a value that may be of any.
const anything = value.Null

var shapes = sync.OnceValue(func() catalog {
	c := catalog{map[string][]field{}, map[string][]field{}}
	for line := range strings.Lines(text) {
		name, list, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		into := c.structures
		if strings.Contains(name, ":") {
			into = c.operations
		}
		into[name] = fields(list)
	}
	return c
})

func fields(list string) []field {
	var all []field
	for part := range strings.SplitSeq(list, ", ") {
		name, kind, _ := strings.Cut(part, " ")
		name, required := strings.CutSuffix(name, "!")
		all = append(all, field{name, required, parseShape(kind)})
	}
	return all
}

// plain are the names of values that are no lists, maps or structures.
var plain = map[string]value.Kind{
	"text": value.String, "time": value.String, "blob": value.String, "number": value.Number, "boolean": value.Bool, "any": anything,
}

func parseShape(text string) shape {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		element := parseShape(strings.TrimSuffix(inner, "]"))
		return shape{kind: value.Array, element: &element}
	}
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		element := parseShape(strings.TrimSuffix(inner, "}"))
		return shape{kind: value.Object, element: &element}
	}
	name, limits, _ := strings.Cut(strings.TrimSuffix(text, ")"), "(")
	kind, ok := plain[name]
	if !ok {
		return shape{kind: value.Object, structure: name}
	}
	s := shape{kind: kind}
	if least, most, isRange := strings.Cut(limits, ".."); isRange {
		s.least, s.most = limit(least), limit(most)
	} else if limits != "" {
		s.values = strings.Split(limits, "|")
	}
	return s
}

func limit(text string) *float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil
	}
	return &n
}
