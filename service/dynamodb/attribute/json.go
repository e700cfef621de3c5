package attribute

import (
	"encoding/base64"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// invalid is a fault in DynamoDB's words.
func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode("ValidationException")
}

// wrongShape is the fault of JSON that is no attribute value.
func wrongShape(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode("SerializationException")
}

// spellings are the kinds by the names that JSON has for them: the API's, and those that aws-sdk tasks give them.
var spellings = map[string]Kind{
	"S": String, "N": Number, "B": Binary, "BOOL": Bool, "NULL": Null, "L": List, "M": Map, "SS": StringSet, "NS": NumberSet, "BS": BinarySet,
	"Bool": Bool, "Nul": Null, "Ss": StringSet, "Ns": NumberSet, "Bs": BinarySet,
}

const maxDepth = 32

// Parse reads an attribute value from its JSON form: an object with one member that is named for the kind.
func Parse(v value.Value) (Value, error) { return parse(v, 0) }

func parse(v value.Value, depth int) (Value, error) {
	if v.Kind() != value.Object {
		return Value{}, wrongShape("Expected a structure or null, not %s", v.Kind())
	}
	if depth > maxDepth {
		return Value{}, invalid("Nesting Levels have exceeded supported limits")
	}
	var kind Kind
	var given value.Value
	for _, m := range v.Members() {
		known, ok := spellings[m.Key]
		switch {
		case !ok || m.Value.IsNull():
		case kind != "":
			return Value{}, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
		default:
			kind, given = known, m.Value
		}
	}
	if kind == "" {
		return Value{}, invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
	}
	return read(kind, given, depth)
}

func read(kind Kind, given value.Value, depth int) (Value, error) {
	switch kind {
	case String, Number, Binary:
		return readScalar(kind, given)
	case Bool, Null:
		return readTruth(kind, given)
	case Map:
		members, err := parseItem(given, depth+1)
		return Value{Kind: Map, Members: members}, err
	}
	if given.Kind() != value.Array {
		return Value{}, wrongShape("Expected list or null")
	}
	if element, ok := kind.element(); ok {
		return readSet(kind, element, given.Items())
	}
	out := Value{Kind: List, Items: make([]Value, given.Len())}
	for i, item := range given.Items() {
		var err error
		if out.Items[i], err = parse(item, depth+1); err != nil {
			return Value{}, err
		}
	}
	return out, nil
}

func readScalar(kind Kind, given value.Value) (Value, error) {
	if given.Kind() != value.String {
		return Value{}, wrongShape("A value of the type %s must be a string, not %s", kind, given.Kind())
	}
	out := Value{Kind: kind, Text: given.Str()}
	var err error
	switch kind {
	case Number:
		out.Text, err = canonical(given.Str())
	case Binary:
		var data []byte
		if data, err = base64.StdEncoding.DecodeString(given.Str()); err != nil {
			err = wrongShape("A value of the type B must be Base64")
		}
		out.Text = string(data)
	}
	return out, err
}

func readTruth(kind Kind, given value.Value) (Value, error) {
	switch {
	case given.Kind() != value.Bool:
		return Value{}, wrongShape("A value of the type %s must be a boolean, not %s", kind, given.Kind())
	case kind == Null && !given.Truth():
		return Value{}, invalid("One or more parameter values were invalid: Null attribute value types must have the value of true")
	}
	return Value{Kind: kind, Truth: given.Truth()}, nil
}

// emptySets are DynamoDB's words for sets without elements.
var emptySets = map[Kind]string{
	StringSet: "An string set  may not be empty", NumberSet: "An number set  may not be empty", BinarySet: "Binary sets should not be empty",
}

func readSet(kind, element Kind, items []value.Value) (Value, error) {
	if len(items) == 0 {
		return Value{}, invalid("One or more parameter values were invalid: %s", emptySets[kind])
	}
	out := Value{Kind: kind}
	seen := map[string]bool{}
	for _, item := range items {
		v, err := readScalar(element, item)
		if err != nil {
			return Value{}, err
		}
		if seen[v.Text] {
			return Value{}, invalid("One or more parameter values were invalid: Input collection %s contains duplicates.", shown(items))
		}
		seen[v.Text] = true
		out.Items = append(out.Items, v)
	}
	return out, nil
}

func shown(items []value.Value) string {
	text := "["
	for i, item := range items {
		if i > 0 {
			text += ", "
		}
		text += item.Str()
	}
	return text + "]"
}

// ParseItem reads an object of attribute values.
func ParseItem(v value.Value) (Item, error) { return parseItem(v, 0) }

func parseItem(v value.Value, depth int) (Item, error) {
	if v.Kind() != value.Object {
		return nil, wrongShape("Expected a map, not %s", v.Kind())
	}
	item := make(Item, v.Len())
	for _, m := range v.Members() {
		one, err := parse(m.Value, depth)
		if err != nil {
			return nil, err
		}
		item[m.Key] = one
	}
	return item, nil
}

// JSON returns the value's JSON form.
func (v Value) JSON() value.Value {
	return value.OfMembers(value.Member{Key: string(v.Kind), Value: v.content()})
}

func (v Value) content() value.Value {
	switch v.Kind {
	case Bool, Null:
		return value.OfBool(v.Truth)
	case Map:
		return v.Members.JSON()
	case Binary:
		return value.OfString(base64.StdEncoding.EncodeToString([]byte(v.Text)))
	case String, Number:
		return value.OfString(v.Text)
	}
	items := make([]value.Value, len(v.Items))
	for i, item := range v.Items {
		if items[i] = item.content(); v.Kind == List {
			items[i] = item.JSON()
		}
	}
	return value.OfItems(items)
}

// JSON returns the item's JSON form, its attributes ordered by name.
func (i Item) JSON() value.Value {
	members := make([]value.Member, 0, len(i))
	for _, name := range i.Names() {
		members = append(members, value.Member{Key: name, Value: i[name].JSON()})
	}
	return value.OfMembers(members...)
}
