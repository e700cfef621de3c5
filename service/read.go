package service

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"time"

	"github.com/stepwell/stepwell/value"
)

// reader fills request structs from JSON. It goes on behind a mistake, so that all of them are reported at once.
type reader struct {
	token      string
	wire       *Protocol // nil: the state machines' door
	template   bool      // the request is a resource's properties
	problems   []string  // what is not the operation's shape, in the door's words
	violations []string  // constraints that the service itself checks, in the services' words
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	valueType = reflect.TypeFor[value.Value]()
)

func (r *reader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *reader) structure(v value.Value, into reflect.Value, path string) {
	s := shapeOf(into.Type())
	r.refuseUnknown(v, s)
	for _, m := range s.members {
		given, ok := v.Get(r.name(m))
		if !ok || given.IsNull() {
			r.absent(m, into.FieldByIndex(m.index), path)
			continue
		}
		before := len(r.problems)
		r.read(given, into.FieldByIndex(m.index), m, path+lowerFirst(m.name))
		if len(r.problems) == before {
			r.check(m, into.FieldByIndex(m.index), path+lowerFirst(m.name))
		}
	}
}

// name is what the door calls a member.
func (r *reader) name(m member) string {
	if r.wire == nil {
		return m.name
	}
	return m.wireName(r.wire.Camel)
}

// refuseUnknown reports members that the shape does not have. Over HTTP AWS ignores them, so that newer clients work.
func (r *reader) refuseUnknown(v value.Value, s *shape) {
	if r.wire != nil {
		return
	}
	for _, m := range v.Members() {
		if _, ok := s.member(m.Key); !ok {
			r.problem(r.unknown(), m.Key)
		}
	}
}

// unknown is what the door says about a member that the shape does not have.
func (r *reader) unknown() string {
	if r.template {
		return "Encountered unsupported property %s"
	}
	return "The field %q is not supported by Step Functions"
}

func (r *reader) absent(m member, into reflect.Value, path string) {
	switch {
	case m.token && r.token != "":
		into.SetString(r.token)
	case m.required:
		r.violate("null", path+lowerFirst(m.name), "Member must not be null")
	}
}

// read sets one member, or one element of it, from a JSON value. The path names the place as constraint texts do.
func (r *reader) read(v value.Value, into reflect.Value, m member, path string) {
	switch {
	case into.Type() == valueType:
		into.Set(reflect.ValueOf(v))
		return
	case into.Type() == timeType:
		r.time(v, into, m)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		r.read(v, into.Elem(), m, path)
	case reflect.String:
		r.text(v, into, m)
	case reflect.Bool:
		if r.expect(v, value.Bool, "a BOOLEAN", m) {
			into.SetBool(v.Truth())
		}
	case reflect.Int64:
		r.integer(v, into, m)
	case reflect.Float64:
		if r.expect(v, value.Number, "a FLOAT", m) {
			f, _ := v.Float()
			into.SetFloat(f)
		}
	case reflect.Slice:
		r.list(v, into, m, path)
	case reflect.Map:
		r.mapping(v, into, m, path)
	case reflect.Struct:
		if r.expect(v, value.Object, "an OBJECT", m) {
			r.structure(v, into, path+".")
		}
	default:
		panic("service: no JSON form for " + into.Type().String())
	}
}

func (r *reader) expect(v value.Value, kind value.Kind, noun string, m member) bool {
	if v.Kind() != kind {
		r.wrong(v, noun, m)
		return false
	}
	return true
}

// wrong reports a value of the wrong kind.
func (r *reader) wrong(v value.Value, noun string, m member) {
	if r.wire != nil {
		r.problem("%s", unconvertible(v.Kind(), noun))
		return
	}
	r.problem("The value for the field '%s' must be %s", m.name, noun)
}

func (r *reader) text(v value.Value, into reflect.Value, m member) {
	if m.json && r.wire == nil && v.Kind() != value.String {
		into.SetString(v.Compact())
		return
	}
	if r.expect(v, value.String, "a STRING", m) {
		into.SetString(v.Str())
	}
}

func (r *reader) integer(v value.Value, into reflect.Value, m member) {
	n, ok := v.Int()
	if !ok {
		r.wrong(v, "an INTEGER", m)
		return
	}
	into.SetInt(n)
}

func (r *reader) time(v value.Value, into reflect.Value, m member) {
	if seconds, ok := v.Float(); ok {
		into.Set(reflect.ValueOf(time.UnixMilli(int64(seconds * 1000)).UTC()))
		return
	}
	t, err := time.Parse(time.RFC3339Nano, v.Str())
	if err != nil {
		r.wrong(v, "a TIMESTAMP", m)
		return
	}
	into.Set(reflect.ValueOf(t))
}

func (r *reader) list(v value.Value, into reflect.Value, m member, path string) {
	if into.Type().Elem().Kind() == reflect.Uint8 {
		r.bytes(v, into, m)
		return
	}
	if !r.expect(v, value.Array, "an ARRAY", m) {
		return
	}
	items := v.Items()
	into.Set(reflect.MakeSlice(into.Type(), len(items), len(items)))
	for i, item := range items {
		r.read(item, into.Index(i), m, fmt.Sprintf("%s.%d.member", path, i+1))
	}
}

// bytes takes a stream as the text of whatever it is given, and any other blob as base64.
func (r *reader) bytes(v value.Value, into reflect.Value, m member) {
	switch {
	case m.stream && v.Kind() == value.String:
		into.SetBytes([]byte(v.Str()))
	case m.stream:
		into.SetBytes([]byte(v.Compact()))
	case r.expect(v, value.String, "a STRING", m):
		data, err := base64.StdEncoding.DecodeString(v.Str())
		if err != nil {
			r.problem("The value of the field '%s' has an invalid format", m.name)
			return
		}
		into.SetBytes(data)
	}
}

func (r *reader) mapping(v value.Value, into reflect.Value, m member, path string) {
	if !r.expect(v, value.Object, "an OBJECT", m) {
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, entry := range v.Members() {
		element := reflect.New(into.Type().Elem()).Elem()
		r.read(entry.Value, element, m, path+"."+entry.Key+".member")
		into.SetMapIndex(reflect.ValueOf(entry.Key), element)
	}
}
