package httptask

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// form collects the pairs of an URL-encoded body.
type form struct {
	format string // of arrays
	pairs  []string
}

// encodeForm writes an object as an URL-encoded body. Format is how arrays become names: INDICES, REPEAT, COMMAS, BRACKETS.
func encodeForm(body value.Value, format string) (string, error) {
	switch format {
	case "":
		format = "INDICES"
	case "INDICES", "REPEAT", "COMMAS", "BRACKETS":
	default:
		return "", unusable("The value for the field 'ArrayFormat' must be INDICES, REPEAT, COMMAS or BRACKETS")
	}
	if body.IsZero() {
		return "", nil
	}
	if body.Kind() != value.Object {
		return "", unusable("The value for the field 'RequestBody' must be an OBJECT to be URL-encoded")
	}
	f := &form{format: format}
	for _, m := range body.Members() {
		f.add(m.Key, m.Value)
	}
	return strings.Join(f.pairs, "&"), nil
}

func (f *form) add(name string, v value.Value) {
	switch v.Kind() {
	case value.Object:
		for _, m := range v.Members() {
			f.add(name+"["+m.Key+"]", m.Value)
		}
	case value.Array:
		f.list(name, v.Items())
	case value.Null:
		f.pair(name, "")
	default:
		f.pair(name, url.QueryEscape(scalar(v)))
	}
}

func (f *form) list(name string, items []value.Value) {
	if f.format == "COMMAS" {
		texts := make([]string, len(items))
		for i, item := range items {
			texts[i] = url.QueryEscape(scalar(item))
		}
		f.pair(name, strings.Join(texts, ","))
		return
	}
	for i, item := range items {
		switch f.format {
		case "INDICES":
			f.add(name+"["+strconv.Itoa(i)+"]", item)
		case "BRACKETS":
			f.add(name+"[]", item)
		case "REPEAT":
			f.add(name, item)
		}
	}
}

func (f *form) pair(name, encoded string) {
	f.pairs = append(f.pairs, url.QueryEscape(name)+"="+encoded)
}
