package translate

import (
	"slices"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// tree is the recursive table that stands for CONNECT BY; level counts the rows above a row and the row itself.
const tree = "rs_tree"

// deepest is the level at which a loop in the rows is taken for granted.
const deepest = "1000"

// connectBy makes a recursive query of a block's FROM, START WITH and CONNECT BY. WHERE stays outside: it looks at the rows
// that were reached.
func connectBy(pieces []piece) []piece {
	from, connect := index(pieces, 0, "FROM"), index(pieces, 0, "CONNECT")
	if from < 0 || connect < from || !at(pieces, connect+1).is("BY") {
		return pieces
	}
	end := clauseEnd(pieces, from+1)
	source := pieces[from+1 : end]
	condition, rest := cutClause(pieces[end:], "CONNECT")
	start, rest := cutClause(rest, "START")
	alias := itemName(source)
	if alias == "" {
		alias = "rs_source"
		source = append(slices.Clone(source), finished(alias))
	}
	query := []piece{finished("WITH RECURSIVE " + tree + " AS (SELECT *, 1 AS level FROM")}
	query = append(query, source...)
	if start != nil {
		query = append(append(query, finished("WHERE")), start...)
	}
	query = append(query, finished("UNION ALL SELECT "+Identifier(alias)+".*, "+tree+".level + 1 FROM "+tree+","))
	query = append(append(query, source...), finished("WHERE CASE WHEN "+tree+".level < "+deepest+
		" THEN true ELSE error('CONNECT BY goes deeper than "+deepest+" levels') END AND ("))
	query = append(append(query, connected(condition, alias)...), finished(")) SELECT * FROM "+tree))
	out := slices.Clone(pieces[:from])
	if at(pieces, from-1).is("*") && at(pieces, from-2).is("SELECT") {
		out[from-1] = finished("* EXCLUDE (level)")
	}
	out = append(out, pieces[from], piece{token: syntax.Token{Kind: syntax.Operator, Text: "("}, space: true, open: "(", group: query},
		finished("AS "+Identifier(alias)))
	return append(out, rest...)
}

// cutClause takes a clause of two keywords out of those behind FROM; it returns nil when there is none.
func cutClause(pieces []piece, keyword string) (clause, rest []piece) {
	start := index(pieces, 0, keyword)
	if start < 0 {
		return nil, pieces
	}
	end := clauseEnd(pieces, start+2)
	return pieces[start+2 : end], slices.Concat(pieces[:start], pieces[end:])
}

// connected qualifies the columns of a condition: behind PRIOR they are those of the row above.
func connected(condition []piece, alias string) []piece {
	var out []piece
	prior := false
	for i := 0; i < len(condition); i++ {
		p := condition[i]
		switch {
		case p.is("NOCYCLE"):
		case p.is("PRIOR"):
			prior = true
		case p.open != "":
			p.group = connected(p.group, alias)
			out = append(out, p)
		case p.is("LEVEL"):
			out = append(out, finished("("+tree+".level + 1)"))
		case !p.isName() || reserved[p.token.Upper()] || at(condition, i+1).isGroup():
			out = append(out, p)
		default:
			if at(condition, i+1).is(".") {
				i += 2
			}
			out = append(out, finished(qualified(prior, alias)+"."+Identifier(at(condition, i).token.Value())))
			prior = false
		}
	}
	return out
}

func qualified(prior bool, alias string) string {
	if prior {
		return tree
	}
	return Identifier(alias)
}
