package plpgsql

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// newExpression makes a fragment of an expression.
func (p *parser) newExpression(tokens []syntax.Token, at place) fragment {
	g := p.newFragment(tokens, at, 0)
	g.plain = p.plain(tokens)
	depth := 0
	for _, t := range tokens {
		switch {
		case t.Is("("):
			depth++
		case t.Is(")"):
			depth--
		case depth == 0 && t.Is("FROM"):
			g.query = true
		}
	}
	return g
}

// newStatement makes a fragment of a whole statement. Only in queries and in the statements that change rows do variables
// mean something; CREATE has them in its query.
func (p *parser) newStatement(tokens []syntax.Token, at place) fragment {
	if len(tokens) == 0 {
		return fragment{place: at}
	}
	switch tokens[0].Upper() {
	case "SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "":
		return p.newFragment(tokens, at, 0)
	case "CREATE":
		for i, t := range tokens {
			if t.IsOneOf("SELECT", "WITH") {
				return p.newFragment(tokens, at, i)
			}
		}
	}
	return p.newFragment(tokens, at, len(tokens))
}

// newFragment puts references in the place of variables, from one token on.
func (p *parser) newFragment(tokens []syntax.Token, at place, from int) fragment {
	g := fragment{place: at}
	var text strings.Builder
	r := reader{tokens: tokens}
	for i := 0; i < len(tokens); i++ {
		if i > 0 && tokens[i].Space {
			text.WriteByte(' ')
		}
		r.step(i)
		if i >= from && r.valueMayStand(i) {
			if reference, taken := p.resolve(tokens[i:]); taken > 0 && !followedByCall(tokens, i+taken) {
				g.parts = append(g.parts, part{text: text.String()}, part{reference: &reference})
				text.Reset()
				i += taken - 1
				continue
			}
		}
		text.WriteString(tokens[i].Text)
	}
	g.parts = append(g.parts, part{text: text.String()})
	return g
}

func followedByCall(tokens []syntax.Token, i int) bool { return i < len(tokens) && tokens[i].Is("(") }

// reader knows, while it goes through the tokens of a statement, where a value may stand: Redshift puts variables
// everywhere, but names of columns to fill, of tables and of aliases can only be names.
type reader struct {
	tokens []syntax.Token
	open   []bracket
	set    bool // between SET and the next clause
}

// bracket is an open parenthesis. names says that it holds names only; fromValue says that FROM leads a value in it, as
// in extract(year from d).
type bracket struct {
	names     bool
	fromValue bool
}

func (r *reader) step(i int) {
	switch t := r.tokens[i]; {
	case t.Is("("):
		r.open = append(r.open, bracket{names: r.listsNames(i), fromValue: i > 0 &&
			r.tokens[i-1].IsOneOf("EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "POSITION")})
	case t.Is(")") && len(r.open) > 0:
		r.open = r.open[:len(r.open)-1]
	case len(r.open) == 0 && t.Is("SET"):
		r.set = true
	case len(r.open) == 0 && t.IsOneOf("WHERE", "FROM", "WHEN"):
		r.set = false
	}
}

// listsNames recognizes INSERT INTO t (a, b), MERGE's INSERT (a, b), WITH c (a, b) AS (…) and AS t (a, b).
func (r *reader) listsNames(i int) bool {
	if i == 0 || i+1 < len(r.tokens) && r.tokens[i+1].IsOneOf("SELECT", "WITH") {
		return false
	}
	if r.tokens[i-1].Is("INSERT") {
		return true
	}
	if !r.tokens[i-1].IsName() {
		return false
	}
	name := i - 1
	for name >= 2 && r.tokens[name-1].Is(".") {
		name -= 2
	}
	return name > 0 && r.tokens[name-1].IsOneOf("INTO", "AS") || r.definesQuery(i)
}

// definesQuery looks behind the closing parenthesis for AS (.
func (r *reader) definesQuery(i int) bool {
	depth := 0
	for ; i < len(r.tokens); i++ {
		if r.tokens[i].Is("(") {
			depth++
		} else if r.tokens[i].Is(")") {
			depth--
			if depth == 0 {
				break
			}
		}
	}
	return i+2 < len(r.tokens) && r.tokens[i+1].Is("AS") && r.tokens[i+2].Is("(")
}

// leadsValue holds the words behind which a value may stand. Behind every other word a name stands for itself: a table,
// an alias, a type.
var leadsValue = setOf("SELECT DISTINCT ALL WHERE AND OR NOT WHEN THEN ELSE CASE IN LIKE ILIKE TO BETWEEN BY HAVING ON LIMIT " +
	"OFFSET TOP VALUES ESCAPE DEFAULT FOR ANY SOME QUALIFY RANGE ROWS ZONE BOTH LEADING TRAILING")

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

// valueMayStand reports whether the token at i can be a variable, as far as its surroundings tell.
func (r *reader) valueMayStand(i int) bool {
	t := r.tokens[i]
	if t.Kind == syntax.Parameter {
		return true
	}
	if !t.IsName() || len(r.open) > 0 && r.open[len(r.open)-1].names {
		return false
	}
	if i == 0 {
		return true
	}
	before := r.tokens[i-1]
	if r.set && len(r.open) == 0 && before.IsOneOf("SET", ",") && i+1 < len(r.tokens) && r.tokens[i+1].Is("=") {
		return false
	}
	switch before.Kind {
	case syntax.Operator:
		return !before.IsOneOf(".", "::", ")", "]")
	case syntax.Word:
		return leadsValue[before.Upper()] || before.Is("FROM") && r.fromLeadsValue(i-1)
	}
	return false
}

func (r *reader) fromLeadsValue(from int) bool {
	return len(r.open) > 0 && r.open[len(r.open)-1].fromValue || from > 0 && r.tokens[from-1].Is("DISTINCT") && from > 1 &&
		r.tokens[from-2].IsOneOf("IS", "NOT")
}
