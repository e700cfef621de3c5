package load

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// step is one part of a JSONPath: a member's name, or an index when name is nil.
type step struct {
	name  *string
	index int
}

// readPaths reads a JSONPaths file. A file whose key is not jsonpaths counts for nothing: the answer is nil.
func readPaths(text string) ([][]step, error) {
	file, err := value.Parse(text)
	if err != nil {
		return nil, err
	}
	list, ok := file.Get("jsonpaths")
	switch {
	case file.Kind() != value.Object:
		return nil, errors.New("it is not a JSON object")
	case !ok:
		return nil, nil
	case list.Kind() != value.Array || list.Len() == 0:
		return nil, errors.New(`"jsonpaths" is not a list of paths`)
	}
	paths := make([][]step, list.Len())
	for i, item := range list.Items() {
		if paths[i], ok = parsePath(item.Str()); !ok {
			return nil, fmt.Errorf("path %d is not a JSONPath: %s", i+1, item.Text())
		}
	}
	return paths, nil
}

// parsePath reads $.a.b[0] or $['a']['b'][0].
func parsePath(text string) (steps []step, ok bool) {
	rest, ok := strings.CutPrefix(text, "$")
	for ok && rest != "" {
		var s step
		if s, rest, ok = parseStep(rest); ok {
			steps = append(steps, s)
		}
	}
	return steps, ok && len(steps) > 0
}

func parseStep(text string) (s step, rest string, ok bool) {
	if text[0] == '.' {
		end := strings.IndexAny(text[1:], ".[")
		if end < 0 {
			end = len(text) - 1
		}
		name := text[1 : end+1]
		return step{name: &name}, text[end+1:], name != "" && !strings.ContainsAny(name, "'*]")
	}
	if quote := strings.TrimPrefix(text, "["); quote != text && quote != "" && (quote[0] == '\'' || quote[0] == '"') {
		name, rest, found := strings.Cut(quote[1:], quote[:1]+"]")
		return step{name: &name}, rest, found && name != ""
	}
	inside, rest, found := strings.Cut(strings.TrimPrefix(text, "["), "]")
	n, err := strconv.Atoi(inside)
	return step{index: n}, rest, text[0] == '[' && found && err == nil && n >= 0
}

// follow makes the fields of a JSON value by the paths of a JSONPaths file.
func (r *recordReader) follow() {
	for _, path := range r.o.paths {
		start, end, bad := walk(r.record.raw, path)
		switch {
		case bad != nil:
			r.record.fields = append(r.record.fields, field{raw: r.record.raw[start:end], start: start})
			r.record.problem = bad
			return
		case start == end:
			r.record.fields = append(r.record.fields, field{null: true})
		default:
			r.record.fields = append(r.record.fields, r.jsonField(start, end))
		}
	}
}

// walk returns the place of the value that a path leads to, an empty one when a member is not there.
func walk(raw []byte, path []step) (start, end int, bad *problem) {
	start, end = 0, len(raw)
	for _, s := range path {
		if s.name != nil {
			if raw[start] != '{' {
				return start, end, problemf(errLine, "Invalid JSONPath format: Member is not an object.")
			}
			start, end = member(raw, start, *s.name)
		} else {
			start, end = element(raw, start, s.index)
			if start == end {
				return start, end, problemf(errLine, "Invalid JSONPath format: Not an array or index out of range.")
			}
		}
		if start == end || raw[start] == 'n' {
			return start, start, nil
		}
	}
	return start, end, nil
}

// member finds the value of a name in the object that begins at a place; the last one wins.
func member(raw []byte, at int, name string) (start, end int) {
	for at = jsonSpace(raw, at+1); raw[at] != '}'; {
		quoted, behind, _ := jsonKey(raw, at)
		valueEnd, _ := jsonValue(raw, behind, 1)
		if key, _ := appendUnquoted(nil, quoted); string(key) == name {
			start, end = behind, valueEnd
		}
		more := false
		if at, more, _ = jsonNext(raw, valueEnd, '}'); !more {
			break
		}
	}
	return start, end
}

func element(raw []byte, at, index int) (start, end int) {
	if raw[at] != '[' {
		return 0, 0
	}
	for at = jsonSpace(raw, at+1); raw[at] != ']'; index-- {
		valueEnd, _ := jsonValue(raw, at, 1)
		if index == 0 {
			return at, valueEnd
		}
		more := false
		if at, more, _ = jsonNext(raw, valueEnd, ']'); !more {
			break
		}
	}
	return 0, 0
}
