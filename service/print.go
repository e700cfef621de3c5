package service

import (
	"encoding/base64"
	"reflect"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// timestamps is how a door prints moments.
type timestamps func(time.Time) value.Value

// isoTime is how aws-sdk integrations print moments.
func isoTime(t time.Time) value.Value {
	return value.OfString(t.UTC().Format("2006-01-02T15:04:05.999Z07:00"))
}

// milliTime is how optimized integrations print moments.
func milliTime(t time.Time) value.Value { return value.OfInt(t.UnixMilli()) }

// encode prints a response: a pointer to a struct. The only error is a stream that is not text.
func encode(response any, moments timestamps) (value.Value, error) {
	p := printer{moments: moments}
	v := p.print(reflect.ValueOf(response).Elem())
	return v, p.err
}

// Form is how a door prints: Moment prints moments, and with Camel the names of members begin with lower-case letters.
type Form struct {
	Moment func(time.Time) value.Value
	Camel  bool
}

// Shown is a part of a response that prints itself, because it is in the API's form already.
type Shown interface{ Show(f Form) value.Value }

type printer struct {
	moments timestamps
	wire    *Protocol // nil: the state machines' door
	err     error
}

func (p *printer) structure(from reflect.Value) value.Value {
	var members []value.Member
	for _, m := range shapeOf(from.Type()).members {
		field := from.FieldByIndex(m.index)
		switch {
		case p.wire != nil && m.in != inBody: // not in the body
		case m.stream:
			members = append(members, value.Member{Key: p.name(m), Value: p.stream(field.Bytes(), m)})
		case m.always || !absent(field):
			members = append(members, value.Member{Key: p.name(m), Value: p.print(field)})
		}
	}
	return value.OfMembers(members...)
}

// name is what the door calls a member.
func (p *printer) name(m member) string {
	if p.wire == nil {
		return m.name
	}
	return m.wireName(p.wire.Camel)
}

func absent(field reflect.Value) bool {
	switch field.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return field.IsNil()
	case reflect.String:
		return field.Len() == 0
	case reflect.Struct:
		return field.IsZero()
	}
	return false
}

func (p *printer) print(from reflect.Value) value.Value {
	switch from.Type() {
	case valueType:
		return from.Interface().(value.Value)
	case timeType:
		return p.moments(from.Interface().(time.Time))
	}
	switch from.Kind() {
	case reflect.Pointer:
		return p.print(from.Elem())
	case reflect.String:
		return value.OfString(from.String())
	case reflect.Bool:
		return value.OfBool(from.Bool())
	case reflect.Int64:
		return value.OfInt(from.Int())
	case reflect.Float64:
		return value.OfFloat(from.Float())
	case reflect.Slice:
		return p.list(from)
	case reflect.Map:
		return p.mapping(from)
	case reflect.Struct:
		if shown, ok := from.Interface().(Shown); ok {
			return shown.Show(Form{Moment: p.moments, Camel: p.wire != nil && p.wire.Camel})
		}
		return p.structure(from)
	}
	panic("service: no JSON form for " + from.Type().String())
}

func (p *printer) list(from reflect.Value) value.Value {
	if from.Type().Elem().Kind() == reflect.Uint8 {
		return value.OfString(base64.StdEncoding.EncodeToString(from.Bytes()))
	}
	items := make([]value.Value, from.Len())
	for i := range items {
		items[i] = p.print(from.Index(i))
	}
	return value.OfItems(items)
}

func (p *printer) mapping(from reflect.Value) value.Value {
	keys := from.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	members := make([]value.Member, len(keys))
	for i, key := range keys {
		members[i] = value.Member{Key: key.String(), Value: p.print(from.MapIndex(key))}
	}
	return value.OfMembers(members...)
}

func (p *printer) stream(data []byte, m member) value.Value {
	if !utf8.Valid(data) {
		p.err = fault.Invalidf("%s is not UTF-8 text, so it cannot become a state's output", m.name)
	}
	return value.OfString(string(data))
}
