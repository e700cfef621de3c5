package translate

import (
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// refuse finds what the backend would accept and Redshift does not.
func refuse(tokens []syntax.Token) error { return refuseIn(nest(tokens)) }

func refuseIn(pieces []piece) error {
	for i, p := range pieces {
		if p.isQuery() && limitedInput(pieces, i) {
			return refusal(p, "LIMIT may not be used within input to set operations.")
		}
		if err := refuseIn(p.group); err != nil {
			return err
		}
	}
	return refuseJoins(pieces)
}

func refusal(p piece, message string) error {
	return fault.Invalidf("%s", message).WithCode("0A000").At(p.token.Position())
}

// limitedInput reports whether the query at an index is an input of a set operator and has a LIMIT of its own.
func limitedInput(pieces []piece, i int) bool {
	return index(pieces[i].group, 0, "LIMIT") >= 0 &&
		(at(pieces, i-1).is(setOperators...) || at(pieces, i+1).is(setOperators...))
}

// refuseJoins looks at the conditions of one block's WHERE clause.
func refuseJoins(pieces []piece) error {
	start := index(pieces, 0, "WHERE")
	if start < 0 {
		return nil
	}
	partners := map[string]string{}
	for _, c := range conditions(pieces[start+1 : clauseEnd(pieces, start+1)]) {
		plus := slices.IndexFunc(c, isPlus)
		if plus < 0 {
			continue
		}
		if index(c, 0, "OR", "IN") >= 0 {
			return refusal(c[plus], "Outer join operator (+) not allowed in operand of OR or IN.")
		}
		table, partner := optionalTable(c, ""), partnerOf(c)
		if known := partners[table]; partner != "" && known != "" && known != partner {
			return refusal(c[plus], "A table may be outer joined to at most one other table.")
		}
		partners[table] = partner
	}
	return nil
}

// partnerOf returns the qualifier of the column that stands opposite to the one marked with (+).
func partnerOf(condition []piece) string {
	table := optionalTable(condition, "")
	for i, p := range condition {
		if at(condition, i+1).is(".") && p.isName() && p.token.Value() != table {
			return p.token.Value()
		}
	}
	return ""
}

// refuseRows is Redshift's rule for VALUES with several rows.
func refuseRows(s *syntax.Insert) error {
	pieces := nest(s.Rows)
	if !pieces[0].is("VALUES") || len(pieces) < 4 {
		return nil
	}
	for _, row := range pieces {
		if i := slices.IndexFunc(row.group, piece.isQuery); i >= 0 {
			return refusal(row.group[i], "can't use subqueries in multi-row VALUES")
		}
	}
	return nil
}
