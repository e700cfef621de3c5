package jsonata

import (
	"math"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// maxNesting is how deep a result may nest.
const maxNesting = value.MaxDepth - 1

// result makes a value of what an expression gave. A function has no JSON form: the reference makes an empty string of it, Step
// Functions refuses it.
func (m *evaluation) result(x item, depth int) (value.Value, error) {
	if depth > maxNesting {
		return value.Value{}, stackOverflow()
	}
	switch x := x.(type) {
	case value.Value:
		return x, nil
	case bool:
		return value.OfBool(x), nil
	case float64:
		if m.dialect == StepFunctions && (math.IsInf(x, 0) || math.IsNaN(x)) {
			return value.Value{}, failWith("D1001", value.NullValue())
		}
		return numberValue(x), nil
	case string:
		return value.OfString(x), nil
	case *list, span:
		return m.arrayResult(x, depth)
	case *record:
		fields := make([]value.Member, 0, len(x.members))
		for _, f := range x.members {
			v, err := m.result(f.value, depth+1)
			if err != nil {
				return value.Value{}, err
			}
			fields = append(fields, value.Member{Key: f.key, Value: v})
		}
		return value.OfMembers(fields...), nil
	case *function:
		if m.dialect == StepFunctions {
			return value.Value{}, &Error{Code: NoValue, Position: -1, Message: "A function has no value"}
		}
		return value.OfString(""), nil
	}
	return value.NullValue(), nil
}

func (m *evaluation) arrayResult(x item, depth int) (value.Value, error) {
	n := length(x)
	if err := m.allocate(n * itemSize); err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, n)
	for i := range items {
		v, err := m.result(at(x, i), depth+1)
		if err != nil {
			return value.Value{}, err
		}
		items[i] = v
	}
	return value.OfItems(items), nil
}

func numberValue(f float64) value.Value {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return value.NullValue()
	}
	return value.OfNumber(spell(f))
}

// spell prints a number as JavaScript does.
func spell(f float64) string {
	switch {
	case f == 0:
		return "0"
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if i := int64(f); float64(i) == f && i > -1e15 && i < 1e15 {
		return strconv.FormatInt(i, 10)
	}
	if size := math.Abs(f); size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	s := strconv.FormatFloat(f, 'e', -1, 64)
	// JavaScript writes 1e-7 where Go writes 1e-07.
	if at := len(s) - 2; s[at] == '0' && (s[at-1] == '-' || s[at-1] == '+') {
		s = s[:at] + s[at+1:]
	}
	return s
}

// spellRounded prints a number with at most 15 significant digits, as $string does.
func spellRounded(f float64) string {
	if f != math.Trunc(f) {
		f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'e', 14, 64), 64)
	}
	return spell(f)
}

// printer writes items as JSON text.
type printer struct {
	m      *evaluation
	out    strings.Builder
	pretty bool
	exact  bool // numbers with all their digits
}

// print is $string: strings as they are, functions empty, everything else as JSON.
func (m *evaluation) print(x item, pretty bool) (string, error) {
	if s, ok := str(x); ok {
		return s, nil
	}
	if f, ok := float(x); ok {
		if math.IsInf(f, 0) || math.IsNaN(f) {
			return "", fail("D3001")
		}
		return spellRounded(f), nil
	}
	if kindOf(x) == callable {
		return "", nil
	}
	if l, ok := x.(*list); ok && l.outer && len(l.items) > 0 {
		x = l.items[0]
	}
	p := &printer{m: m, pretty: pretty}
	if err := p.write(x, 0); err != nil {
		return "", err
	}
	return p.out.String(), m.allocate(p.out.Len())
}

func (p *printer) write(x item, depth int) error {
	if depth > maxNesting {
		return stackOverflow()
	}
	switch kindOf(x) {
	case boolean:
		b, _ := truth(x)
		p.out.WriteString(strconv.FormatBool(b))
	case number:
		f, _ := float(x)
		switch {
		case math.IsInf(f, 0):
			return failWith("D1001", value.NullValue())
		case p.exact:
			p.out.WriteString(spell(f))
		default:
			p.out.WriteString(spellRounded(f))
		}
	case text:
		s, _ := str(x)
		p.out.Write(value.AppendQuoted(nil, s))
	case callable:
		p.out.WriteString(`""`)
	case array:
		return p.array(x, depth)
	case object:
		return p.object(x, depth)
	default:
		p.out.WriteString("null")
	}
	return nil
}

func (p *printer) array(x item, depth int) error {
	n := length(x)
	if err := p.m.spend(n); err != nil {
		return err
	}
	p.out.WriteByte('[')
	for i := range n {
		p.begin(i, depth+1)
		if err := p.write(at(x, i), depth+1); err != nil {
			return err
		}
	}
	p.end(n, depth, ']')
	return nil
}

func (p *printer) object(x item, depth int) error {
	all := members(x)
	p.out.WriteByte('{')
	for i, f := range all {
		p.begin(i, depth+1)
		p.out.Write(value.AppendQuoted(nil, f.key))
		p.out.WriteByte(':')
		if p.pretty {
			p.out.WriteByte(' ')
		}
		if err := p.write(f.value, depth+1); err != nil {
			return err
		}
	}
	p.end(len(all), depth, '}')
	return nil
}

func (p *printer) begin(i, depth int) {
	if i > 0 {
		p.out.WriteByte(',')
	}
	if p.pretty {
		p.newline(depth)
	}
}

func (p *printer) end(n, depth int, closing byte) {
	if p.pretty && n > 0 {
		p.newline(depth)
	}
	p.out.WriteByte(closing)
}

func (p *printer) newline(depth int) {
	p.out.WriteByte('\n')
	for range depth {
		p.out.WriteString("  ")
	}
}
