package translate

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// WantsColumns reports whether an INSERT holds text literals whose meaning depends on the types of the columns: a date in
// one of the many spellings, a SUPER string, a boolean.
func WantsColumns(s *syntax.Insert) bool {
	if !s.Rows[0].Is("VALUES") {
		return false
	}
	for _, t := range s.Rows {
		if t.Kind == syntax.String {
			return true
		}
	}
	return false
}

// Insert returns the backend's statement for INSERT … VALUES into a table with these columns.
func Insert(s *syntax.Insert, columns []syntax.Column) string {
	types := targetTypes(s, columns)
	pieces := nest(s.Rows)
	for i, p := range pieces {
		if p.isGroup() && at(pieces, i-1).is("VALUES", ",") {
			pieces[i].group = typedRow(p.group, types)
		}
	}
	return insertInto(s) + strings.TrimSpace(text(rewrite(pieces)))
}

// targetTypes returns the types of the columns that an INSERT fills, in its order.
func targetTypes(s *syntax.Insert, columns []syntax.Column) []syntax.Type {
	byName := map[string]syntax.Type{}
	var types []syntax.Type
	for _, c := range columns {
		byName[c.Name] = c.Type
		types = append(types, c.Type)
	}
	if len(s.Columns) == 0 {
		return types
	}
	types = types[:0:0]
	for _, name := range s.Columns {
		types = append(types, byName[name])
	}
	return types
}

func typedRow(row []piece, types []syntax.Type) []piece {
	elements := split(row, ",")
	for i, e := range elements {
		if i >= len(types) || len(e) != 1 {
			continue
		}
		if literal, ok := e[0].literal(); ok {
			elements[i] = []piece{typedValue(e[0], literal, types[i])}
		}
	}
	return join(elements, piece{token: comma})
}

func typedValue(p piece, literal string, t syntax.Type) piece {
	switch t.Name {
	case "date", "timestamp without time zone", "timestamp with time zone", "time with time zone", "boolean", "super", "varbyte":
		typed := finished(castLiteral(literal, t, false))
		typed.space = p.space
		return typed
	case "character", "character varying":
		if n := t.Args[0]; len(literal) > n && len(strings.TrimRight(literal, " ")) <= n {
			return finished(quote(literal[:n]))
		}
	}
	return p
}
