package pgwire

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// plain writes the names of the system catalog as Redshift's own users do: psql and drivers put the schema pg_catalog in
// front of each, also inside OPERATOR( ). Without it a name leads to the warehouse's views first. A statement that names no
// schema stays as it is.
func plain(text string) string {
	if !strings.Contains(text, "pg_catalog.") {
		return text
	}
	tokens, err := syntax.Scan(text)
	if err != nil {
		return text
	}
	var b strings.Builder
	end := 0
	drop := func(from, to syntax.Token) {
		b.WriteString(text[end:from.Offset])
		end = to.End()
	}
	for i := 0; i+2 < len(tokens); i++ {
		switch t := tokens[i:]; {
		case t[0].Is("OPERATOR") && len(t) > 5 && t[1].Is("(") && isCatalog(t[2:]) && t[5].Is(")"):
			drop(t[0], t[3])
			b.WriteString(" " + t[4].Text + " ")
			end = t[5].End()
			i += 5
		case t[0].Is("COLLATE") && isCatalog(t[1:]) && len(t) > 3:
			drop(t[0], t[3])
			i += 3
		case isCatalog(t) && t[2].IsOneOf("regtype", "regclass", "regproc"):
			drop(t[0], t[2])
			b.WriteString("varchar")
			i += 2
		case isCatalog(t):
			drop(t[0], t[1])
			i++
		}
	}
	return b.String() + text[end:]
}

func isCatalog(t []syntax.Token) bool {
	return len(t) > 2 && t[0].Is("pg_catalog") && t[1].Is(".")
}
