package cli

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/value"
)

func TestPretty(t *testing.T) {
	long := strings.Repeat("x", 150)
	for _, test := range []struct{ in, want string }{
		{`null`, `null`},
		{`1.0`, `1.0`},
		{`"text"`, `"text"`},
		{`[]`, `[]`},
		{`{ }`, `{}`},
		{`{"b":1,"a":[1,2]}`, "{\n  \"b\": 1,\n  \"a\": [1, 2]\n}"},
		{`[[],{}]`, `[[], {}]`},
		{`{"a":1e400,"b":"\u001b[2J"}`, `{"a": 1e400, "b": "\u001b[2J"}`},
		{"{\"a\":\"\u009b2J\x7f\u202e\"}", `{"a": "\u009b2J\u007f\u202e"}`},
		{`{"` + long + `":1}`, "{\n  \"" + long + "\": 1\n}"},
		{`["` + strings.Repeat("世", 70) + `"]`, "[\n  \"" + strings.Repeat("世", 70) + "\"\n]"},
		{`["` + strings.Repeat("é", 130) + `"]`, `["` + strings.Repeat("é", 130) + `"]`},
	} {
		got := pretty(value.MustParse(test.in))
		if got != test.want {
			t.Errorf("%s is printed\n%s\nwant\n%s", test.in, got, test.want)
		}
		if again, err := value.Parse(got); err != nil || !again.Equal(value.MustParse(test.in)) {
			t.Errorf("%s is another value: %s, %v", test.in, got, err)
		}
	}
	if got := pretty(value.Value{}); strings.ContainsAny(got, "{[") {
		t.Errorf("no value is printed %q", got)
	}
}

// A deep value takes time in proportion to its size.
func TestPrettyDeep(t *testing.T) {
	const depth = 400
	text := strings.Repeat(`{"a":[`, depth) + strings.Repeat(`]}`, depth)
	if got := pretty(value.MustParse(text)); strings.Count(got, "{") != depth {
		t.Errorf("%d braces", strings.Count(got, "{"))
	}
}
