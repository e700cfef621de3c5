package jsonata_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/jsonata"
	"github.com/stepwell/stepwell/value"
)

// TestEval runs the files of testdata/eval. "input" sets the input, "variable name=x" a variable; "eval" evaluates an expression in
// the reference's dialect, "states" in that of Step Functions. Limits can be given: steps, depth, memory.
func TestEval(t *testing.T) {
	datadriven.Walk(t, "testdata/eval", func(t *testing.T, path string) {
		var input value.Value
		variables := map[string]value.Value{}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "input":
				input = value.MustParse(d.Input)
				return "ok"
			case "variable":
				var name string
				d.ScanArgs(t, "name", &name)
				variables[name] = value.MustParse(d.Input)
				return "ok"
			}
			scope := jsonata.Scope{
				Lookup: func(name string) (value.Value, bool) { v, ok := variables[name]; return v, ok },
				Now:    time.Date(2026, 3, 1, 12, 30, 15, 250e6, time.UTC),
				Random: func() float64 { return 0.25 },
			}
			d.MaybeScanArgs(t, "steps", &scope.Limits.Steps)
			d.MaybeScanArgs(t, "depth", &scope.Limits.Depth)
			d.MaybeScanArgs(t, "memory", &scope.Limits.Memory)
			dialect := jsonata.Reference
			if d.Cmd == "states" {
				dialect = jsonata.StepFunctions
			}
			return outcome(d.Input, dialect, input, scope)
		})
	})
}

// An expression is compiled once and used by many.
func TestConcurrentUse(t *testing.T) {
	e, err := jsonata.Compile(`$map($, function($v) { $replace($v, /(b)/, "<$1>") & $uppercase($v) })[0]`, jsonata.Reference)
	if err != nil {
		t.Fatal(err)
	}
	input := value.MustParse(`["abc", "b"]`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if v, err := e.Eval(input, jsonata.Scope{}); err != nil || v.Str() != "a<b>cABC" {
					t.Errorf("got %s, %v", v, err)
				}
			}
		})
	}
	all.Wait()
}

func outcome(text string, dialect jsonata.Dialect, input value.Value, scope jsonata.Scope) string {
	e, err := jsonata.Compile(text, dialect)
	var v value.Value
	if err == nil {
		v, err = e.Eval(input, scope)
	}
	var fault *jsonata.Error
	switch {
	case errors.As(err, &fault):
		return fmt.Sprintf("%s at %d", fault.Error(), fault.Position)
	case v.IsZero():
		return "nothing"
	}
	return v.Text()
}

func FuzzEval(f *testing.F) {
	for _, text := range []string{
		`Account.Order[0].Product.(Price * Quantity)`, `$map([1..5], function($v, $i){$v * $i}) ~> $sum()`, `a@$x.b#$i.{"p": %.c}`,
		`$replace("abc", /(b)(?=c)/i, "[$1]")`, `$fromMillis(0, "[D1o] [MNn] [Y0001]")`, `|$|{"a": 1}, ["b"]|`, `x^(>y, z){k: $sum(v)}`,
		`($f := function($n)<n:n>{$n < 2 ? 1 : $n * $f($n - 1)}; $f(5))`, `$formatNumber(1234.5, "#,##0.00;(#)")`, `[[[1..1000000]]].**`,
	} {
		f.Add(text, `{"a":[{"b":1,"c":"x"}]}`)
	}
	f.Fuzz(func(t *testing.T, text, input string) {
		in, err := value.Parse(input)
		if err != nil {
			in = value.Value{}
		}
		e, err := jsonata.Compile(text, jsonata.Reference)
		if err != nil {
			return
		}
		limits := jsonata.Limits{Steps: 100_000, Depth: 500, Memory: 1 << 22}
		first, err1 := e.Eval(in, jsonata.Scope{Limits: limits})
		second, err2 := e.Eval(in, jsonata.Scope{Limits: limits})
		if first.Text() != second.Text() || (err1 == nil) != (err2 == nil) {
			t.Fatalf("%q gives %s (%v), then %s (%v)", text, first.Text(), err1, second.Text(), err2)
		}
		if _, err := value.Parse(first.Text()); err1 == nil && !first.IsZero() && err != nil {
			t.Fatalf("%q gives no JSON: %v", text, err)
		}
	})
}
