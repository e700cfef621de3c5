package service

import (
	"reflect"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// FromTemplate fills a request, a pointer to a struct, with a resource's properties as a template has them. There numbers
// and booleans may be written as texts, and texts as numbers. Faults name properties that the request does not have and
// constraints that are broken.
func FromTemplate(properties value.Value, into any) error {
	target := reflect.ValueOf(into).Elem()
	r := reader{template: true}
	r.structure(shaped(properties, target.Type()), target, "")
	if len(r.problems) > 0 {
		return fault.Invalidf("%s", join(r.problems, ", "))
	}
	if len(r.violations) > 0 {
		return fault.Invalidf("%s", join(r.violations, "; "))
	}
	return nil
}

// shaped gives the scalars of a value the kinds that a type has.
func shaped(v value.Value, t reflect.Type) value.Value {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch kind := v.Kind(); {
	case t == valueType:
		return v
	case kind == value.Object && t.Kind() == reflect.Struct:
		return eachMember(v, func(name string) reflect.Type {
			if f, ok := t.FieldByName(name); ok {
				return f.Type
			}
			return valueType
		})
	case kind == value.Object && t.Kind() == reflect.Map:
		return eachMember(v, func(string) reflect.Type { return t.Elem() })
	case kind == value.Array && t.Kind() == reflect.Slice:
		items := make([]value.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = shaped(item, t.Elem())
		}
		return value.OfItems(items)
	case kind == value.String && (t.Kind() == reflect.Int64 || t.Kind() == reflect.Float64 || t.Kind() == reflect.Bool):
		if parsed, err := value.Parse(v.Str()); err == nil {
			return parsed
		}
	case (kind == value.Number || kind == value.Bool) && t.Kind() == reflect.String:
		return value.OfString(v.Compact())
	}
	return v
}

func eachMember(v value.Value, typeOf func(name string) reflect.Type) value.Value {
	members := make([]value.Member, len(v.Members()))
	for i, m := range v.Members() {
		members[i] = value.Member{Key: m.Key, Value: shaped(m.Value, typeOf(m.Key))}
	}
	return value.OfMembers(members...)
}
