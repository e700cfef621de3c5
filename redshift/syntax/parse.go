package syntax

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Parse reads one statement. Expressions and queries are not checked beyond the balance of parentheses.
func Parse(f *Fragment) (statement Statement, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *fault.Fault:
			statement, err = nil, r
		default:
			panic(r)
		}
	}()
	if err := balanced(f); err != nil {
		return nil, err
	}
	p := newParser(f)
	statement = p.statement()
	p.expectEnd()
	return statement, nil
}

func balanced(f *Fragment) error {
	closing := map[string]string{"(": ")", "[": "]"}
	var open []string
	for _, t := range f.Tokens {
		switch {
		case t.IsOneOf("(", "["):
			open = append(open, closing[t.Text])
		case t.IsOneOf(")", "]"):
			if len(open) == 0 || open[len(open)-1] != t.Text {
				return t.SyntaxError()
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return newParser(f).end.SyntaxError()
	}
	return nil
}

// rules maps the word that opens a statement to the method that reads what follows it.
var rules map[string]func(*parser) Statement

func init() {
	rules = map[string]func(*parser) Statement{
		"SELECT": (*parser).query, "WITH": (*parser).with, "VALUES": (*parser).query, "(": (*parser).query,
		"INSERT": (*parser).insert, "UPDATE": (*parser).update, "DELETE": (*parser).delete, "MERGE": (*parser).merge,
		"CREATE": (*parser).create, "DROP": (*parser).drop, "ALTER": (*parser).alter, "TRUNCATE": (*parser).truncate,
		"CALL": (*parser).call, "COPY": (*parser).copy, "UNLOAD": (*parser).unload,
		"BEGIN": (*parser).begin, "START": (*parser).begin, "COMMIT": (*parser).commit, "END": (*parser).commit,
		"ROLLBACK": (*parser).rollback, "ABORT": (*parser).rollback,
		"ANALYZE": (*parser).analyze, "ANALYSE": (*parser).analyze, "VACUUM": (*parser).vacuum, "LOCK": (*parser).lock,
		"SET": (*parser).set, "RESET": (*parser).reset, "SHOW": (*parser).show, "EXPLAIN": (*parser).explain,
		"COMMENT": (*parser).comment, "PREPARE": (*parser).prepare, "EXECUTE": (*parser).execute,
		"DEALLOCATE": (*parser).deallocate, "DECLARE": (*parser).declare, "FETCH": (*parser).fetch,
		"CLOSE": (*parser).closeCursor, "CANCEL": (*parser).cancel, "REFRESH": (*parser).refresh,
		"GRANT": (*parser).other, "REVOKE": (*parser).other, "ATTACH": (*parser).other, "DETACH": (*parser).other,
		"DESC": (*parser).other, "DESCRIBE": (*parser).other, "USE": (*parser).other,
	}
}

func (p *parser) statement() Statement {
	first := p.peek()
	rule := rules[strings.ToUpper(first.Text)]
	if rule == nil || first.Kind == Quoted {
		p.unexpected()
	}
	return rule(p)
}

// other reads a statement without a tree; its verb is made of the first word and, where that is not enough, the object's kind.
func (p *parser) other() Statement {
	verb := p.next().Upper()
	if verb != "GRANT" && verb != "REVOKE" && !p.done() {
		p.accept("OR", "REPLACE")
		verb += " " + p.objectKind()
	}
	p.rest()
	return &Other{Fragment: p.fragment, Verb: verb}
}

// objectKind reads what CREATE, DROP or ALTER acts on.
func (p *parser) objectKind() string {
	for _, kind := range [][]string{{"EXTERNAL", "TABLE"}, {"EXTERNAL", "SCHEMA"}, {"EXTERNAL", "FUNCTION"}, {"EXTERNAL", "MODEL"},
		{"EXTERNAL", "VIEW"}, {"RLS", "POLICY"}, {"MASKING", "POLICY"}, {"DEFAULT", "PRIVILEGES"}, {"IDENTITY", "PROVIDER"},
		{"MATERIALIZED", "VIEW"}} {
		if p.accept(kind...) {
			return strings.Join(kind, " ")
		}
	}
	if p.peek().Kind != Word {
		p.unexpected()
	}
	return p.next().Upper()
}

func (p *parser) explain() Statement {
	p.expect("EXPLAIN")
	e := &Explain{Fragment: p.fragment, Verbose: p.accept("VERBOSE")}
	e.Statement = p.inner()
	return e
}

// inner reads the statement that EXPLAIN or PREPARE carries; it runs to the end of the fragment.
func (p *parser) inner() Statement {
	if p.done() {
		p.unexpected()
	}
	first := p.peek()
	q := newParser(&Fragment{Text: p.fragment.Text[first.Offset-p.fragment.Offset:], Offset: first.Offset,
		Position: first.Position(), Tokens: p.rest()})
	s := q.statement()
	q.expectEnd()
	return s
}
