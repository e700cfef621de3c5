package jsonata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/jsonata"
	"github.com/stepwell/stepwell/value"
)

func TestKind(t *testing.T) {
	for text, want := range map[string]string{
		`'5'`: "string", `5`: "number", `-$x`: "number", `true`: "boolean", `[1]`: "array", `{"a": 1}`: "object", `null`: "none",
		`$a + 1`: "number", `$a & 1`: "string", `$a in $b`: "boolean", `$a > 1 and $b`: "boolean", `$not($a)`: "boolean",
		`$c ? 'a' : 'b'`: "string", `$c ? 'a' : 2`: "none", `$c ? 1`: "number", `($x := 1; $x & 'a')`: "string", `()`: "none",
		`$string($x)`: "string", `$x ~> $uppercase()`: "string", `$x ~> $number`: "number", `$count($x)`: "number",
		`($string := function($v) { $v }; $string(1))`: "none", `$x.$string()`: "none", `$string(?)`: "none", `$match('a', /a/)`: "none",
		`$states.input.a`: "none", `$x`: "none", `[1][0]`: "none", `$split('a', ',')`: "none", `$merge($x)`: "none", `$map($x, $string)`: "none",
		`function($v) { 1 }`: "none", `$x^(a)`: "none", `$parse('1')`: "none", `$uuid()`: "string", `"a".b`: "none",
	} {
		e, err := jsonata.Compile(text, jsonata.StepFunctions)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := e.Kind().String(); got != want {
			t.Errorf("%s is a %s, expected %s", text, got, want)
		}
	}
}

func TestMismatches(t *testing.T) {
	for text, want := range map[string]string{
		`'a' + 1`:                    "4 The operator + takes numbers, and on its left side stands a string",
		`$x * [1]`:                   "3 The operator * takes numbers, and on its right side stands an array",
		`$x[('a' & $y) - 1 > 2]`:     "14 The operator - takes numbers, and on its left side stands a string",
		`true < 1`:                   "5 The operator < takes numbers or strings, and on its left side stands a boolean",
		`$count($x) >= 'a'`:          "11 The operator >= compares a number with a string",
		`$uppercase(5)`:              "11 The function $uppercase cannot have a number as its argument 1",
		`{"a": $substring($x, 'b')}`: "",
		`$substring($x, 'b', 1)`:     "15 The function $substring cannot have a string as its argument 2",
		`$sum(1)`:                    "", `$x ~> $substring(1, 2)`: "", `'a' & 1`: "", `1 = 'a'`: "", `$x + $y`: "", `$string([1])`: "",
		`($uppercase := function($n) { $n + 1 }; $uppercase(5))`: "", `$number('5') + 1`: "", `'a' < 'b'`: "",
	} {
		if got := mismatches(t, text); got != want {
			t.Errorf("%s: %q, expected %q", text, got, want)
		}
		e, _ := jsonata.Compile(text, jsonata.StepFunctions)
		scope := jsonata.Scope{Lookup: func(name string) (value.Value, bool) { return value.OfInt(1), len(name) == 1 }}
		if _, err := e.Eval(value.Value{}, scope); want != "" && err == nil && !strings.HasPrefix(text, "$x[") {
			t.Errorf("%s can be evaluated", text)
		}
	}
}

func mismatches(t *testing.T, text string) string {
	e, err := jsonata.Compile(text, jsonata.StepFunctions)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	var all []string
	for _, m := range e.Mismatches() {
		all = append(all, fmt.Sprint(m.Position, " ", m.Reason))
	}
	return strings.Join(all, "\n")
}

// TestKindsOfSuite compares what is told of every expression of the language's suite with its value.
func TestKindsOfSuite(t *testing.T) {
	told := 0
	for _, c := range suite(t) {
		e, err := jsonata.Compile(c.expression(t), jsonata.Reference)
		if err != nil {
			continue
		}
		v, err := c.run(t)
		if err != nil || v.IsZero() {
			continue
		}
		if kind := e.Kind(); kind != value.None {
			if told++; kind != v.Kind() {
				t.Errorf("%s: %s is said to be a %s, and is %s", c.name, c.expression(t), kind, v.Text())
			}
		}
		for _, m := range e.Mismatches() {
			t.Errorf("%s: %s is evaluated to %s, and said to fail: %s", c.name, c.expression(t), v.Text(), m.Reason)
		}
	}
	if told < 500 {
		t.Errorf("of %d values only the kind was told", told)
	}
}
