package pattern

import (
	"net/netip"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Parse compiles a pattern. Errors are invalid and say where in the pattern the reason is: detail.key.
func Parse(source string) (*Pattern, error) {
	v, err := value.Parse(source)
	if err != nil {
		return nil, fault.Invalidf("it is not JSON: %v", err)
	}
	if v.Kind() != value.Object {
		return nil, fault.Invalidf("Filter is not an object")
	}
	root, err := object(v, "")
	if err != nil {
		return nil, err
	}
	return &Pattern{*root}, nil
}

func wrong(path, reason string, args ...any) error {
	if path != "" {
		reason = strings.TrimPrefix(path, ".") + ": " + reason
	}
	return fault.Invalidf(reason, args...)
}

func object(v value.Value, path string) (*node, error) {
	members := v.Members()
	if len(members) == 0 {
		return nil, wrong(path, "Empty objects are not allowed")
	}
	n := &node{}
	for _, m := range members {
		if m.Key == "$or" && m.Value.Kind() == value.Array && areObjects(m.Value.Items()) {
			alternatives, err := oneOf(m.Value.Items(), path)
			if err != nil {
				return nil, err
			}
			n.alternatives = append(n.alternatives, alternatives)
			continue
		}
		f, err := member(m, path+"."+m.Key)
		if err != nil {
			return nil, err
		}
		n.fields = append(n.fields, f)
	}
	return n, nil
}

// areObjects tells $or from a key of that name, whose list holds values: $or has at least two objects.
func areObjects(items []value.Value) bool {
	for _, item := range items {
		if item.Kind() != value.Object {
			return false
		}
	}
	return len(items) > 1
}

func oneOf(items []value.Value, path string) ([]node, error) {
	var alternatives []node
	for _, item := range items {
		n, err := object(item, path)
		if err != nil {
			return nil, err
		}
		alternatives = append(alternatives, *n)
	}
	return alternatives, nil
}

func member(m value.Member, path string) (field, error) {
	f := field{key: m.Key}
	var err error
	switch m.Value.Kind() {
	case value.Object:
		f.inner, err = object(m.Value, path)
	case value.Array:
		f.conditions, err = conditions(m.Value.Items(), path)
	default:
		err = wrong(path, "%q must be an object or an array", m.Key)
	}
	return f, err
}

func conditions(items []value.Value, path string) ([]condition, error) {
	if len(items) == 0 {
		return nil, wrong(path, "Empty arrays are not allowed")
	}
	list := make([]condition, len(items))
	for i, item := range items {
		var err error
		switch item.Kind() {
		case value.Object:
			list[i], err = expression(item, path)
		case value.Array:
			err = wrong(path, "Match value must be String, number, true, false, or null")
		default:
			list[i] = equal(item)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// expression reads a match expression, an object of one key.
func expression(v value.Value, path string) (condition, error) {
	members := v.Members()
	if len(members) != 1 {
		return nil, wrong(path, "Only one key allowed in match expression")
	}
	name, argument := members[0].Key, members[0].Value
	switch name {
	case "exists":
		if argument.Kind() != value.Bool {
			return nil, wrong(path, "exists match pattern must be either true or false.")
		}
		return exists(argument.Truth()), nil
	case "numeric":
		return numeric(argument, path)
	case "cidr":
		return cidr(argument, path)
	case "anything-but":
		return anythingBut(argument, path)
	}
	return textual(name, argument, path)
}

// textual reads the expressions about texts.
func textual(name string, argument value.Value, path string) (condition, error) {
	fold := false
	if argument.Kind() == value.Object && (name == "prefix" || name == "suffix") {
		inner, ok := argument.Get("equals-ignore-case")
		if !ok || len(argument.Members()) != 1 {
			return nil, wrong(path, "Unsupported match type in %s", name)
		}
		argument, fold = inner, true
	}
	compare, ok := comparisons[name]
	switch {
	case !ok && name != "wildcard":
		return nil, wrong(path, "Unrecognized match type %s", name)
	case argument.Kind() != value.String:
		return nil, wrong(path, "%s match pattern must be a string", name)
	case name == "wildcard":
		return pieces(argument.Str(), path)
	case fold:
		compare = foldedComparisons[name]
	}
	return compare(argument.Str()), nil
}

var (
	comparisons       = map[string]func(string) condition{"prefix": prefix, "suffix": suffix, "equals-ignore-case": equalFold}
	foldedComparisons = map[string]func(string) condition{"prefix": prefixFold, "suffix": suffixFold}
)

// pieces cuts a wildcard at its stars. A backslash makes a star or a backslash an ordinary character.
func pieces(source, path string) (condition, error) {
	list := []string{""}
	star := -2
	for i := 0; i < len(source); i++ {
		c := source[i]
		switch {
		case c == '*' && star == i-1:
			return nil, wrong(path, "Consecutive wildcard characters at pos %d", i-1)
		case c == '*':
			list, star = append(list, ""), i
			continue
		case c == '\\':
			if i+1 == len(source) || source[i+1] != '*' && source[i+1] != '\\' {
				return nil, wrong(path, "Invalid escape character at pos %d", i)
			}
			i++
			c = source[i]
		}
		list[len(list)-1] += string([]byte{c})
	}
	return wildcard(list), nil
}

func cidr(argument value.Value, path string) (condition, error) {
	if argument.Kind() != value.String {
		return nil, wrong(path, "prefix match pattern must be a string")
	}
	if strings.Count(argument.Str(), "/") != 1 {
		return nil, wrong(path, "Malformed CIDR, one '/' required")
	}
	network, err := netip.ParsePrefix(argument.Str())
	if err != nil {
		return nil, wrong(path, "Malformed CIDR %s", argument.Str())
	}
	return within(network.Masked()), nil
}

var operators = map[string]bool{"<": true, "<=": true, "=": true, ">": true, ">=": true}

// numeric reads [operator, number] or a range of two such pairs.
func numeric(argument value.Value, path string) (condition, error) {
	items := argument.Items()
	switch {
	case argument.Kind() != value.Array:
		return nil, wrong(path, "Value of numeric must be an array.")
	case len(items) != 2 && len(items) != 4:
		return nil, wrong(path, "A numeric expression has one or two pairs of an operator and a number")
	}
	var bounds []bound
	for i := 0; i < len(items); i += 2 {
		if items[i].Kind() != value.String || !operators[items[i].Str()] {
			return nil, wrong(path, "Unrecognized numeric range operator: %s", items[i].Compact())
		}
		limit, ok := items[i+1].Float()
		if !ok || items[i+1].Kind() != value.Number {
			return nil, wrong(path, "Value of %s must be numeric", items[i].Str())
		}
		bounds = append(bounds, bound{items[i].Str(), limit})
	}
	if len(bounds) == 2 {
		if bounds[0].operator[0] != '>' || bounds[1].operator[0] != '<' {
			return nil, wrong(path, "Bad numeric range operator: %s", bounds[1].operator)
		}
		if bounds[0].limit >= bounds[1].limit {
			return nil, wrong(path, "Bottom must be less than top")
		}
	}
	return between(bounds), nil
}

// anythingBut reads what no value may be: a scalar, a list of texts or of numbers, or an expression about texts with one text or
// a list of them.
func anythingBut(argument value.Value, path string) (condition, error) {
	switch argument.Kind() {
	case value.Object:
		return anythingButExpression(argument, path)
	case value.Array:
		items := argument.Items()
		if len(items) == 0 {
			return nil, wrong(path, "Empty arrays are not allowed")
		}
		for _, item := range items {
			if kind := item.Kind(); kind != items[0].Kind() || kind != value.String && kind != value.Number {
				return nil, wrong(path, "Inside anything but list, either all values are number or string, mixed type is not supported")
			}
		}
		list, err := conditions(items, path)
		return none(list), err
	}
	return none([]condition{equal(argument)}), nil
}

func anythingButExpression(argument value.Value, path string) (condition, error) {
	members := argument.Members()
	if len(members) != 1 {
		return nil, wrong(path, "Only one key allowed in match expression")
	}
	texts := []value.Value{members[0].Value}
	if members[0].Value.Kind() == value.Array {
		texts = members[0].Value.Items()
	}
	if len(texts) == 0 {
		return nil, wrong(path, "Empty arrays are not allowed")
	}
	var list []condition
	for _, one := range texts {
		c, err := textual(members[0].Key, one, path)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return none(list), nil
}
