package conformance

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// Outcome is how an execution ended. Output, Error and Cause are nil when absent.
type Outcome struct {
	Status               string
	Output, Error, Cause *string
}

// CompareOutcome returns the differences between the recorded end of an execution and an actual one.
func (c *Case) CompareOutcome(got Outcome) []string {
	m := c.NewMatcher()
	if status, ok := c.Expected.Get("status"); ok && status.Str() != got.Status {
		return []string{fmt.Sprintf("status: expected %s, got %s (%s)", status.Str(), got.Status, deref(got.Cause))}
	}
	var out []string
	for _, field := range []struct {
		name string
		got  *string
	}{{"output", got.Output}, {"error", got.Error}, {"cause", got.Cause}} {
		want, recorded := c.Expected.Get(field.name)
		switch {
		case !recorded && field.got != nil:
			out = append(out, fmt.Sprintf("%s: unexpected %q", field.name, *field.got))
		case recorded && field.got == nil:
			out = append(out, fmt.Sprintf("%s: missing, expected %s", field.name, short(want)))
		case recorded:
			out = append(out, m.Diff(field.name, want, value.OfString(*field.got))...)
		}
	}
	return out
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// HasHistory reports whether the case records a history.
func (c *Case) HasHistory() bool {
	_, ok := c.Expected.Get("history")
	return ok
}

// CompareHistory returns the differences between the recorded history and the events of GetExecutionHistory.
func (c *Case) CompareHistory(events []value.Value) []string {
	recorded, _ := c.Expected.Get("history")
	want, m := recorded.Items(), c.NewMatcher()
	if c.StillRunning && len(events) > len(want) {
		events = events[:len(want)]
	}
	switch c.Ordering {
	case "parallel-normalised":
		return m.normalised(want, normaliseParallel(events))
	case "concurrent":
		return m.unordered(withParentType(want), withParentType(events))
	}
	var out []string
	if len(want) != len(events) {
		out = append(out, fmt.Sprintf("expected %d events (%s), got %d (%s)", len(want), typesOf(want), len(events), typesOf(events)))
	}
	for i := range min(len(want), len(events)) {
		out = append(out, m.Diff(place(want[i]), drifted(want[i], events[i], events), events[i])...)
	}
	return out
}

func typeOf(event value.Value) string { v, _ := event.Get("type"); return v.Str() }

func idOf(event value.Value, key string) int64 {
	v, _ := event.Get(key)
	id, _ := v.Int()
	return id
}

func place(event value.Value) string { return fmt.Sprintf("#%d %s", idOf(event, "id"), typeOf(event)) }

func typesOf(events []value.Value) string {
	var out []string
	for _, e := range events {
		out = append(out, typeOf(e))
	}
	return strings.Join(out, " ")
}

func endsParallel(kind string) bool {
	switch kind {
	case "ParallelStateSucceeded", "ParallelStateAborted", "ParallelStateExited", "ParallelStateFailed":
		return true
	}
	return false
}

// normaliseParallel does to events what the recorder did: those of the branches lose their ids, and the event that ends
// the branches disappears when the state's exit follows it (README, rule 6).
func normaliseParallel(events []value.Value) []value.Value {
	out := append([]value.Value(nil), events...)
	var branches []value.Value
	begin, inside := 0, false
	for i := 0; i < len(out); i++ {
		switch kind := typeOf(out[i]); {
		case endsParallel(kind):
			tail := out[i:]
			out = append(append(append([]value.Value(nil), out[:min(begin, i)]...), branches...), tail...)
			inside = false
		case kind == "ParallelStateStarted":
			begin, branches, inside = i+1, nil, true
		case inside:
			out[i] = out[i].With("id", value.OfItems([]value.Value{value.OfInt(0)})).With("previousEventId", value.OfInt(0))
			branches = append(branches, out[i])
		}
	}
	return out
}

func withoutID(event value.Value) bool {
	id, _ := event.Get("id")
	return id.Kind() == value.Array
}

func (m *Matcher) normalised(want, got []value.Value) []string {
	if len(want) != len(got) {
		return []string{fmt.Sprintf("expected %d events (%s), got %d (%s)", len(want), typesOf(want), len(got), typesOf(got))}
	}
	var out []string
	for i := 0; i < len(want); {
		end := i
		for end < len(want) && withoutID(want[end]) && withoutID(got[end]) {
			end++
		}
		if end == i {
			out = append(out, m.Diff(place(want[i]), want[i], got[i])...)
			i++
			continue
		}
		out = append(out, m.unordered(blanked(want[i:end]), blanked(got[i:end]))...)
		i = end
	}
	return out
}

// unordered matches two lists of events in any order.
func (m *Matcher) unordered(want, got []value.Value) []string {
	rest := append([]value.Value(nil), got...)
	var out []string
next:
	for _, w := range want {
		for i, g := range rest {
			if typeOf(w) == typeOf(g) && len(m.Diff("", w, g)) == 0 {
				rest = append(rest[:i], rest[i+1:]...)
				continue next
			}
		}
		out = append(out, "no event like "+short(w))
	}
	for _, g := range rest {
		out = append(out, "unexpected event "+short(g))
	}
	return out
}

var enteredAt = regexp.MustCompile(`\(entered at the event id #\d+\)`)

// blanked takes out of events what depends on their order.
func blanked(events []value.Value) []value.Value {
	var out []value.Value
	for _, e := range events {
		var members []value.Member
		for _, member := range e.Members() {
			if member.Key != "id" && member.Key != "previousEventId" {
				members = append(members, member)
			}
		}
		text := enteredAt.ReplaceAllString(value.OfMembers(members...).Text(), "(entered at the event id #?)")
		out = append(out, value.MustParse(text))
	}
	return out
}

// withParentType replaces ids by the type of the event that led to each.
func withParentType(events []value.Value) []value.Value {
	kinds := map[int64]string{}
	for _, e := range events {
		kinds[idOf(e, "id")] = typeOf(e)
	}
	out := blanked(events)
	for i, e := range events {
		out[i] = out[i].With("parent", value.OfString(kinds[idOf(e, "previousEventId")]))
	}
	return out
}

// drifted is the recorded event, with the actual link where AWS has changed its mind (README, rule 7): the exit of a distributed Map
// follows MapRunSucceeded in older recordings and MapRunStarted in newer ones.
func drifted(want, got value.Value, events []value.Value) value.Value {
	previous := idOf(got, "previousEventId")
	if typeOf(want) != "MapStateExited" || previous < 1 || previous > int64(len(events)) {
		return want
	}
	if kind := typeOf(events[previous-1]); kind == "MapRunStarted" || kind == "MapRunSucceeded" {
		return want.With("previousEventId", value.OfInt(previous))
	}
	return want
}
