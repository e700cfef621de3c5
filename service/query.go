package service

import (
	"context"
	"encoding/xml"
	"math"
	"net/url"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/value"
)

// CallQuery carries out an operation for a client of the awsQuery protocol. The answer is the content of the result element.
// Errors: those of CallJSON.
func (s *Service) CallQuery(ctx context.Context, row *Operation, form url.Values) (result string, err error) {
	q := fields{form: form, protocol: &s.Protocol}
	body, _ := q.structure(row.request, "")
	if q.problem != "" {
		return "", unreadable(q.problem)
	}
	response, err := row.callWire(ctx, body, &s.Protocol)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	w := elements{out: &out, protocol: &s.Protocol}
	w.structure(reflect.ValueOf(response).Elem())
	return out.String(), nil
}

// fields makes a request's JSON of the fields of a form: List.member.1 (or the list's own name for its elements), Map.entry.1.key. The request type says what each is.
type fields struct {
	form     url.Values
	protocol *Protocol
	depth    int
	problem  string
}

const (
	// maxElements bounds a list in a form.
	maxElements = 10_000
	maxDepth    = 8
)

func (q *fields) structure(t reflect.Type, prefix string) (value.Value, bool) {
	var members []value.Member
	for _, m := range shapeOf(t).members {
		name := m.wireName(q.protocol.Camel)
		if v, ok := q.read(t.FieldByIndex(m.index).Type, prefix+name, m.item); ok {
			members = append(members, value.Member{Key: name, Value: v})
		}
	}
	return value.OfMembers(members...), len(members) > 0
}

func (q *fields) read(t reflect.Type, path, item string) (value.Value, bool) {
	switch {
	case t.Kind() == reflect.Pointer:
		return q.read(t.Elem(), path, item)
	case t == timeType, t == valueType, t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return q.scalar(t, path)
	case t.Kind() == reflect.Struct:
		return q.nested(t, path)
	case t.Kind() == reflect.Slice:
		return q.list(t, path, item)
	case t.Kind() == reflect.Map:
		return q.mapping(t, path)
	}
	return q.scalar(t, path)
}

// nested reads a structure. A type that contains itself ends at the depth.
func (q *fields) nested(t reflect.Type, path string) (value.Value, bool) {
	if q.depth == maxDepth {
		return value.Value{}, false
	}
	q.depth++
	defer func() { q.depth-- }()
	return q.structure(t, path+".")
}

func (q *fields) scalar(t reflect.Type, path string) (value.Value, bool) {
	if !q.form.Has(path) {
		return value.Value{}, false
	}
	text := q.form.Get(path)
	switch t.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		q.check(err, text, path)
		return value.OfBool(b), true
	case reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		q.check(err, text, path)
		return value.OfInt(n), true
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err == nil && (math.IsInf(f, 0) || math.IsNaN(f)) {
			err = strconv.ErrRange
		}
		q.check(err, text, path)
		return value.OfFloat(f), true
	}
	return value.OfString(text), true
}

func (q *fields) check(err error, text, path string) {
	if err != nil && q.problem == "" {
		q.problem = "Value '" + text + "' at '" + path + "' can not be read"
	}
}

func (q *fields) list(t reflect.Type, path, name string) (value.Value, bool) {
	var items []value.Value
	for i := 1; i <= maxElements; i++ {
		item, ok := q.read(t.Elem(), path+"."+name+"."+strconv.Itoa(i), name)
		if !ok {
			break
		}
		items = append(items, item)
	}
	return value.OfItems(items), len(items) > 0
}

// mapping reads a map. SNS names its keys Name and Value, other services key and value.
func (q *fields) mapping(t reflect.Type, path string) (value.Value, bool) {
	var members []value.Member
	for i := 1; i <= maxElements; i++ {
		entry := path + ".entry." + strconv.Itoa(i)
		key, content := entry+".key", entry+".value"
		if q.form.Has(entry + ".Name") {
			key, content = entry+".Name", entry+".Value"
		}
		if !q.form.Has(key) {
			break
		}
		v, ok := q.read(t.Elem(), content, "member")
		if !ok {
			v = value.NullValue()
		}
		members = append(members, value.Member{Key: q.form.Get(key), Value: v})
	}
	return value.OfMembers(members...), len(members) > 0
}

// elements prints a response as awsQuery does.
type elements struct {
	out      *strings.Builder
	protocol *Protocol
}

func (w *elements) structure(from reflect.Value) {
	for _, m := range shapeOf(from.Type()).members {
		field := from.FieldByIndex(m.index)
		if m.always || !absent(field) {
			w.element(m.wireName(w.protocol.Camel), field, m.item)
		}
	}
}

// element prints one member; item is the name of its elements if it is a list.
func (w *elements) element(name string, from reflect.Value, item string) {
	w.out.WriteString("<" + name + ">")
	w.content(from, item)
	w.out.WriteString("</" + name + ">")
}

func (w *elements) content(from reflect.Value, item string) {
	if t, ok := from.Interface().(time.Time); ok {
		w.out.WriteString(t.UTC().Format("2006-01-02T15:04:05.000Z"))
		return
	}
	switch from.Kind() {
	case reflect.Pointer:
		w.content(from.Elem(), item)
	case reflect.Struct:
		w.structure(from)
	case reflect.Map:
		w.mapping(from)
	case reflect.Slice:
		if from.Type().Elem().Kind() != reflect.Uint8 {
			for i := range from.Len() {
				w.element(item, from.Index(i), item)
			}
			return
		}
		fallthrough
	default:
		p := printer{wire: w.protocol}
		v := p.print(from)
		text := v.Compact()
		if v.Kind() == value.String {
			text = v.Str()
		}
		_ = xml.EscapeText(w.out, []byte(text)) // a Builder takes everything
	}
}

func (w *elements) mapping(from reflect.Value) {
	keys := from.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	for _, key := range keys {
		w.out.WriteString("<entry>")
		w.element("key", key, "")
		w.element("value", from.MapIndex(key), "member")
		w.out.WriteString("</entry>")
	}
}
