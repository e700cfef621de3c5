package translate

import (
	"cmp"
	"slices"
	"strings"
)

// fromAndWhere rewrites what follows the output columns of a block: outer joins written with (+), and arrays in FROM.
func fromAndWhere(pieces []piece) []piece {
	from := index(pieces, 0, "FROM")
	if from < 0 {
		return pieces
	}
	end := clauseEnd(pieces, from+1)
	items := split(pieces[from+1:end], ",")
	var where, rest []piece
	rest = pieces[end:]
	if at(pieces, end).is("WHERE") {
		stop := clauseEnd(pieces, end+1)
		where, rest = pieces[end+1:stop], pieces[stop:]
	}
	for i, item := range items {
		items[i] = pivot(item)
	}
	unnestArrays(items)
	out := append(slices.Clone(pieces[:from]), pieces[from])
	tables, where := outerJoins(items, where)
	out = append(out, tables...)
	if len(where) > 0 {
		out = append(append(out, finished("WHERE")), where...)
	}
	return append(out, rest...)
}

func join(items [][]piece, separator piece) []piece {
	var out []piece
	for i, item := range items {
		if i > 0 {
			out = append(out, separator)
		}
		out = append(out, item...)
	}
	return out
}

// itemName is the alias of an item of FROM, or the table's own name.
func itemName(item []piece) string {
	for i := len(item) - 1; i >= 0; i-- {
		if item[i].isName() {
			return item[i].token.Value()
		}
	}
	return ""
}

func isPlus(p piece) bool { return p.isGroup() && len(p.group) == 1 && p.group[0].is("+") }

// outerJoins turns conditions marked with (+) into LEFT JOINs.
func outerJoins(items [][]piece, where []piece) ([]piece, []piece) {
	if !slices.ContainsFunc(where, isPlus) {
		return join(items, piece{token: comma}), where
	}
	var inner [][]piece
	outer := map[string][][]piece{}
	all := conditions(where)
	only := ""
	for _, condition := range all {
		only = cmp.Or(only, optionalTable(condition, ""))
	}
	for _, condition := range all {
		if name := optionalTable(condition, only); name != "" {
			outer[name] = append(outer[name], slices.DeleteFunc(slices.Clone(condition), isPlus))
		} else {
			inner = append(inner, condition)
		}
	}
	var required, optional [][]piece
	for _, item := range items {
		if outer[itemName(item)] == nil {
			required = append(required, item)
		} else {
			optional = append(optional, item)
		}
	}
	out := join(required, finished("CROSS JOIN"))
	for _, item := range optional {
		out = append(append(out, finished("LEFT JOIN")), item...)
		out = append(out, finished("ON"))
		out = append(out, join(outer[itemName(item)], finished("AND"))...)
	}
	return out, join(inner, finished("AND"))
}

// conditions cuts a WHERE clause at its ANDs, but not at that of BETWEEN.
func conditions(where []piece) [][]piece {
	var parts [][]piece
	start, between := 0, false
	for i, p := range where {
		switch {
		case p.is("BETWEEN"):
			between = true
		case p.is("AND") && between:
			between = false
		case p.is("AND"):
			parts = append(parts, where[start:i])
			start = i + 1
		}
	}
	return append(parts, where[start:])
}

// optionalTable returns the qualifier of the column that is marked with (+), or only for a column without one.
func optionalTable(condition []piece, only string) string {
	i := slices.IndexFunc(condition, isPlus)
	switch {
	case i < 0:
		return ""
	case i >= 3 && condition[i-2].is("."):
		return condition[i-3].token.Value()
	}
	return only
}

// unnestArrays makes a lateral query of every item that starts with the alias of an item before it: FROM t, t.orders o.
func unnestArrays(items [][]piece) {
	known, arrays := map[string]bool{}, map[string]bool{}
	for i, item := range items {
		switch {
		case at(item, 0).is("UNPIVOT"):
			items[i] = unpivotObject(item[1:])
		case len(item) > 1 && item[0].isName() && known[item[0].token.Value()] && (item[1].is(".") || item[1].open == "["):
			items[i] = unnestArray(item)
		case len(item) > 1 && arrays[at(item, 0).token.Value()] && item[0].isName():
			items[i] = unnestArray(item)
		}
		if len(items[i]) == 1 && items[i][0].sql != "" {
			arrays[itemAlias(item)] = true
		}
		known[itemAlias(item)] = true
	}
}

// itemAlias is like itemName, but knows the AT that follows the alias of an array.
func itemAlias(item []piece) string {
	if i := index(item, 0, "AT"); i > 0 {
		item = item[:i]
	}
	if i := index(item, 0, "JOIN", "LEFT", "INNER", "FULL", "RIGHT", "CROSS"); i > 0 {
		item = item[:i]
	}
	return itemName(item)
}

// arrayItem cuts path [AS] alias [AT position] into its parts.
func arrayItem(item []piece) (path []piece, alias, position string) {
	if i := index(item, 0, "AT"); i > 0 && i+1 < len(item) {
		position = item[i+1].token.Value()
		item = item[:i]
	}
	n := 1
	for n < len(item) && (item[n].is(".") || item[n].open == "[" || item[n-1].is(".")) {
		n++
	}
	path = item[:n]
	alias = itemName(item)
	if position == "" {
		position = alias + "_position"
	}
	return path, alias, position
}

func unnestArray(item []piece) []piece {
	path, alias, position := arrayItem(item)
	return lateral(path, alias, position, "rs_elements(%), position: rs_positions(%)")
}

// unpivotObject makes rows of an object's members: UNPIVOT expression AS value AT attribute.
func unpivotObject(item []piece) []piece {
	path, alias, position := arrayItem(item)
	return lateral(path, alias, position, "rs_members(%), position: rs_attributes(%)")
}

// lateral selects two lists side by side; % in their calls stands for the path.
func lateral(path []piece, alias, position, calls string) []piece {
	operand := text(rewrite(path))
	values, positions, _ := strings.Cut(strings.ReplaceAll(calls, "%", operand), ", position: ")
	return []piece{finished("LATERAL (SELECT unnest(" + values + ") AS " + Identifier(alias) + ", unnest(" + positions + ") AS " +
		Identifier(position) + ") AS " + Identifier(alias))}
}
