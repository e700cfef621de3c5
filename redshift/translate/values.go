package translate

import (
	"errors"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// WantsColumns reports whether what an INSERT or UPDATE means depends on the types of the table's columns: a text for a date
// may have one of many spellings, a text for SUPER is no JSON, CHAR has no trailing blanks.
func WantsColumns(s syntax.Statement) bool {
	switch s := s.(type) {
	case *syntax.Insert:
		return !s.Rows[0].Is("DEFAULT")
	case *syntax.Update:
		return true
	}
	return false
}

// Width is how many values the first row of INSERT … VALUES has; it does not tell for a query.
func Width(s *syntax.Insert) (n int, known bool) {
	if !s.Rows[0].Is("VALUES") {
		return 0, false
	}
	return len(split(at(nest(s.Rows), 1).group, ",")), true
}

// Typed returns the backend's statement for an INSERT or UPDATE of a table with these columns.
func Typed(s syntax.Statement, columns []syntax.Column) (string, error) {
	switch s := s.(type) {
	case *syntax.Insert:
		if err := errors.Join(refuseRows(s), refuseIdentity(s, columns)); err != nil {
			return "", err
		}
		types := targetTypes(s, columns)
		if s.Rows[0].Is("VALUES") {
			return insertInto(s) + typedRows(s.Rows, types), nil
		}
		return insertInto(s) + assigned(tokens(s.Rows), types), nil
	case *syntax.Update:
		return update(s, typesByName(columns)), nil
	}
	return "", unsupported(s, verb(s))
}

func typedRows(rows []syntax.Token, types []syntax.Type) string {
	pieces := nest(rows)
	for i, p := range pieces {
		if p.isGroup() && at(pieces, i-1).is("VALUES", ",") {
			pieces[i].group = typedRow(p.group, types)
		}
	}
	return strings.TrimSpace(text(rewrite(pieces)))
}

// assigned gives the rows of a query to columns of these types.
func assigned(query string, types []syntax.Type) string {
	var columns, replaced []string
	for i, t := range types {
		name := "c" + strconv.Itoa(i+1)
		columns = append(columns, name)
		if value := assignment(name, t); value != "" {
			replaced = append(replaced, value+" AS "+name)
		}
	}
	if len(replaced) == 0 {
		return query
	}
	return "SELECT * REPLACE (" + strings.Join(replaced, ", ") + ") FROM (" + query + "\n) AS rs_rows(" + strings.Join(columns, ", ") + ")"
}

// assignment is the value that a column gets where the backend's own conversion means something else, else empty.
func assignment(value string, t syntax.Type) string {
	switch t.Name {
	case "character":
		return "rtrim(rs_text(" + value + "), ' ')"
	case "date", "timestamp without time zone", "timestamp with time zone", "boolean", "super":
		return cast(value, t, false)
	}
	return ""
}

// targetTypes returns the types of the columns that an INSERT fills, in its order.
func targetTypes(s *syntax.Insert, columns []syntax.Column) []syntax.Type {
	if len(s.Columns) == 0 {
		var types []syntax.Type
		for _, c := range columns {
			types = append(types, c.Type)
		}
		return types
	}
	var types []syntax.Type
	byName := typesByName(columns)
	for _, name := range s.Columns {
		types = append(types, byName[name])
	}
	return types
}

func typesByName(columns []syntax.Column) map[string]syntax.Type {
	types := map[string]syntax.Type{}
	for _, c := range columns {
		types[c.Name] = c.Type
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
	case "date", "timestamp without time zone", "timestamp with time zone", "time with time zone", "interval", "boolean", "super", "varbyte":
		typed := finished(castLiteral(literal, t, false))
		typed.space = p.space
		return typed
	case "character":
		return finished(quote(strings.TrimRight(literal, " ")))
	case "character varying":
		if n := t.Args[0]; len(literal) > n && len(strings.TrimRight(literal, " ")) <= n {
			return finished(quote(literal[:n]))
		}
	}
	return p
}

// typedAssignment gives the value of column = value the column's type.
func typedAssignment(item []piece, t syntax.Type) []piece {
	if len(item) < 3 || !item[1].is("=") {
		return item
	}
	if literal, ok := item[2].literal(); ok && len(item) == 3 {
		return append(item[:2:2], typedValue(item[2], literal, t))
	}
	if t.Name == "character" {
		return append(item[:2:2], finished(" "+assignment(sql(item[2:]), t)))
	}
	return item
}
