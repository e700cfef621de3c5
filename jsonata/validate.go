package jsonata

import (
	"strings"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

var arrayTypes = map[string]string{"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}

// validate checks arguments against a signature: the context stands in for a missing one where the signature says so, and a single
// value becomes an array where one is expected.
func validate(s *syntax.Signature, args []item, context item) ([]item, error) {
	if out, ok := direct(s, args); ok {
		return out, nil
	}
	types := make([]byte, len(args))
	for i, x := range args {
		types[i] = letters[kindOf(x)]
	}
	counts, bad, ok := s.Match(types)
	if !ok {
		err := fail("T0410")
		if bad < len(args) {
			err.Value = describe(args[bad])
		}
		err.Index = bad + 1
		return nil, err
	}
	d := &dealer{args: args, types: types, context: context}
	for i, count := range counts {
		if err := d.deal(&s.Parameters[i], count); err != nil {
			return nil, err
		}
	}
	return d.out, nil
}

// direct is the frequent case: every parameter has its argument, and none is an array to be looked into.
func direct(s *syntax.Signature, args []item) ([]item, bool) {
	if len(args) != len(s.Parameters) {
		return nil, false
	}
	for i := range args {
		p := &s.Parameters[i]
		k := kindOf(args[i])
		if p.Many || p.Letter == 'a' && (k != array || p.Subtype != "") || !fits(p, letters[k]) {
			return nil, false
		}
	}
	return args, true
}

func fits(p *syntax.Parameter, letter byte) bool { return strings.IndexByte(p.Types, letter) >= 0 }

// dealer hands the arguments to the parameters.
type dealer struct {
	args, out []item
	types     []byte
	next      int
	context   item
}

func (d *dealer) arg() item {
	d.next++
	if d.next <= len(d.args) {
		return d.args[d.next-1]
	}
	return nil
}

func (d *dealer) deal(p *syntax.Parameter, count int) error {
	if count == 0 {
		if !p.Context {
			d.out = append(d.out, d.arg())
			return nil
		}
		if !fits(p, letters[kindOf(d.context)]) {
			err := failWith("T0411", d.context)
			err.Index = d.next + 1
			return err
		}
		d.out = append(d.out, d.context)
		return nil
	}
	taken := string(d.types[d.next:min(d.next+count, len(d.types))])
	for range count {
		x := d.arg()
		if p.Letter == 'a' && x != nil {
			if !itemsFit(p, x, taken) {
				err := failWith("T0412", x)
				err.Index, err.Type = d.next, arrayTypes[p.Subtype]
				return err
			}
			if !isArray(x) {
				x = &list{items: []item{x}}
			}
		}
		d.out = append(d.out, x)
	}
	return nil
}

// itemsFit checks the items of an array against the type that the signature gives them.
func itemsFit(p *syntax.Parameter, x item, taken string) bool {
	if p.Subtype == "" {
		return true
	}
	if !isArray(x) {
		return taken == p.Subtype
	}
	for i := range length(x) {
		if letters[kindOf(at(x, i))] != p.Subtype[0] {
			return false
		}
	}
	return true
}
