package jsonata_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/jsonata"
)

func TestReads(t *testing.T) {
	for text, want := range map[string]string{
		`$a + $b.c.d`:                        "a@0 b.c@5",
		`$states.input.x[$n > 1]{$k: $v}`:    "states.input@0 n@16 k@24 v@28",
		`($x := $y; $x & $map($z, $string))`: "y@7 map!@16 z@21 string!@25",
		`function($p) { $p + $q }`:           "q@20",
		`s@$i.b#$j[$i = $j].{"r": $r}`:       "r@25",
		`$.a & $$.b`:                         "",
		`$states`:                            "states@0",
		`x ~> |$a|{"b": $c}, $d|`:            "a@6 c@15 d@20",
		`x^(>$a) ~> $f(?, $b)`:               "a@4 f@11 b@17",
	} {
		e, err := jsonata.Compile(text, jsonata.StepFunctions)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got []string
		for _, r := range e.Reads() {
			name := r.Name
			if r.Member != "" {
				name += "." + r.Member
			}
			if r.Builtin {
				name += "!"
			}
			got = append(got, fmt.Sprintf("%s@%d", name, r.Position))
		}
		if list := strings.Join(got, " "); list != want {
			t.Errorf("%s reads %s, expected %s", text, list, want)
		}
	}
}

func TestTopLevelNames(t *testing.T) {
	for text, want := range map[string]string{
		"phone":                          "phone@0",
		"a.b + $x.c * (d; e)":            "a@0 d@14 e@17",
		"a & a & `b c`":                  "a@0 b c@8",
		"$f(a, ?) ~> $g(b)":              "a@3 b@15",
		"c ? {k: [v]} : -n":              "c@0 k@5 v@9 n@16",
		"$x := a":                        "a@6",
		"$states.input[b = 1]{c: d}^(e)": "",
		"function($x) { a }":             "",
		"$x ~> |a|{'b': c}|":             "",
		"$.a":                            "",
	} {
		e, err := jsonata.Compile(text, jsonata.StepFunctions)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got []string
		for _, name := range e.TopLevelNames() {
			got = append(got, fmt.Sprintf("%s@%d", name.Name, name.Position))
		}
		if list := strings.Join(got, " "); list != want {
			t.Errorf("%s looks up %q, expected %q", text, list, want)
		}
	}
}
