package machine

import (
	"math"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		operator, left, right string
		want                  bool
	}{
		{"StringEquals", `"a"`, `"a"`, true},
		{"StringEquals", `"1"`, `1`, false},
		{"StringLessThan", `"a"`, `"b"`, true},
		{"StringLessThanEquals", `"b"`, `"b"`, true},
		{"StringGreaterThan", `null`, `""`, false},
		{"NumericEquals", `1.0`, `1`, true},
		{"NumericEquals", `"1"`, `1`, false},
		{"NumericGreaterThanEquals", `2`, `2e0`, true},
		{"NumericGreaterThan", `true`, `0`, false},
		{"BooleanEquals", `false`, `false`, true},
		{"BooleanEquals", `null`, `false`, false},
		{"TimestampEquals", `"2026-01-01T00:00:00Z"`, `"2026-01-01T01:00:00+01:00"`, true},
		{"TimestampLessThan", `"2026-01-01T00:00:00Z"`, `"2026-01-01T00:00:00.001Z"`, true},
		{"TimestampGreaterThan", `"tomorrow"`, `"2026-01-01T00:00:00Z"`, false},
		{"IsTimestamp", `"2026-01-01T00:00:00Z"`, `true`, true},
		{"IsTimestamp", `"2026-01-01 00:00:00Z"`, `false`, true},
		{"IsTimestamp", `5`, `true`, false},
		{"IsNull", `null`, `true`, true},
		{"IsNumeric", `"1"`, `false`, true},
		{"IsPresent", `null`, `true`, true},
		{"StringMatches", `"log-2026.txt"`, `"log-*.txt"`, true},
		{"StringMatches", `5`, `"*"`, false},
	} {
		if got := compare(c.operator, value.MustParse(c.left), value.MustParse(c.right), asl.ParseTimestamp); got != c.want {
			t.Errorf("%s %s %s is %v", c.left, c.operator, c.right, got)
		}
	}
}

func TestMatchesPattern(t *testing.T) {
	for _, c := range []struct {
		s, pattern string
		want       bool
	}{
		{"abc", "abc", true},
		{"abc", "ab", false},
		{"", "*", true},
		{"abc", "a*c", true},
		{"ac", "a*c", true},
		{"aa", "a*a*a", false},
		{"abab", "*ab", true},
		{"a*c", `a\*c`, true},
		{"abc", `a\*c`, false},
		{`a\c`, `a\\c`, true},
		{"axbyb", "a*b*b", true},
		{"ab", "ab*b", false},
		{`a\`, `a\`, true},
	} {
		if got := matchesPattern(c.s, c.pattern); got != c.want {
			t.Errorf("%q matches %q is %v", c.s, c.pattern, got)
		}
	}
}

func TestDelay(t *testing.T) {
	m := &Machine{}
	r := asl.Retrier{IntervalSeconds: 3, BackoffRate: 2, MaxDelaySeconds: 10}
	for made, want := range []time.Duration{3 * time.Second, 6 * time.Second, 10 * time.Second, 10 * time.Second} {
		if got := m.delay(r, int64(made)); got != want {
			t.Errorf("after %d attempts the pause is %s, want %s", made, got, want)
		}
	}
	if got := m.delay(asl.Retrier{IntervalSeconds: 1, BackoffRate: 1000}, math.MaxInt32); got != maxWait*time.Second {
		t.Errorf("an endless pause becomes %s", got)
	}
	r.FullJitter = true
	for range 100 {
		if got := m.delay(r, 0); got < 0 || got >= 3*time.Second {
			t.Errorf("a jittered pause is %s", got)
		}
	}
}

// An express execution cannot be redriven, so its context object has no count.
func TestContextOfExpressExecutions(t *testing.T) {
	for arn, want := range map[string]bool{"arn:aws:states:r:1:execution:m:x": true, "arn:aws:states:r:1:express:m:x:y": false} {
		m := New(&asl.StateMachine{}, Execution{ARN: arn})
		m.buildFixedContext()
		if _, ok := m.executionContext.Get("RedriveCount"); ok != want {
			t.Errorf("%s: RedriveCount there: %v", arn, ok)
		}
	}
}
