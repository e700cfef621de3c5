package intrinsic

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// maxRange is how many items States.ArrayRange may make.
const maxRange = 1000

func array(arguments []value.Value, _ *Scope) (value.Value, error) {
	return value.OfItems(arguments), nil
}

func arrayContains(arguments []value.Value, _ *Scope) (value.Value, error) {
	if arguments[0].Kind() != value.Array {
		return value.Value{}, errArguments
	}
	return value.OfBool(slices.ContainsFunc(arguments[0].Items(), arguments[1].Equal)), nil
}

func arrayGetItem(arguments []value.Value, _ *Scope) (value.Value, error) {
	items := arguments[0].Items()
	i, ok := arguments[1].Int()
	if !ok || i < 0 || i >= int64(len(items)) {
		return value.Value{}, errArguments
	}
	return items[i], nil
}

func arrayLength(arguments []value.Value, _ *Scope) (value.Value, error) {
	if arguments[0].Kind() != value.Array {
		return value.Value{}, errArguments
	}
	return value.OfInt(int64(arguments[0].Len())), nil
}

func arrayPartition(arguments []value.Value, _ *Scope) (value.Value, error) {
	size, ok := integer(arguments[1])
	if !ok || size < 1 || arguments[0].Kind() != value.Array {
		return value.Value{}, errArguments
	}
	parts := []value.Value{}
	for part := range slices.Chunk(arguments[0].Items(), int(size)) {
		parts = append(parts, value.OfItems(part))
	}
	return value.OfItems(parts), nil
}

func arrayRange(arguments []value.Value, _ *Scope) (value.Value, error) {
	first, ok1 := integer(arguments[0])
	last, ok2 := integer(arguments[1])
	step, ok3 := integer(arguments[2])
	if !ok1 || !ok2 || !ok3 || step == 0 {
		return value.Value{}, errArguments
	}
	items := []value.Value{}
	for i := first; step > 0 && i <= last || step < 0 && i >= last; i += step {
		if len(items) == maxRange {
			return value.Value{}, errArguments
		}
		items = append(items, value.OfInt(i))
	}
	return value.OfItems(items), nil
}

func arrayUnique(arguments []value.Value, _ *Scope) (value.Value, error) {
	if arguments[0].Kind() != value.Array {
		return value.Value{}, errArguments
	}
	unique := []value.Value{}
	seen := map[string]bool{}
	for _, item := range arguments[0].Items() {
		key := string(appendIdentity(nil, item))
		if !seen[key] {
			seen[key] = true
			unique = append(unique, item)
		}
	}
	return value.OfItems(unique), nil
}

// appendIdentity prints equal values (value.Equal) equally, so that unique values of a long array are found by a map.
func appendIdentity(out []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.Number:
		f, _ := v.Float()
		return strconv.AppendFloat(out, f, 'g', -1, 64)
	case value.Array:
		out = append(out, '[')
		for _, item := range v.Items() {
			out = append(appendIdentity(out, item), ',')
		}
		return append(out, ']')
	case value.Object:
		members := slices.SortedFunc(slices.Values(v.Members()), func(a, b value.Member) int { return strings.Compare(a.Key, b.Key) })
		out = append(out, '{')
		for _, m := range members {
			out = append(appendIdentity(append(value.AppendQuoted(out, m.Key), ':'), m.Value), ',')
		}
		return append(out, '}')
	}
	return append(out, v.Compact()...)
}
