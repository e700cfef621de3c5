package conformance

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/value"
)

// A recorded history equals itself, and differs when one of its events does.
func TestRecordedHistoriesEqualThemselves(t *testing.T) {
	compared := 0
	for _, c := range Cases(t, "execution") {
		if !c.HasHistory() || c.Ordering == "parallel-normalised" {
			continue
		}
		compared++
		recorded, _ := c.Expected.Get("history")
		if d := c.CompareHistory(recorded.Items()); len(d) > 0 {
			t.Fatalf("%s: %v", c.ID, d)
		}
		changed := append([]value.Value(nil), recorded.Items()...)
		last := len(changed) - 1
		changed[last] = changed[last].With("type", value.OfString("Nothing"))
		if d := c.CompareHistory(changed); len(d) == 0 {
			t.Fatalf("%s: a changed event was not seen", c.ID)
		}
	}
	if compared < 100 {
		t.Errorf("compared only %d histories", compared)
	}
}

func TestMatcher(t *testing.T) {
	c := &Case{placeholders: placeholders(value.MustParse(`[
		{"text": "<name>", "literals": ["sales"]}, {"text": "<id>", "dynamic": true}, {"text": "<n>", "patterns": ["[0-9]+"]},
		{"text": "any", "whole": true}]`))}
	for _, x := range []struct{ want, got, difference string }{
		{`"arn:<name>"`, `"arn:sales"`, ``},
		{`"arn:<name>"`, `"arn:other"`, `v: expected "arn:<name>", got "arn:other"`},
		{`["<id>-x", "<id>"]`, `["7-x", "7"]`, ``},
		{`["<id>-x", "<id>"]`, `["7-x", "8"]`, `v[1]: expected "<id>", got "8"`},
		{`"#<n>."`, `"#12."`, ``},
		{`"at date"`, `"at 2024-02-29T10:00:00.123Z"`, ``},
		{`{"timestamp": "timestamp"}`, `{"timestamp": 17}`, ``},
		{`"any"`, `{"x": 1}`, ``},
		{`{"a": 1}`, `"{\"a\": 1.0}"`, ``},
		{`{"a": 1}`, `{"a": 1, "b": 2}`, `v.b: unexpected 2`},
		{`{"a": 1}`, `{}`, `v.a: missing, expected 1`},
		{`{"a": true}`, `{"a": 1}`, `v.a: expected true, got 1`},
		{`"[1,2]"`, `"[1, 2]"`, `v: expected "[1,2]", got "[1, 2]"`},
	} {
		got := strings.Join(c.NewMatcher().Diff("v", value.MustParse(x.want), value.MustParse(x.got)), "; ")
		if got != x.difference {
			t.Errorf("%s against %s: %q, want %q", x.want, x.got, got, x.difference)
		}
	}
}
