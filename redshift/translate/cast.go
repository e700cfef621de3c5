package translate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/redshift/function"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// backendTypes maps Redshift's names of types to the backend's.
var backendTypes = map[string]string{
	"smallint": "SMALLINT", "integer": "INTEGER", "bigint": "BIGINT", "real": "FLOAT", "double precision": "DOUBLE",
	"boolean": "BOOLEAN", "character varying": "VARCHAR", "character": "VARCHAR", "date": "DATE",
	"timestamp without time zone": "TIMESTAMP", "timestamp with time zone": "TIMESTAMPTZ",
	"time without time zone": "TIME", "time with time zone": "TIMETZ", "interval": "INTERVAL", "super": "JSON",
	"varbyte": "BLOB", "hllsketch": "BLOB", "geometry": "BLOB", "geography": "BLOB", "oid": "INTEGER",
}

// Type returns the backend's type for a Redshift type. Lengths are not part of it; CreateTable checks them.
func Type(t syntax.Type) string {
	if t.Name == "numeric" {
		return fmt.Sprintf("DECIMAL(%d,%d)", t.Args[0], t.Args[1])
	}
	if name := backendTypes[t.Name]; name != "" {
		return name
	}
	return "VARCHAR"
}

// castFunctions are the macros that cast as Redshift does where the backend's own cast means something else.
var castFunctions = map[string]string{
	"smallint": "rs_smallint", "integer": "rs_integer", "bigint": "rs_bigint", "date": "rs_date",
	"timestamp without time zone": "rs_timestamp", "timestamp with time zone": "rs_timestamptz",
	"character varying": "rs_text", "super": "rs_super", "varbyte": "rs_varbyte", "boolean": "rs_boolean",
}

// The types of the catalog's own numbers: a literal is the name of a thing and means its number, everything else is a number
// and is shown as the name. Functions are told apart by their names only.
var (
	numberOf = map[string]string{"regclass": "rs_regclass(%s)", "regtype": "rs_regtype(%s)", "regproc": "%s"}
	nameOf   = map[string]string{"regclass": "rs_relation_name(%s)", "regtype": "format_type(%s, NULL)", "regproc": "rs_text(%s)"}
)

// cast returns the text of a cast. sized says that the type was written with its length.
func cast(operand string, t syntax.Type, sized bool) string {
	switch {
	case t.Name == "character varying" && sized:
		return fmt.Sprintf("rs_varchar(%s, %d)", operand, t.Args[0])
	case t.Name == "character":
		return fmt.Sprintf("rs_char(%s, %d)", operand, t.Args[0])
	case nameOf[t.Name] != "":
		return fmt.Sprintf(nameOf[t.Name], operand)
	case castFunctions[t.Name] != "":
		return castFunctions[t.Name] + "(" + operand + ")"
	}
	return "CAST(" + operand + " AS " + Type(t) + ")"
}

// castOperator rewrites operand::type. The operand is in out already.
func (r *rewriter) castOperator() {
	t, n, sized, ok := typeAt(r.in[r.i+1:])
	if !ok {
		r.emit(r.peek(0))
		r.i++
		return
	}
	start := operandStart(r.out, len(r.out))
	p := finished(castOperand(r.out[start:], t, sized))
	p.space = at(r.out, start).space
	r.out = append(r.out[:start], p)
	r.i += 1 + n
}

// castOperand casts finished pieces; a literal is read here and now where that is possible.
func castOperand(operand []piece, t syntax.Type, sized bool) string {
	if len(operand) == 1 {
		if literal, ok := operand[0].literal(); ok && numberOf[t.Name] != "" {
			return fmt.Sprintf(numberOf[t.Name], quote(literal))
		} else if ok {
			return castLiteral(literal, t, sized)
		}
		if operand[0].token.Kind == syntax.Number && operand[0].sql == "" && isInteger(t) {
			return "CAST(round(" + text(operand) + ") AS " + Type(t) + ")"
		}
	}
	return cast(text(operand), t, sized)
}

func isInteger(t syntax.Type) bool {
	return t.Name == "smallint" || t.Name == "integer" || t.Name == "bigint"
}

func castLiteral(literal string, t syntax.Type, sized bool) string {
	if instant := special[strings.ToLower(strings.TrimSpace(literal))]; instant != "" && isInstant(t) {
		return cast(instant, t, sized)
	}
	switch t.Name {
	case "date":
		if d, err := function.ParseDate(literal); err == nil {
			return "DATE '" + d.Format("2006-01-02") + "'"
		}
	case "timestamp without time zone":
		if d, err := function.ParseTimestamp(literal); err == nil {
			return "TIMESTAMP '" + d.Format("2006-01-02 15:04:05.999999") + "'"
		}
	case "time with time zone":
		if d, err := function.ParseTimeTZ(literal); err == nil {
			return "TIMETZ '" + d + "'"
		}
	case "interval":
		return intervalLiteral(literal, "")
	}
	return cast(quote(literal), t, sized)
}

// special are the words that stand for points in time in a literal.
var special = map[string]string{"now": "sysdate()", "today": "current_date", "tomorrow": "(current_date + 1)", "yesterday": "(current_date - 1)"}

func isInstant(t syntax.Type) bool { return t.Name == "date" || strings.HasPrefix(t.Name, "timestamp") }

// typeAt reads a type at the start of the pieces and returns how many pieces it takes.
func typeAt(pieces []piece) (t syntax.Type, n int, sized, ok bool) {
	if len(pieces) == 0 || !pieces[0].isName() {
		return t, 0, false, false
	}
	t, taken, err := syntax.ParseType(flatten(pieces[:min(len(pieces), 5)]))
	if err != nil {
		return t, 0, false, false
	}
	for tokens := 0; tokens < taken; n++ {
		tokens += len(flatten(pieces[n : n+1]))
		sized = sized || pieces[n].isGroup()
	}
	return t, n, sized, true
}

// typedLiteral rewrites date '2020-01-01', interval '1' day and the like.
func (r *rewriter) typedLiteral() bool {
	if r.peek(0).is("INTERVAL") {
		return r.interval()
	}
	t, n, sized, ok := typeAt(r.in[r.i:])
	literal, isString := r.peek(n).literal()
	if !ok || !isString || r.operandBefore() && !at(r.out, len(r.out)-1).isName() {
		return false
	}
	r.replace(n+1, castLiteral(literal, t, sized))
	return true
}

func (r *rewriter) interval() bool {
	literal, ok := r.peek(1).literal()
	if !ok {
		return false
	}
	n, unit := 2, ""
	if part, known := function.DatePart(r.peek(2).token.Value()); known && r.peek(2).isName() {
		n, unit = 3, part
		if r.peek(3).is("TO") && r.peek(4).isName() {
			n, unit = 5, part+" to "+r.peek(4).token.Value()
		}
	}
	r.replace(n, intervalLiteral(literal, unit))
	return true
}

func intervalLiteral(literal, unit string) string {
	i, err := function.ParseInterval(literal, unit)
	if err != nil {
		return "CAST(" + quote(literal) + " AS INTERVAL)"
	}
	return "INTERVAL '" + strconv.FormatInt(i.Months, 10) + " months " + strconv.FormatInt(i.Days, 10) + " days " +
		strconv.FormatInt(i.Microseconds, 10) + " microseconds'"
}
