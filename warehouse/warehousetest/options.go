package warehousetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// RequireOptions fails for each option of COPY or UNLOAD, whichever statement names, that the corpus of loads has no good and no
// bad case of: a statement that has the option and succeeds, and one that is refused for it or rejects rows. Those that are
// refused by name need no good case.
func RequireOptions(t *testing.T, statement string, known, refused []string) {
	c := &optionCases{statement: statement, good: map[string]bool{}, bad: map[string]bool{}}
	datadriven.Walk(t, "../warehousetest/testdata/load", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "sql" {
				c.add(d)
			}
			return d.Expected
		})
	})
	for _, option := range known {
		if !c.good[option] {
			t.Errorf("%s: no good case of %s", statement, option)
		}
	}
	for _, option := range slices.Concat(known, refused) {
		if !c.bad[option] {
			t.Errorf("%s: no bad case of %s", statement, option)
		}
	}
}

// optionCases are the options that statements of the corpus have.
type optionCases struct {
	statement string
	good, bad map[string]bool
}

// add looks at a directive's statements. One that fails may have run the first of them only, so it is no good case.
func (c *optionCases) add(d *datadriven.TestData) {
	fragments, err := syntax.Split(d.Input)
	if err != nil {
		return
	}
	_, message, failed := strings.Cut("\n"+d.Expected, "\nERROR ")
	for _, f := range fragments {
		parsed, err := syntax.Parse(f)
		if err != nil {
			return
		}
		for _, o := range c.options(parsed) {
			switch {
			case !failed:
				c.good[o.Name] = true
			case blames(message, o):
				c.bad[o.Name] = true
			}
		}
	}
}

func (c *optionCases) options(parsed syntax.Statement) []syntax.Option {
	switch s := parsed.(type) {
	case *syntax.Copy:
		if c.statement == "COPY" {
			return s.Options
		}
	case *syntax.Unload:
		if c.statement == "UNLOAD" {
			return s.Options
		}
	}
	return nil
}

// blames says that a message is about an option: it names it, stands at its place, or is about the files that it tells how to read.
func blames(message string, o syntax.Option) bool {
	name, _, _ := strings.Cut(o.Name, " ")
	return strings.Contains(strings.ToUpper(message), name) || strings.Contains(message, "at "+o.Position.String()+":") ||
		strings.Contains(message, "stl_load_errors") || strings.Contains(message, "s3://")
}
