package translate

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// rewrite translates one level of pieces: first the clauses of a query, then calls, words and operators from left to right.
func rewrite(pieces []piece) []piece {
	if isSelect(pieces) {
		pieces = queryRules(pieces)
	}
	r := &rewriter{in: pieces}
	for r.i < len(r.in) {
		r.step()
	}
	return r.out
}

// rewriter goes over one level. Rules that need what stands to the left take it back from out, where it is finished.
type rewriter struct {
	in, out []piece
	i       int
}

func (r *rewriter) peek(n int) piece { return at(r.in, r.i+n) }

func (r *rewriter) emit(p ...piece) { r.out = append(r.out, p...) }

// replace emits finished text in place of the next n pieces.
func (r *rewriter) replace(n int, sql string) {
	p := finished(sql)
	p.space = r.peek(0).space
	r.emit(p)
	r.i += n
}

func (r *rewriter) step() {
	p := r.peek(0)
	switch {
	case p.sql != "":
		r.emit(p)
		r.i++
	case p.open != "":
		p.group = rewrite(p.group)
		r.emit(p)
		r.i++
	case p.token.Kind == syntax.Operator:
		r.operator(p)
	case p.token.Kind == syntax.Word:
		r.word(p)
	default:
		r.emit(p)
		r.i++
	}
}

// word handles calls, typed literals and keywords that the backend spells differently.
func (r *rewriter) word(p piece) {
	upper := p.token.Upper()
	qualified := at(r.out, len(r.out)-1).is(".")
	switch {
	case !qualified && r.peek(1).isGroup() && calls[upper] != nil && r.call(upper):
	case p.is("ARRAY") && r.peek(1).open == "":
		r.replace(1, `"array"`)
	case qualified || r.peek(1).is("."):
		r.plainWord(p)
	case r.typedLiteral():
	case words[upper] != nil && words[upper](r):
	default:
		r.plainWord(p)
	}
}

// backendWords are identifiers in Redshift that are keywords of the backend wherever they stand.
var backendWords = map[string]bool{"ANTI": true, "ASOF": true, "DESCRIBE": true, "GLOB": true, "GRANTED": true, "LAMBDA": true,
	"MACRO": true, "POSITIONAL": true, "RETURNING": true, "SEMI": true, "SHOW": true, "SQL": true, "SUMMARIZE": true,
	"SYMMETRIC": true, "VARIADIC": true, "WINDOW": true}

func (r *rewriter) plainWord(p piece) {
	if backendWords[p.token.Upper()] || strings.HasPrefix(p.token.Text, "#") {
		r.replace(1, Identifier(p.token.Value()))
		return
	}
	r.emit(p)
	r.i++
}

// words are the rules for keywords; a rule answers false when it does not apply in this place.
var words map[string]func(*rewriter) bool

func init() {
	words = map[string]func(*rewriter) bool{
		"SYSDATE":      func(r *rewriter) bool { r.replace(1, "sysdate()"); return true },
		"CURRENT_USER": sessionUser, "SESSION_USER": sessionUser, "USER": sessionUser,
		"CURRENT_USER_ID": func(r *rewriter) bool { r.replace(1, "100"); return true },
		"MINUS":           (*rewriter).minus,
		"APPROXIMATE":     (*rewriter).approximate,
		"SIMILAR":         (*rewriter).similar,
		"LIKE":            (*rewriter).like,
		"ILIKE":           (*rewriter).like,
		"IN":              (*rewriter).comparedIn,
		"BETWEEN":         (*rewriter).comparedIn,
		"UNKNOWN":         (*rewriter).unknown,
		"AS":              (*rewriter).alias,
		"AT":              (*rewriter).atWord,
		"IGNORE":          (*rewriter).nullTreatment,
		"RESPECT":         (*rewriter).nullTreatment,
	}
}

func sessionUser(r *rewriter) bool {
	r.replace(1, "rs_user()")
	return true
}

func (r *rewriter) minus() bool {
	if !r.peek(1).is("SELECT", "ALL", "WITH") && !r.peek(1).isGroup() {
		return false
	}
	r.replace(1, "EXCEPT")
	return true
}

// approximate drops the word; COUNT(DISTINCT …) stays exact, which is within the promised error.
func (r *rewriter) approximate() bool {
	if !r.peek(1).is("COUNT", "PERCENTILE_DISC") {
		return false
	}
	r.i++
	return true
}

func (r *rewriter) unknown() bool {
	if !at(r.out, len(r.out)-1).is("IS", "NOT") {
		return false
	}
	r.replace(1, "NULL")
	return true
}

// alias quotes the name behind AS, which may be a keyword of the backend.
func (r *rewriter) alias() bool {
	next := r.peek(1)
	if !next.isName() || next.is("SELECT", "WITH", "MATERIALIZED", "NOT") {
		return false
	}
	r.emit(r.peek(0))
	r.i++
	r.replace(1, Identifier(next.token.Value()))
	return true
}

func (r *rewriter) atWord() bool {
	if r.peek(1).is("TIME") {
		return false
	}
	r.replace(1, `"at"`)
	return true
}

// nullTreatment moves IGNORE NULLS from behind the call into its parentheses.
func (r *rewriter) nullTreatment() bool {
	last := len(r.out) - 1
	if !r.peek(1).is("NULLS") || last < 0 || r.out[last].open != "(" {
		return false
	}
	r.out[last].group = append(r.out[last].group, finished(r.peek(0).token.Upper()+" NULLS"))
	r.i += 2
	return true
}
