package jsonpath_test

import (
	"testing"

	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

// BenchmarkRead reads three levels deep in an input that was read before, as the fields of a state do one after the other.
func BenchmarkRead(b *testing.B) {
	input := value.MustParse(`{"run": "2026-03-01", "load": {"tables": ["dim_item", "dim_customer"], "options": {"mode": "full", "day": 1}}}`)
	for _, text := range []string{"$.load.options.mode", "$.load.tables[1]"} {
		path, err := jsonpath.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := path.Eval(input); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
