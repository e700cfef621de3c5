package jsonpath

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// step is one step of a path.
type step interface {
	// definite reports whether the step selects one child at most.
	definite() bool
	// String prints the step as Jayway does in its messages.
	String() string
	// apply calls visit for each child of v that the step selects. An error stops the walk.
	apply(v value.Value, w *walk, visit visitor) error
}

type visitor func(value.Value) error

type (
	members  []string // .name, ['name'], ['a','b']
	indices  []int    // [0], [-1], [0,2]
	wildcard struct{} // .*, [*]
	scan     struct{ next step }
	slice    struct {
		from, to, by *int
	}
	filter struct {
		text      string
		condition condition
	}
	call struct {
		name      string
		arguments []operand
	}
)

func (s members) definite() bool { return len(s) == 1 }
func (s members) String() string { return "['" + strings.Join(s, "','") + "']" }

func (s members) apply(v value.Value, _ *walk, visit visitor) error {
	if len(s) == 1 {
		if child, ok := v.Get(s[0]); ok {
			return visit(child)
		}
		return nil
	}
	for _, name := range s {
		if child, ok := v.Get(name); ok {
			if err := visit(child); err != nil {
				return err
			}
		}
	}
	return nil
}

// pick is what several names select at the end of a path: an object of those that are there.
func (s members) pick(v value.Value) value.Value {
	var found []value.Member
	for _, name := range s {
		if child, ok := v.Get(name); ok {
			found = append(found, value.Member{Key: name, Value: child})
		}
	}
	return value.OfMembers(found...)
}

func (s indices) definite() bool { return len(s) == 1 }

func (s indices) String() string {
	texts := make([]string, len(s))
	for i, index := range s {
		texts[i] = strconv.Itoa(index)
	}
	return "[" + strings.Join(texts, ",") + "]"
}

func (s indices) apply(v value.Value, _ *walk, visit visitor) error {
	items := v.Items()
	for _, index := range s {
		if index < 0 {
			index += len(items)
		}
		if index < 0 || index >= len(items) {
			continue
		}
		if err := visit(items[index]); err != nil {
			return err
		}
	}
	return nil
}

func (wildcard) definite() bool { return false }
func (wildcard) String() string { return "[*]" }

func (wildcard) apply(v value.Value, _ *walk, visit visitor) error { return eachChild(v, visit) }

func eachChild(v value.Value, visit visitor) error {
	for _, item := range v.Items() {
		if err := visit(item); err != nil {
			return err
		}
	}
	for _, m := range v.Members() {
		if err := visit(m.Value); err != nil {
			return err
		}
	}
	return nil
}

func isScan(s step) bool {
	_, ok := s.(scan)
	return ok
}

func (scan) definite() bool   { return false }
func (s scan) String() string { return ".." + s.next.String() }

// apply applies the step behind the dots to v and then to everything inside v, parents first.
func (s scan) apply(v value.Value, w *walk, visit visitor) error {
	if err := w.spend(); err != nil {
		return err
	}
	if err := s.here(v, w, visit); err != nil {
		return err
	}
	return eachChild(v, func(child value.Value) error { return s.apply(child, w, visit) })
}

func (s scan) here(v value.Value, w *walk, visit visitor) error {
	names, ok := s.next.(members)
	if !ok || len(names) == 1 {
		return s.next.apply(v, w, visit)
	}
	if picked := names.pick(v); picked.Len() > 0 {
		return visit(picked)
	}
	return nil
}

func (slice) definite() bool { return false }

func (s slice) String() string {
	text := "[" + intText(s.from) + ":" + intText(s.to)
	if s.by != nil {
		text += ":" + intText(s.by)
	}
	return text + "]"
}

func intText(i *int) string {
	if i == nil {
		return ""
	}
	return strconv.Itoa(*i)
}

func (s slice) apply(v value.Value, _ *walk, visit visitor) error {
	items := v.Items()
	by := 1
	if s.by != nil {
		by = *s.by
	}
	for i := bound(s.from, 0, len(items)); i < bound(s.to, len(items), len(items)); i += by {
		if err := visit(items[i]); err != nil {
			return err
		}
	}
	return nil
}

func bound(i *int, absent, length int) int {
	if i == nil {
		return absent
	}
	if *i < 0 {
		return max(0, *i+length)
	}
	return min(*i, length)
}

func (filter) definite() bool   { return false }
func (s filter) String() string { return "[" + s.text + "]" }

// apply tests the items of an array; of an object, the object itself.
func (s filter) apply(v value.Value, w *walk, visit visitor) error {
	candidates := v.Items()
	if v.Kind() == value.Object {
		candidates = []value.Value{v}
	}
	for _, candidate := range candidates {
		if err := w.spend(); err != nil {
			return err
		}
		if !s.condition.holds(scope{root: w.root, here: candidate, walk: w}) {
			continue
		}
		if err := visit(candidate); err != nil {
			return err
		}
	}
	return nil
}

func (call) definite() bool   { return true }
func (s call) String() string { return "." + s.name + "()" }

func (s call) apply(v value.Value, w *walk, visit visitor) error {
	result, err := s.result(v, scope{root: w.root, here: v, walk: w})
	if err != nil {
		return err
	}
	return visit(result)
}
