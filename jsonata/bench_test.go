package jsonata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/jsonata"
	"github.com/stepwell/stepwell/value"
)

// orders is an array of n small objects.
func orders(n int) value.Value {
	var text strings.Builder
	text.WriteString(`{"items":[`)
	for i := range n {
		if i > 0 {
			text.WriteByte(',')
		}
		fmt.Fprintf(&text, `{"id":%d,"price":%d.5,"name":"item %d"}`, i, i%100, i)
	}
	text.WriteString("]}")
	return value.MustParse(text.String())
}

// BenchmarkEval has a counterpart in bench/jsonata, which runs the same expressions on the reference implementation.
func BenchmarkEval(b *testing.B) {
	states := value.MustParse(`{"input":{"a":41}}`)
	items := orders(1000)
	for _, c := range []struct{ name, text string }{
		{"small", `$states.input.a + 1`},
		{"map", `$map($states.input.items, function($v) { $v.price * 2 })`},
		{"filter", `$filter($states.input.items, function($v) { $v.price > 50 })`},
		{"path", `$states.input.items[price > 50].(price * 2)`},
	} {
		e, err := jsonata.Compile(c.text, jsonata.StepFunctions)
		if err != nil {
			b.Fatal(err)
		}
		input := states
		if c.name != "small" {
			input = value.OfMembers(value.Member{Key: "input", Value: items})
		}
		scope := jsonata.Scope{Lookup: func(name string) (value.Value, bool) { return input, name == "states" }}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Eval(value.Value{}, scope); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
