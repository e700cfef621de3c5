package bteq

import (
	"slices"
	"strings"
)

// passes convert one request, in this order.
var passes = []func(c *converter, tokens []token) []token{
	locking, verbs, operators, functions, casts, table, deletion, insertion, update, sampling, backslashes, doubtful,
}

// request converts and prints one SQL request.
func (c *converter) request(tokens []token) {
	if len(tokens) == 0 {
		return
	}
	if tokens[0].is("USING") {
		c.using(tokens)
		return
	}
	if tokens = convertSQL(c, tokens); len(tokens) > 0 {
		c.print(written(tokens) + ";")
	}
}

func convertSQL(c *converter, tokens []token) []token {
	for _, pass := range passes {
		if len(tokens) == 0 {
			return nil
		}
		before := tokens[0].before
		if tokens = pass(c, tokens); len(tokens) > 0 && tokens[0].before == "" {
			tokens[0].before = before
		}
	}
	return tokens
}

// replaced puts tokens in the place of those from i up to j; they take over the blanks before the first.
func replaced(tokens []token, i, j int, with ...token) []token {
	with = slices.Clone(with)
	if len(with) > 0 && i < len(tokens) {
		with[0].before = tokens[i].before
		with[0].line, with[0].column = tokens[i].line, tokens[i].column
	}
	return slices.Concat(tokens[:i], with, tokens[j:])
}

// locking drops LOCKING … FOR ACCESS, also in front of a view's query: readers do not block in Redshift.
func locking(_ *converter, tokens []token) []token {
	for {
		at := indexOf(tokens, "LOCKING")
		if at < 0 {
			return tokens
		}
		stop := indexOf(tokens[at:], "FOR", "IN")
		if stop < 0 || at+stop+2 > len(tokens) {
			return tokens
		}
		stop += at + 2
		for stop < len(tokens) && tokens[stop].is("MODE", "NOWAIT") {
			stop++
		}
		tokens = replaced(tokens, at, stop)
	}
}

// short are the abbreviations of verbs, and requests that are one word.
var short = map[string]string{"SEL": "select", "INS": "insert", "UPD": "update", "DEL": "delete", "BT": "begin", "ET": "commit",
	"ABORT": "rollback", "MINUS": "except"}

// verbs converts what a request begins with, and the abbreviations in it.
func verbs(c *converter, tokens []token) []token {
	first := tokens[0]
	switch {
	case first.is("COLLECT"):
		return statistics(c, tokens)
	case first.is("DATABASE") && len(tokens) == 2:
		return words("set search_path to " + tokens[1].text)
	case first.is("REPLACE") && len(tokens) > 1 && tokens[1].is("VIEW"):
		tokens = replaced(tokens, 0, 1, words("create or replace")...)
	case first.is("REPLACE", "CREATE") && len(tokens) > 1 && tokens[1].is("MACRO", "PROCEDURE", "FUNCTION", "TRIGGER"):
		c.note(first, "%s %s: Redshift has another language for this", strings.ToUpper(first.text), strings.ToUpper(tokens[1].text))
	case first.is("EXEC", "EXECUTE"):
		c.note(first, "EXEC runs a macro, which Redshift does not have: a procedure and CALL may take its place")
	case first.is("HELP", "SHOW"):
		c.note(first, `%s has no counterpart in SQL; \d shows tables`, strings.ToUpper(first.text))
		return nil
	}
	for i, t := range tokens {
		full, ok := short[strings.ToUpper(t.text)]
		if !ok || t.kind != word || i > 0 && tokens[i-1].text == "." || !beginsQuery(tokens, i) {
			continue
		}
		if len(full) > 0 && t.text == strings.ToUpper(t.text) {
			full = strings.ToUpper(full)
		}
		tokens[i].text = full
	}
	return tokens
}

// beginsQuery reports whether a verb can stand at i: at the start, behind a parenthesis or behind a set operation.
func beginsQuery(tokens []token, i int) bool {
	return i == 0 || tokens[i].is("MINUS") || tokens[i-1].is("(", "AS", "UNION", "ALL", "MINUS", "EXCEPT", "INTERSECT", "THEN", ")") ||
		tokens[i].is("SEL", "INS", "UPD", "DEL") && !tokens[i-1].is(",", "=")
}

// statistics makes ANALYZE of COLLECT STATISTICS.
func statistics(c *converter, tokens []token) []token {
	at := indexOf(tokens, "ON")
	if at < 0 {
		at = indexOf(tokens, "STATISTICS", "STATS", "STAT")
	}
	if at < 0 || at+1 >= len(tokens) {
		c.note(tokens[0], "COLLECT STATISTICS names no table")
		return nil
	}
	at++
	if tokens[at].is("TEMPORARY") {
		at++
	}
	stop := at + 1
	for stop+1 < len(tokens) && tokens[stop].text == "." {
		stop += 2
	}
	return append(words("analyze"), spaced(tokens[at:stop])...)
}

// spaced puts one blank before tokens.
func spaced(tokens []token) []token {
	out := slices.Clone(tokens)
	if len(out) > 0 {
		out[0].before = " "
	}
	return out
}

// spellings are operators and words with another spelling in Redshift.
var spellings = map[string]string{"**": "^", "^=": "<>", "~=": "<>", "MOD": "%", "EQ": "=", "NE": "<>", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}

func operators(_ *converter, tokens []token) []token {
	for i, t := range tokens {
		with, ok := spellings[strings.ToUpper(t.text)]
		if !ok || t.kind == text || t.kind == quoted || i == 0 || i+1 == len(tokens) {
			continue
		}
		// Such a word is an operator between two operands, and a name or a function elsewhere.
		if t.kind == word && (!endsOperand(tokens[i-1]) || tokens[i+1].is(",", ")", ".", "(") && !t.is("MOD") || tokens[i-1].is("AS", ".")) {
			continue
		}
		tokens[i].text = with
		if t.kind == word && tokens[i+1].before == "" {
			tokens[i+1].before = " "
		}
	}
	return tokens
}

// endsOperand reports whether an expression may end with a token.
func endsOperand(t token) bool {
	if t.kind == word {
		return !t.is("SELECT", "WHERE", "AND", "OR", "NOT", "ON", "BY", "WHEN", "THEN", "ELSE", "CASE", "HAVING", "FROM", "IN", "LIKE", "BETWEEN", "SET")
	}
	return t.kind == number || t.kind == text || t.kind == quoted || t.text == ")"
}

// deletion makes DELETE FROM t of DELETE t ALL.
func deletion(_ *converter, tokens []token) []token {
	if !tokens[0].is("DELETE") {
		return tokens
	}
	if len(tokens) > 1 && !tokens[1].is("FROM") && indexOf(tokens, "FROM") < 0 || len(tokens) > 1 && !tokens[1].is("FROM") && indexOf(tokens, "WHERE") >= 0 && indexOf(tokens, "WHERE") < indexOf(tokens, "FROM") {
		tokens = replaced(tokens, 1, 1, words("from")...)
		tokens[1].before = " "
		tokens[2].before = " "
	}
	return withoutAll(tokens)
}

// withoutAll drops the ALL that may end DELETE and UPDATE.
func withoutAll(tokens []token) []token {
	if tokens[len(tokens)-1].is("ALL") {
		return tokens[:len(tokens)-1]
	}
	return tokens
}

// insertion completes INSERT t (values) to INSERT INTO t VALUES (values).
func insertion(_ *converter, tokens []token) []token {
	if !tokens[0].is("INSERT") || len(tokens) < 3 {
		return tokens
	}
	if !tokens[1].is("INTO") {
		tokens = replaced(tokens, 1, 1, words("into")...)
		tokens[1].before, tokens[2].before = " ", " "
	}
	open := 2
	for open < len(tokens) && (tokens[open].isName() && !tokens[open].is("VALUES", "SELECT", "WITH") || tokens[open].text == ".") {
		open++
	}
	if open < len(tokens) && tokens[open].text == "(" && closing(tokens, open) == len(tokens)-1 {
		tokens = replaced(tokens, open, open, words("values")...)
		tokens[open].before, tokens[open+1].before = " ", " "
	}
	return tokens
}

// update puts the FROM of UPDATE t FROM s SET … WHERE … behind SET. A target that names an alias of FROM is that table.
func update(c *converter, tokens []token) []token {
	from, set := depthZero(tokens, "FROM"), depthZero(tokens, "SET")
	if !tokens[0].is("UPDATE") || set < 0 {
		return tokens
	}
	tokens = withoutAll(tokens)
	where := depthZero(tokens, "WHERE")
	if where < 0 {
		where = len(tokens)
	}
	assignments := unqualified(tokens[set:where])
	if from < 0 || from > set {
		return slices.Concat(tokens[:set], assignments, tokens[where:])
	}
	target, sources := tokens[1:from], separated(tokens[from+1:set])
	if len(target) == 1 {
		for i, source := range sources {
			if last := source[len(source)-1]; len(source) > 1 && last.isName() && strings.EqualFold(last.text, target[0].text) {
				target = spaced(source)
				sources = slices.Delete(sources, i, i+1)
				break
			}
		}
	}
	out := append([]token{tokens[0]}, spaced(target)...)
	out = append(out, assignments...)
	if len(sources) > 0 {
		out = append(out, lined(words("from"))...)
		for i, source := range sources {
			if i > 0 {
				out = append(out, words(",")...)
			}
			out = append(out, spaced(source)...)
		}
	}
	return append(out, tokens[where:]...)
}

func lined(tokens []token) []token {
	tokens[0].before = "\n"
	return tokens
}

// depthZero finds a word outside of parentheses.
func depthZero(tokens []token, words ...string) int {
	for i := 0; i < len(tokens); i++ {
		if tokens[i].text == "(" {
			i = closing(tokens, i)
			continue
		}
		if tokens[i].is(words...) {
			return i
		}
	}
	return -1
}

// separated cuts tokens at the commas outside of parentheses.
func separated(tokens []token) [][]token {
	var out [][]token
	start := 0
	for i := 0; i < len(tokens); i++ {
		switch tokens[i].text {
		case "(":
			i = closing(tokens, i)
		case ",":
			out = append(out, tokens[start:i])
			start = i + 1
		}
	}
	if start < len(tokens) {
		out = append(out, tokens[start:])
	}
	return out
}

// unqualified takes the table's name from the columns that SET assigns to.
func unqualified(tokens []token) []token {
	out := []token{tokens[0]}
	for i, part := range separated(tokens[1:]) {
		if i > 0 {
			out = append(out, words(",")...)
		}
		if len(part) > 3 && part[0].isName() && part[1].text == "." && part[3].text == "=" {
			part = replaced(part, 0, 2)
			part[0].before = " "
		}
		out = append(out, part...)
	}
	return out
}

// sampling makes LIMIT of SAMPLE.
func sampling(c *converter, tokens []token) []token {
	at := depthZero(tokens, "SAMPLE")
	if at < 0 || at+1 >= len(tokens) || tokens[at+1].kind != number {
		return tokens
	}
	c.note(tokens[at], "SAMPLE becomes LIMIT, which takes any rows and not random ones")
	tokens[at].text = "limit"
	return tokens
}

// backslashes doubles the backslashes of texts, in which Redshift sees escapes.
func backslashes(_ *converter, tokens []token) []token {
	for i, t := range tokens {
		if t.kind == text {
			tokens[i].text = strings.ReplaceAll(t.text, `\`, `\\`)
		}
	}
	return tokens
}

// doubts are words that mean something Redshift lacks or does otherwise.
var doubts = map[string]string{
	"PERIOD": "PERIOD types do not exist in Redshift", "OVERLAPS": "OVERLAPS does not exist in Redshift",
	"NORMALIZE": "NORMALIZE does not exist in Redshift", "EXPAND": "EXPAND ON does not exist in Redshift",
	"HASHROW": "HASHROW gives other values", "HASHBUCKET": "HASHBUCKET does not exist in Redshift", "HASHAMP": "HASHAMP does not exist in Redshift",
	"CSUM": "CSUM must become SUM() OVER", "MSUM": "MSUM must become SUM() OVER", "MAVG": "MAVG must become AVG() OVER", "MDIFF": "MDIFF must become LAG() OVER",
	"MERGE": "MERGE of Redshift has no conditions in its branches", "IDENTITY": "IDENTITY gives other numbers",
	"RANDOM": "RANDOM(a, b) must become a + RANDOM() * (b - a)", "FORMAT": "FORMAT is left: Redshift formats with TO_CHAR",
	"FALLBACK": "FALLBACK is left", "INTERVAL": "INTERVAL: check units and precision", "RESET": "RESET WHEN does not exist in Redshift",
}

// doubtful notes what is left.
func doubtful(c *converter, tokens []token) []token {
	for i, t := range tokens {
		doubt, ok := doubts[strings.ToUpper(t.text)]
		if ok && t.kind == word && (i == 0 || tokens[i-1].text != ".") {
			c.noteOnce(placed(tokens, i), doubt)
		}
		if t.is("LIKE") && i+1 < len(tokens) && tokens[i+1].is("ANY", "ALL", "SOME") {
			c.note(t, "LIKE %s must become several LIKEs", strings.ToUpper(tokens[i+1].text))
		}
	}
	return tokens
}

// placed returns the nearest token at or before i that stands in the script.
func placed(tokens []token, i int) token {
	for ; i > 0 && tokens[i].line == 0; i-- {
	}
	return tokens[i]
}
