package translate

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/function"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// calls are the rules for functions by name. A rule gets the arguments as they were written, returns the finished call, and
// answers false when the call needs no rule.
var calls map[string]func(r *rewriter, arguments [][]piece) (string, bool)

func init() {
	calls = map[string]func(*rewriter, [][]piece) (string, bool){
		"CAST": castCall, "TRY_CAST": tryCast, "CONVERT": convert,
		"DATEADD": partCall("rs_dateadd"), "DATE_ADD": partCall("rs_dateadd"),
		"DATEDIFF": partCall("rs_datediff"), "DATE_DIFF": partCall("rs_datediff"),
		"DATE_PART": partCall("rs_date_part"), "DATEPART": partCall("rs_date_part"), "PGDATE_PART": partCall("rs_date_part"),
		"DATE_TRUNC": partCall("rs_date_trunc"), "EXTRACT": extract,
		"NVL": renamed("coalesce"), "ISNULL": renamed("coalesce"), "NVL2": nvl2, "DECODE": decode,
		"LISTAGG": listagg, "STRING_AGG": listagg, "AVG": total("rs_average"), "SUM": total("rs_total"), "RATIO_TO_REPORT": ratioToReport,
		"PERCENTILE_CONT": percentile("quantile_cont"), "PERCENTILE_DISC": percentile("quantile_disc"),
		"ARRAY": renamed("json_array"), "OBJECT": object, "COLLATE": collate, "SUBSTRING": substring,
		"SUBSTR": substring, "JSON_EXTRACT_PATH_TEXT": jsonPath,
		"ARRAY_CONCAT": renamed("rs_array_concat"), "SUBARRAY": renamed("rs_subarray"), "ARRAY_FLATTEN": renamed("rs_array_flatten"),
		"GET_ARRAY_LENGTH": renamed("rs_array_length"), "SPLIT_TO_ARRAY": renamed("rs_split_to_array"),
		"REGEXP_REPLACE": renamed("rs_regexp_replace"), "REGEXP_SUBSTR": renamed("rs_regexp_substr"),
		"REGEXP_INSTR": renamed("rs_regexp_instr"), "REGEXP_COUNT": renamed("rs_regexp_count"),
		"JSON_ARRAY_LENGTH": renamed("rs_json_array_length"), "HLL": renamed("approx_count_distinct"), "CURRENT_SCHEMAS": renamed("rs_current_schemas"),
	}
}

// call applies the rule of the function that stands next; it reports false when there is nothing to change.
func (r *rewriter) call(name string) bool {
	arguments := split(r.peek(1).group, ",")
	start := r.i
	space := r.peek(0).space
	r.i += 2
	sql, ok := calls[name](r, arguments)
	if !ok {
		r.i = start
		return r.plainCall()
	}
	p := finished(sql)
	p.space = space
	r.emit(p)
	return true
}

func (r *rewriter) plainCall() bool {
	p := r.peek(0)
	if p.token.IsOneOf("ARRAY", "CAST") {
		r.emit(p)
		r.i++
		return true
	}
	return false
}

// sql rewrites and prints the pieces of one argument.
func sql(pieces []piece) string { return strings.TrimSpace(text(rewrite(pieces))) }

func list(arguments [][]piece) string {
	texts := make([]string, len(arguments))
	for i, a := range arguments {
		texts[i] = sql(a)
	}
	return strings.Join(texts, ", ")
}

func renamed(name string) func(*rewriter, [][]piece) (string, bool) {
	return func(_ *rewriter, arguments [][]piece) (string, bool) {
		if len(arguments) == 1 && at(arguments[0], 0).is("SELECT", "WITH") {
			return "", false
		}
		return name + "(" + list(arguments) + ")", true
	}
}

func castCall(_ *rewriter, arguments [][]piece) (string, bool) {
	if len(arguments) != 1 {
		return "", false
	}
	i := index(arguments[0], 0, "AS")
	if i < 0 {
		return "", false
	}
	t, n, sized, ok := typeAt(arguments[0][i+1:])
	if !ok || i+1+n != len(arguments[0]) {
		return "", false
	}
	return castOperand(rewrite(arguments[0][:i]), t, sized), true
}

func tryCast(_ *rewriter, arguments [][]piece) (string, bool) {
	i := index(arguments[0], 0, "AS")
	if i < 0 {
		return "", false
	}
	t, _, _, ok := typeAt(arguments[0][i+1:])
	return "TRY_CAST(" + sql(arguments[0][:i]) + " AS " + Type(t) + ")", ok
}

// convert rewrites CONVERT(type, expression). The comma inside numeric(10,2) stands in a group of its own.
func convert(_ *rewriter, arguments [][]piece) (string, bool) {
	if len(arguments) != 2 {
		return "", false
	}
	t, n, sized, ok := typeAt(arguments[0])
	if !ok || n != len(arguments[0]) {
		return "", false
	}
	return castOperand(rewrite(arguments[1]), t, sized), true
}

// partCall gives the date part, a bare word or a string, to a macro in its canonical spelling.
func partCall(macro string) func(*rewriter, [][]piece) (string, bool) {
	return func(_ *rewriter, arguments [][]piece) (string, bool) {
		if len(arguments) < 2 || len(arguments[0]) != 1 {
			return "", false
		}
		word := arguments[0][0]
		literal, isLiteral := word.literal()
		if !isLiteral {
			literal = word.token.Value()
		}
		part, known := function.DatePart(literal)
		if !known || !isLiteral && !word.isName() {
			return "", false
		}
		return macro + "(" + quote(part) + ", " + list(instants(arguments[1:])) + ")", true
	}
}

// instants makes timestamps of the literals among arguments, which the backend would take for text. A time of day stays one.
func instants(arguments [][]piece) [][]piece {
	timestamp := syntax.Type{Name: "timestamp without time zone"}
	var out [][]piece
	for _, a := range arguments {
		literal, ok := at(a, 0).literal()
		if ok && len(a) == 1 {
			a = []piece{finished(castLiteral(literal, timestamp, false))}
		}
		out = append(out, a)
	}
	return out
}

func extract(_ *rewriter, arguments [][]piece) (string, bool) {
	a := arguments[0]
	if len(arguments) != 1 || len(a) < 3 || !a[1].is("FROM") {
		return "", false
	}
	return partCall("rs_date_part")(nil, [][]piece{a[:1], a[2:]})
}

func nvl2(_ *rewriter, a [][]piece) (string, bool) {
	if len(a) != 3 {
		return "", false
	}
	return "CASE WHEN " + sql(a[0]) + " IS NOT NULL THEN " + sql(a[1]) + " ELSE " + sql(a[2]) + " END", true
}

// object checks the values, which follow their keys.
func object(_ *rewriter, a [][]piece) (string, bool) {
	var texts []string
	for i, argument := range a {
		if i%2 == 1 {
			texts = append(texts, "rs_member("+sql(argument)+")")
		} else if len(argument) > 0 {
			texts = append(texts, sql(argument))
		}
	}
	return "json_object(" + strings.Join(texts, ", ") + ")", true
}

// decode compares nulls as equal, which a simple CASE does not.
func decode(_ *rewriter, a [][]piece) (string, bool) {
	if len(a) < 3 {
		return "", false
	}
	operand := sql(a[0])
	var b strings.Builder
	b.WriteString("CASE")
	i := 1
	for ; i+1 < len(a); i += 2 {
		b.WriteString(" WHEN " + operand + " IS NOT DISTINCT FROM " + sql(a[i]) + " THEN " + sql(a[i+1]))
	}
	if i < len(a) {
		b.WriteString(" ELSE " + sql(a[i]))
	}
	return b.String() + " END", true
}

func collate(_ *rewriter, a [][]piece) (string, bool) {
	if len(a) != 2 {
		return "", false
	}
	if name, _ := at(a[1], 0).literal(); strings.EqualFold(name, "case_insensitive") || strings.EqualFold(name, "ci") {
		return "(" + sql(a[0]) + " COLLATE NOCASE)", true
	}
	return "(" + sql(a[0]) + ")", true
}

// substring leaves SUBSTRING(s FROM n FOR m) to the backend.
func substring(_ *rewriter, a [][]piece) (string, bool) {
	switch len(a) {
	case 2:
		return "rs_substring(" + list(a) + ", NULL)", true
	case 3:
		return "rs_substring(" + list(a) + ")", true
	}
	return "", false
}

// jsonPath passes the keys of a path as one text, joined by a character that no key holds.
func jsonPath(_ *rewriter, a [][]piece) (string, bool) {
	if len(a) < 2 {
		return "", false
	}
	nullIfInvalid := "false"
	if last := a[len(a)-1]; len(last) == 1 && last[0].is("TRUE", "FALSE") {
		nullIfInvalid = last[0].token.Value()
		a = a[:len(a)-1]
	}
	return "rs_json_path_text(" + sql(a[0]) + ", concat_ws(chr(31), " + list(a[1:]) + "), " + nullIfInvalid + ")", true
}
