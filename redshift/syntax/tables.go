package syntax

import (
	"slices"

	"github.com/stepwell/stepwell/fault"
)

// Tables returns the names of the tables that a statement reads and writes, as far as its text tells; names of common table
// expressions are left out, views and tables are not told apart.
func Tables(s Statement) (reads, writes []Name) {
	switch s := s.(type) {
	case *Query:
		return readIn(s.Tokens), nil
	case *SelectInto:
		return readIn(s.Query), []Name{s.Target}
	case *Insert:
		return readIn(s.Rows), []Name{s.Target}
	case *Update:
		return readIn(s.With, s.Set, from(s.From), s.Where), []Name{s.Target}
	case *Delete:
		return readIn(s.With, from(s.Using), s.Where), []Name{s.Target}
	case *Merge:
		return readIn(from(s.Using)), []Name{s.Target}
	case *CreateTable:
		return likes(s), []Name{s.Name}
	case *CreateTableAs:
		return readIn(s.Query), []Name{s.Name}
	case *CreateView:
		return readIn(s.Query), nil
	case *DeclareCursor:
		return readIn(s.Query), nil
	case *Truncate:
		return nil, []Name{s.Target}
	case *Lock:
		return nil, s.Targets
	case *Copy:
		return nil, []Name{s.Target}
	case *AlterTable:
		return nil, alterTargets(s)
	case *Drop:
		if s.Object == "TABLE" {
			return nil, s.Names
		}
	case *Prepare:
		return Tables(s.Statement)
	}
	return nil, nil
}

// from lets a list of tables be read as the FROM clause that it is.
func from(list []Token) []Token {
	if len(list) == 0 {
		return nil
	}
	return append([]Token{{Kind: Word, Text: "FROM"}}, list...)
}

func likes(c *CreateTable) []Name {
	var names []Name
	for _, like := range c.Likes {
		names = append(names, like.Table)
	}
	return names
}

func alterTargets(a *AlterTable) []Name {
	names := []Name{a.Name}
	for _, action := range a.Actions {
		if action.Kind == Append {
			names = append(names, action.From)
		}
	}
	return names
}

// readIn returns the tables in the FROM clauses of the tokens, each once.
func readIn(parts ...[]Token) []Name {
	tokens := slices.Concat(parts...)
	f := finder{expressions: commonTableExpressions(tokens), seen: map[Name]bool{}, levels: []level{{}}}
	for i := range tokens {
		f.step(tokens, i)
	}
	return f.names
}

// level is what finder knows about one depth of parentheses.
type level struct {
	// inFrom is true from FROM to the next clause, expect where a table may stand.
	inFrom, expect bool
	// call marks the arguments of a function whose FROM is no clause: EXTRACT(year FROM d).
	call bool
}

type finder struct {
	levels      []level
	expressions map[string]bool
	seen        map[Name]bool
	names       []Name
}

func (f *finder) step(tokens []Token, i int) {
	top := &f.levels[len(f.levels)-1]
	switch t := tokens[i]; {
	case t.Is("("):
		expected := top.expect
		top.expect = false
		call := i > 0 && tokens[i-1].IsOneOf("EXTRACT", "TRIM", "SUBSTRING", "OVERLAY")
		f.levels = append(f.levels, level{inFrom: expected, expect: expected, call: call})
	case t.Is(")"):
		if len(f.levels) > 1 {
			f.levels = f.levels[:len(f.levels)-1]
		}
	case t.Is("FROM"):
		if !top.call && !(i > 0 && tokens[i-1].Is("DISTINCT")) {
			top.inFrom, top.expect = true, true
		}
	case t.Is("JOIN"):
		top.expect = true
	case t.Is(","):
		top.expect = top.inFrom
	case t.IsOneOf("SELECT", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "MINUS", "QUALIFY"):
		*top = level{call: top.call && !t.Is("SELECT")}
	case top.expect && t.IsName() && !t.IsOneOf("LATERAL", "ONLY"):
		top.expect = false
		f.found(tokens[i:])
	}
}

// found keeps the name at the start of the tokens unless it is a function or a common table expression.
func (f *finder) found(tokens []Token) {
	p := &parser{tokens: tokens, fragment: &Fragment{}}
	parts := 1
	for len(tokens) > 2*parts && tokens[2*parts-1].Is(".") && tokens[2*parts].IsName() {
		parts++
	}
	p.tokens = tokens[:2*parts-1]
	n := p.name()
	key := n
	key.Position = fault.Position{}
	isFunction := len(tokens) > 2*parts-1 && tokens[2*parts-1].Is("(")
	if isFunction || n.Schema == "" && f.expressions[n.Name] || f.seen[key] {
		return
	}
	f.seen[key] = true
	f.names = append(f.names, n)
}

// commonTableExpressions returns the names that WITH gives: those before AS ( that follow WITH, RECURSIVE or a comma.
func commonTableExpressions(tokens []Token) map[string]bool {
	names := map[string]bool{}
	for i := 2; i < len(tokens); i++ {
		if !tokens[i].Is("(") || !tokens[i-1].Is("AS") {
			continue
		}
		name := i - 2
		if tokens[name].Is(")") {
			for name > 0 && !tokens[name].Is("(") {
				name--
			}
			name--
		}
		if name > 0 && tokens[name].IsName() && tokens[name-1].IsOneOf("WITH", "RECURSIVE", ",") {
			names[tokens[name].Value()] = true
		}
	}
	return names
}
