package syntax_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/rsql/syntax"
)

func TestBoolean(t *testing.T) {
	for word, want := range map[string]string{
		"true": "true", "T": "true", "tr": "true", "yes": "true", "y": "true", "on": "true", "1": "true",
		"false": "false", "f": "false", "no": "false", "N": "false", "off": "false", "of": "false", "0": "false",
		"o": "", "": "", "2": "", "truely": "", "01": "",
	} {
		value, ok := syntax.Boolean(word)
		got := ""
		if ok {
			got = map[bool]string{true: "true", false: "false"}[value]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestEvaluateIsBounded(t *testing.T) {
	for _, deep := range []string{strings.Repeat("(", 100_000), strings.Repeat("NOT ", 100_000) + "1", strings.Repeat("9", 100_000) + " = 1"} {
		_, _ = syntax.Evaluate(deep)
	}
}

// FuzzScanner: a line is read to its end whatever it holds, and a command's arguments, too.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{`select :a, :'b', $$x$$ -- c`, `\set x 'a\x41' "b" ` + "`c`", `\if :x = 'y' \else \endif \\ select 1;`, "/* /* */", `:{?x} :a:a`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s := syntax.Scanner{Lookup: func(name string) (string, bool) { return ":" + name + " ';", len(name)%2 == 0 }}
		var query strings.Builder
		s.Feed(line)
		for range 10*len(line) + 1000 {
			switch s.Next(&query) {
			case syntax.LineEnd:
				return
			case syntax.Command:
				if s.Name() == "if" {
					_, _ = syntax.Evaluate(s.Expression(syntax.Normal))
				}
				for {
					if _, ok, err := s.Argument(syntax.Normal); !ok || err != nil {
						break
					}
				}
				s.End()
			}
		}
		t.Fatal("the scanner does not come to the end")
	})
}
