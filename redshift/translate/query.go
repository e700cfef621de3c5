package translate

import (
	"slices"
	"strings"
)

// setOperators separate the blocks of a query.
var setOperators = []string{"UNION", "INTERSECT", "EXCEPT", "MINUS"}

// clauses are the words that end the clause before them.
var clauses = append([]string{"FROM", "INTO", "WHERE", "GROUP", "HAVING", "QUALIFY", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH",
	"CONNECT", "START"}, setOperators...)

func isSelect(pieces []piece) bool { return index(pieces, 0, "SELECT") >= 0 }

// queryRules rewrites the clauses of every block of a query: TOP, the output columns, and FROM with WHERE.
func queryRules(pieces []piece) []piece {
	var out []piece
	for len(pieces) > 0 {
		end := index(pieces, 1, setOperators...)
		if end < 0 {
			end = len(pieces)
		}
		out = append(out, block(pieces[:end])...)
		pieces = pieces[end:]
	}
	return out
}

// block rewrites one SELECT with what stands before it: a set operator, WITH or INSERT.
func block(pieces []piece) []piece {
	start := index(pieces, 0, "SELECT")
	if start < 0 {
		return pieces
	}
	pieces = connectBy(pieces)
	list := listStart(pieces, start+1)
	out := slices.Clone(pieces[:start+1])
	out = append(out, quantifier(pieces[start+1:list])...)
	limit := topCount(pieces[start+1 : list])
	end := clauseEnd(pieces, list)
	out = append(out, outputs(pieces[list:end])...)
	out = append(out, fromAndWhere(pieces[end:])...)
	if limit != nil {
		out = append(out, finished("LIMIT"))
		out = append(out, limit...)
	}
	return out
}

// clauseEnd returns where the clause ends that goes on at an index. IS DISTINCT FROM ends none.
func clauseEnd(pieces []piece, from int) int {
	for i := from; i < len(pieces); i++ {
		if pieces[i].is(clauses...) && !at(pieces, i-1).is(".", "AS", "WITHIN") && !(at(pieces, i-1).is("DISTINCT") && i-1 > from) {
			return i
		}
	}
	return len(pieces)
}

// listStart passes DISTINCT, ALL, DISTINCT ON (…) and TOP n, in any order.
func listStart(pieces []piece, i int) int {
	for {
		switch {
		case at(pieces, i).is("DISTINCT") && at(pieces, i+1).is("ON") && at(pieces, i+2).isGroup():
			i += 3
		case at(pieces, i).is("DISTINCT", "ALL"):
			i++
		case at(pieces, i).is("TOP") && isCount(at(pieces, i+1)):
			i += 2
		default:
			return i
		}
	}
}

func isCount(p piece) bool {
	return p.isGroup() || p.token.Text != "" && p.token.Text[0] >= '0' && p.token.Text[0] <= '9' || p.token.Kind == parameter
}

// quantifier keeps DISTINCT and drops TOP.
func quantifier(pieces []piece) []piece {
	if i := index(pieces, 0, "TOP"); i >= 0 {
		return slices.Concat(pieces[:i], pieces[i+2:])
	}
	return pieces
}

func topCount(pieces []piece) []piece {
	if i := index(pieces, 0, "TOP"); i >= 0 {
		count := pieces[i+1]
		count.space = true
		return []piece{count}
	}
	return nil
}

// outputs names every output column as Redshift does, unless the backend's own name is the same.
func outputs(pieces []piece) []piece {
	var out []piece
	for i, item := range split(pieces, ",") {
		if i > 0 {
			out = append(out, piece{token: comma})
		}
		out = append(out, output(item)...)
	}
	return out
}

func output(item []piece) []piece {
	if n := bareAlias(item); n > 0 {
		name := item[n].token.Value()
		return append(slices.Clone(item[:n]), finished("AS "+Identifier(name)))
	}
	if len(item) == 0 || index(item, 0, "AS") >= 0 || item[len(item)-1].is("*") || strings.HasPrefix(item[0].sql, "* ") || isPath(item) {
		return item
	}
	return append(slices.Clone(item), finished("AS "+Identifier(columnName(item))))
}

// bareAlias returns where an alias without AS stands in an output, or 0.
func bareAlias(item []piece) int {
	n := len(item) - 1
	if n < 1 || !item[n].isName() || reserved[item[n].token.Upper()] || endsInType(item) {
		return 0
	}
	before := item[n-1]
	switch {
	case before.is("ZONE", "COLLATE"), before.is("AS"):
		return 0
	case before.isName() && reserved[before.token.Upper()] && !before.is("END", "NULL", "TRUE", "FALSE", "CURRENT_DATE", "SYSDATE",
		"CURRENT_TIMESTAMP", "CURRENT_USER", "USER"):
		return 0
	case before.is("*"), before.open == "" && before.sql == "" && before.token.Kind == operatorKind:
		return 0
	}
	if _, known := intervalUnits[item[n].token.Upper()]; known && n >= 2 && item[n-2].is("INTERVAL") {
		return 0
	}
	return n
}

// endsInType reports whether the last word belongs to the type of a cast, such as x::double precision.
func endsInType(item []piece) bool {
	for i := len(item) - 2; i >= 0 && i >= len(item)-6; i-- {
		if item[i].is("::") {
			_, n, _, ok := typeAt(item[i+1:])
			return ok && i+1+n == len(item)
		}
	}
	return false
}

// isPath reports whether an output is a column's name with or without qualifiers.
func isPath(item []piece) bool {
	for i, p := range item {
		if i%2 == 0 && !p.isName() || i%2 == 1 && !p.is(".") {
			return false
		}
	}
	return len(item)%2 == 1 && !(len(item) == 1 && constants[item[0].token.Upper()] != "")
}
