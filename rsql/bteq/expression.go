package bteq

import (
	"slices"
	"strings"
)

// renamed are functions that only have another name in Redshift.
var renamed = map[string]string{"CHARACTERS": "len", "CHARS": "len", "CHAR": "", "CHARACTER_LENGTH": "len", "CHAR_LENGTH": "len", "OREPLACE": "replace",
	"OTRANSLATE": "translate", "INSTR": "strpos", "STRTOK": "split_part", "INDEX": "strpos", "RANDOM": ""}

// functions converts calls whose name or shape differs.
func functions(_ *converter, tokens []token) []token {
	for i := 0; i+1 < len(tokens); i++ {
		t := tokens[i]
		if t.kind != word || tokens[i+1].text != "(" || i > 0 && tokens[i-1].text == "." {
			continue
		}
		if name := renamed[strings.ToUpper(t.text)]; name != "" {
			tokens[i].text = name
		}
		shut := closing(tokens, i+1)
		switch {
		case t.is("CURRENT_TIMESTAMP"):
			tokens = replaced(tokens, i, shut+1, words("getdate()")...)
		case t.is("CURRENT_TIME"):
			tokens = replaced(tokens, i+1, shut+1)
		case t.is("ZEROIFNULL"):
			tokens[i].text = "coalesce"
			tokens = slices.Insert(tokens, shut, words(", 0")...)
		case t.is("NULLIFZERO"):
			tokens[i].text = "nullif"
			tokens = slices.Insert(tokens, shut, words(", 0")...)
		}
	}
	return tokens
}

// castTypes are the types that may stand in parentheses behind an expression, which casts it.
var castTypes = []string{"INTEGER", "INT", "SMALLINT", "BYTEINT", "BIGINT", "DECIMAL", "DEC", "NUMERIC", "FLOAT", "REAL", "CHAR", "CHARACTER", "VARCHAR",
	"DATE", "TIMESTAMP"}

// casts converts Teradata's casts and formats: x (TYPE), x (FORMAT '…'), CAST(x AS DATE FORMAT '…'); TITLE and NAMED, which
// stand in the same place; and DATE, which alone is today.
func casts(c *converter, tokens []token) []token {
	if isDefinition(tokens) {
		return today(tokens)
	}
	for i := 1; i < len(tokens); i++ {
		if tokens[i].text == "(" && endsOperand(tokens[i-1]) && i+1 < len(tokens) {
			tokens = postfix(c, tokens, i)
		}
	}
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i].is("CAST") && i+1 < len(tokens) && tokens[i+1].text == "(" {
			tokens = castFormat(tokens, i)
		}
	}
	return today(tokens)
}

// isDefinition reports whether a request defines columns, in which types stand behind names.
func isDefinition(tokens []token) bool {
	return tokens[0].is("CREATE", "ALTER", "REPLACE") && indexOf(tokens, "SELECT", "SEL") < 0
}

// postfix converts the parentheses at i behind an expression when they hold a type, a format, a title or a name.
func postfix(c *converter, tokens []token, i int) []token {
	shut := closing(tokens, i)
	inside := tokens[i+1 : shut]
	if len(inside) == 0 {
		return tokens
	}
	start := operandStart(tokens, i-1)
	operand := slices.Clone(tokens[start:i])
	operand[0].before = ""
	format := formatOf(inside)
	switch first := inside[0]; {
	case first.is("TITLE") && len(inside) == 2 && inside[1].kind == text:
		return replaced(tokens, i, shut+1, alias(`"`+inside[1].value()+`"`)...)
	case first.is("NAMED") && len(inside) == 2:
		return replaced(tokens, i, shut+1, alias(inside[1].text)...)
	case first.is("CASESPECIFIC"), first.is("NOT") && len(inside) == 2 && inside[1].is("CASESPECIFIC"):
		if first.is("NOT") {
			c.noteOnce(first, "NOT CASESPECIFIC is left out: Redshift compares with case, so LOWER() or a collation may be needed")
		}
		return replaced(tokens, i, shut+1)
	case first.is("FORMAT") && format != "":
		return replaced(tokens, start, shut+1, call("to_char", operand, format)...)
	case first.is(castTypes...) && (len(inside) == 1 || inside[1].is("(", ",")):
		if first.is("DATE", "TIMESTAMP") && format != "" {
			return replaced(tokens, start, shut+1, call(reader(first), operand, format)...)
		}
		kind := inside
		if comma := depthZero(inside, ","); comma > 0 {
			kind = inside[:comma]
		}
		return replaced(tokens, start, shut+1, slices.Concat(words("cast("), operand, words(" as"), spaced(convertTypes(kind)), words(")"))...)
	}
	return tokens
}

func alias(name string) []token {
	out := words("as " + name)
	out[0].before = " "
	return out
}

// operandStart returns where the operand that ends at i begins: a name, a number, a text, or parentheses with a function.
func operandStart(tokens []token, i int) int {
	if tokens[i].text == ")" {
		depth := 0
		for ; i > 0; i-- {
			if tokens[i].text == ")" {
				depth++
			} else if tokens[i].text == "(" {
				if depth--; depth == 0 {
					break
				}
			}
		}
		if i > 0 && tokens[i-1].kind == word && endsOperand(tokens[i-1]) {
			i--
		}
	}
	for i > 1 && tokens[i-1].text == "." {
		i -= 2
	}
	if i > 0 && tokens[i-1].text == ":" {
		i--
	}
	return i
}

// formatOf returns the text behind FORMAT in Redshift's spelling, in quotes.
func formatOf(tokens []token) string {
	at := indexOf(tokens, "FORMAT")
	if at < 0 || at+1 >= len(tokens) || tokens[at+1].kind != text {
		return ""
	}
	return "'" + strings.ReplaceAll(redshiftFormat(tokens[at+1].value()), "'", "''") + "'"
}

// formatParts are the parts of Teradata's formats, longer ones first.
var formatParts = strings.NewReplacer("YYYY", "YYYY", "Y4", "YYYY", "YY", "YY", "MMMM", "MONTH", "M4", "MONTH", "MMM", "MON", "M3", "MON",
	"MM", "MM", "MI", "MI", "DDD", "DDD", "DD", "DD", "D2", "DD", "HH", "HH24", "SSDS(6)", "SS.US", "SS", "SS", "T", "AM", "B", " ")

func redshiftFormat(format string) string { return formatParts.Replace(strings.ToUpper(format)) }

func reader(kind token) string {
	if kind.is("DATE") {
		return "to_date"
	}
	return "to_timestamp"
}

func call(name string, operand []token, format string) []token {
	operand[0].before = ""
	return slices.Concat(words(name+"("), operand, words(", "+format+")"))
}

// castFormat converts CAST(x AS DATE FORMAT '…') and CAST(to_char(…) AS CHAR(8)), which has the form already.
func castFormat(tokens []token, i int) []token {
	shut := closing(tokens, i+1)
	as := i + 2 + depthZero(tokens[i+2:shut], "AS")
	if as < i+2 || as+1 >= shut {
		return tokens
	}
	kind := tokens[as+1]
	format := formatOf(tokens[as+1 : shut])
	operand := slices.Clone(tokens[i+2 : as])
	switch {
	case format == "":
		return replaced(tokens, as+1, shut, spaced(convertTypes(tokens[as+1:shut]))...)
	case kind.is("DATE", "TIMESTAMP"):
		return replaced(tokens, i, shut+1, call(reader(kind), operand, format)...)
	case kind.is("CHAR", "VARCHAR", "CHARACTER"):
		return replaced(tokens, i, shut+1, call("to_char", operand, format)...)
	}
	return tokens
}

// today makes CURRENT_DATE of a DATE that is neither a type nor a literal.
func today(tokens []token) []token {
	for i, t := range tokens {
		if !t.is("DATE") || i == 0 || i+1 < len(tokens) && (tokens[i+1].kind == text || tokens[i+1].text == ".") {
			continue
		}
		if before := tokens[i-1]; before.is("AS", ".", ",") && !before.is(",") || before.isName() && endsOperand(before) && !before.is("DEFAULT") {
			continue
		}
		if isDefinition(tokens) && !tokens[i-1].is("DEFAULT") {
			continue
		}
		tokens[i].text = "current_date"
	}
	return tokens
}
