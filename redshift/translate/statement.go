package translate

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// Statement returns the backend's statements for one Redshift statement, to be run in order. LIKE clauses of CREATE TABLE must
// have been replaced by columns before.
func Statement(s syntax.Statement) ([]string, error) {
	switch s := s.(type) {
	case *syntax.Query:
		return one(tokens(s.Tokens)), refuse(s.Tokens)
	case *syntax.Explain:
		list, err := Statement(s.Statement)
		if err != nil {
			return nil, err
		}
		return one("EXPLAIN " + list[len(list)-1]), nil
	case *syntax.Insert:
		return one(insert(s)), refuseRows(s)
	case *syntax.Update:
		return one(update(s, nil)), nil
	case *syntax.Delete:
		return one(deletion(s)), nil
	case *syntax.Merge:
		return merge(s), nil
	case *syntax.Truncate:
		return one("DELETE FROM " + Name(s.Target)), nil
	}
	return definition(s)
}

func one(sql string) []string { return []string{sql} }

// Tokens rewrites the tokens of a query or an expression, such as the query of a cursor or an expression of PL/pgSQL.
func Tokens(list []syntax.Token) (string, error) { return tokens(list), nil }

func tokens(list []syntax.Token) string { return strings.TrimSpace(text(rewrite(nest(list)))) }

// Name quotes a name of up to three parts for the backend. The database is left out.
func Name(n syntax.Name) string {
	if n.Schema == "" {
		return Identifier(n.Name)
	}
	return Identifier(n.Schema) + "." + Identifier(n.Name)
}

func names(list []string) string {
	quoted := make([]string, len(list))
	for i, name := range list {
		quoted[i] = Identifier(name)
	}
	return strings.Join(quoted, ", ")
}

func insert(s *syntax.Insert) string { return insertInto(s) + tokens(s.Rows) }

// insertInto is an INSERT up to its rows.
func insertInto(s *syntax.Insert) string {
	columns := ""
	if len(s.Columns) > 0 {
		columns = " (" + names(s.Columns) + ")"
	}
	with := s.Tokens[:slices.IndexFunc(s.Tokens, func(t syntax.Token) bool { return t.Is("INSERT") })]
	return prefix(with) + "INSERT INTO " + Name(s.Target) + columns + " "
}

// prefix returns the common table expressions in front of a statement.
func prefix(with []syntax.Token) string {
	if len(with) == 0 {
		return ""
	}
	return tokens(with) + " "
}

func aliased(n syntax.Name, alias string) string {
	if alias == "" {
		return Name(n)
	}
	return Name(n) + " AS " + Identifier(alias)
}

// update takes the types of the columns by name, as far as they are known.
func update(s *syntax.Update, types map[string]syntax.Type) string {
	sql := prefix(s.With) + "UPDATE " + aliased(s.Target, s.Alias) + " SET " + assignments(s, types)
	if from := fromWithoutTarget(s); from != "" {
		sql += " FROM " + from
	}
	return sql + where(s.Where)
}

// assignments drops the qualifier that Redshift allows before the assigned column.
func assignments(s *syntax.Update, types map[string]syntax.Type) string {
	var list []string
	for _, item := range split(nest(s.Set), ",") {
		if at(item, 1).is(".") && at(item, 3).is("=") {
			item = item[2:]
		}
		if at(item, 0).isName() {
			item = typedAssignment(item, types[item[0].token.Value()])
			item[0] = finished(Identifier(item[0].token.Value()))
		}
		list = append(list, sql(item))
	}
	return strings.Join(list, ", ")
}

// fromWithoutTarget drops the target from FROM, where Redshift lets it stand again and means the same row.
func fromWithoutTarget(s *syntax.Update) string {
	var list []string
	for _, item := range split(nest(s.From), ",") {
		if len(item) == 0 || len(item) == 1 && s.Target.Schema == "" && item[0].isName() && item[0].token.Value() == s.Target.Name {
			continue
		}
		list = append(list, sql(item))
	}
	return strings.Join(list, ", ")
}

func where(condition []syntax.Token) string {
	if len(condition) == 0 {
		return ""
	}
	return " WHERE " + tokens(condition)
}

func deletion(s *syntax.Delete) string {
	sql := prefix(s.With) + "DELETE FROM " + aliased(s.Target, s.Alias)
	if len(s.Using) > 0 {
		sql += " USING " + tokens(s.Using)
	}
	return sql + where(s.Where)
}

// merge first looks for rows of the target that more than one row of the source would change. It replaces matched rows, and rows that are twice in the source, for REMOVE DUPLICATES.
func merge(s *syntax.Merge) []string {
	target, using, on := aliased(s.Target, s.Alias), tokens(s.Using), tokens(s.On)
	if s.RemoveDuplicates {
		return []string{"DELETE FROM " + target + " USING " + using + " WHERE " + on,
			"INSERT INTO " + Name(s.Target) + " SELECT DISTINCT * FROM " + using}
	}
	merging := "MERGE INTO " + target + " USING " + using + " ON " + on + " " + branches(s)
	return []string{"SELECT CASE WHEN count(*) > 0 THEN error('Found multiple matches to update the same tuple.') END FROM (SELECT 1 FROM " +
		target + " JOIN " + using + " ON " + on + " GROUP BY " + rowOf(s) + ".rowid HAVING count(*) > 1)", merging}
}

func rowOf(s *syntax.Merge) string {
	if s.Alias != "" {
		return Identifier(s.Alias)
	}
	return Identifier(s.Target.Name)
}

// branches drops the qualifier that Redshift allows before the assigned columns, which the backend refuses.
func branches(s *syntax.Merge) string {
	pieces := nest(s.Branches)
	var out []piece
	for i := 0; i < len(pieces); i++ {
		assigned := at(pieces, i-1).is("SET", ",") && pieces[i].isName() && at(pieces, i+1).is(".") && at(pieces, i+3).is("=")
		if assigned {
			i += 2
			pieces[i].space = true
		}
		out = append(out, pieces[i])
	}
	return sql(out)
}

func unsupported(s syntax.Statement, what string) error {
	f := s.Source()
	return fault.New(fault.Unsupported, "%s is not supported", what).WithCode("0A000").At(f.Position)
}
