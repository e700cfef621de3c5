package jsonpath

import (
	"math"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// functions are what may end a path. Each takes the value before it and its arguments.
var functions = map[string]func(v value.Value, arguments []value.Value) (value.Value, error){
	"length": func(v value.Value, _ []value.Value) (value.Value, error) { return sizeOf(v), nil },
	"size":   func(v value.Value, _ []value.Value) (value.Value, error) { return sizeOf(v), nil },
	"keys":   keys,
	"concat": concat,
	"append": func(v value.Value, arguments []value.Value) (value.Value, error) {
		return value.OfItems(append(slices.Clone(v.Items()), arguments...)), nil
	},
	"first":  func(v value.Value, _ []value.Value) (value.Value, error) { return item(v, 0) },
	"last":   func(v value.Value, _ []value.Value) (value.Value, error) { return item(v, -1) },
	"index":  index,
	"min":    aggregate(slices.Min[[]float64]),
	"max":    aggregate(slices.Max[[]float64]),
	"sum":    aggregate(sum),
	"avg":    aggregate(mean),
	"stddev": aggregate(deviation),
}

func (p *parser) call(name string, start int) (step, error) {
	if _, ok := functions[name]; !ok {
		p.at = start
		return nil, p.fail("unknown function %s()", name)
	}
	p.at++
	p.depth++
	defer func() { p.depth-- }()
	c := call{name: name}
	for p.space(); !p.skip(")"); p.space() {
		if len(c.arguments) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		argument, err := p.operand()
		if err != nil {
			return nil, err
		}
		c.arguments = append(c.arguments, argument)
	}
	return c, nil
}

func (s call) result(v value.Value, sc scope) (value.Value, error) {
	arguments := make([]value.Value, 0, len(s.arguments))
	for _, argument := range s.arguments {
		if got := argument.value(sc); !got.IsZero() {
			arguments = append(arguments, got)
		}
	}
	result, err := functions[s.name](v, arguments)
	if err != nil {
		return value.Value{}, fault.Invalidf("path %s: %s(): %s", sc.walk.path.text, s.name, err)
	}
	return result, nil
}

func sizeOf(v value.Value) value.Value {
	if k := v.Kind(); k == value.Array || k == value.Object {
		return value.OfInt(int64(v.Len()))
	}
	return value.NullValue()
}

func keys(v value.Value, _ []value.Value) (value.Value, error) {
	if v.Kind() != value.Object {
		return value.NullValue(), nil
	}
	names := make([]string, 0, v.Len())
	for _, m := range v.Members() {
		names = append(names, m.Key)
	}
	return value.OfStrings(names...), nil
}

func concat(v value.Value, arguments []value.Value) (value.Value, error) {
	var out strings.Builder
	for _, part := range append(slices.Clone(v.Items()), arguments...) {
		if part.Kind() == value.String {
			out.WriteString(part.Str())
		}
		out.WriteString(part.Spelling())
	}
	return value.OfString(out.String()), nil
}

func item(v value.Value, i int) (value.Value, error) {
	if i < 0 {
		i += v.Len()
	}
	if items := v.Items(); i >= 0 && i < len(items) {
		return items[i], nil
	}
	return value.Value{}, fault.Invalidf("no item at this place")
}

func index(v value.Value, arguments []value.Value) (value.Value, error) {
	if len(arguments) == 1 {
		if i, ok := arguments[0].Int(); ok && i == int64(int32(i)) {
			return item(v, int(i))
		}
	}
	return value.Value{}, fault.Invalidf("expected one integer")
}

func aggregate(of func([]float64) float64) func(value.Value, []value.Value) (value.Value, error) {
	return func(v value.Value, arguments []value.Value) (value.Value, error) {
		var numbers []float64
		for _, part := range append(slices.Clone(v.Items()), arguments...) {
			if f, ok := part.Float(); ok {
				numbers = append(numbers, f)
			}
		}
		if len(numbers) == 0 {
			return value.Value{}, fault.Invalidf("no numbers")
		}
		return double(of(numbers)), nil
	}
}

// double spells a whole number as Java spells a double: 6.0.
func double(f float64) value.Value {
	v := value.OfFloat(f)
	if spelling := v.Spelling(); spelling != "" && !strings.ContainsAny(spelling, ".e") {
		return value.OfNumber(spelling + ".0")
	}
	return v
}

func sum(numbers []float64) float64 {
	total := 0.0
	for _, f := range numbers {
		total += f
	}
	return total
}

func mean(numbers []float64) float64 { return sum(numbers) / float64(len(numbers)) }

func deviation(numbers []float64) float64 {
	average, total := mean(numbers), 0.0
	for _, f := range numbers {
		total += (f - average) * (f - average)
	}
	return math.Sqrt(total / float64(len(numbers)))
}
