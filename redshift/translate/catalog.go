package translate

import (
	"slices"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// informationSchema is the backend's schema of Redshift's views of the standard; the backend has views of its own in the other.
const informationSchema = "stepwell_information"

// ownCatalog leads the names of the system catalog to the views of the warehouse, which stand on the search path: psql and
// drivers put pg_catalog in front of each, also inside OPERATOR( ). It changes nothing where no system schema is named.
func ownCatalog(tokens []syntax.Token) []syntax.Token {
	if !slices.ContainsFunc(tokens, isSystemSchema) {
		return tokens
	}
	var out []syntax.Token
	space := false // before what was left out
	for i := 0; i < len(tokens); {
		replaced, n := catalogName(tokens[i:])
		if n == 0 {
			replaced, n = tokens[i:i+1], 1
		}
		space = space || tokens[i].Space
		for _, t := range replaced {
			t.Space = t.Space || space
			space = false
			out = append(out, t)
		}
		i += n
	}
	return out
}

func isSystemSchema(t syntax.Token) bool {
	return len(t.Text) >= len("pg_catalog") && t.IsName() && (t.Value() == "pg_catalog" || t.Value() == "information_schema")
}

// catalogName returns what stands in place of the first n tokens; n is 0 where they stay.
func catalogName(t []syntax.Token) (replaced []syntax.Token, n int) {
	switch {
	case t[0].Is("OPERATOR") && len(t) > 5 && t[1].Is("(") && isCatalog(t[2:]) && t[5].Is(")"):
		return t[4:5], 6
	case t[0].Is("current_schemas"): // users see a text, and catalog queries look into the array
		return []syntax.Token{word("rs_schemas", t[0])}, 1
	case t[0].Is("COLLATE") && isCatalog(t[1:]) && len(t) > 3:
		return nil, 4
	case !isSystemSchema(t[0]) || len(t) < 3 || !t[1].Is("."):
		return nil, 0
	case t[0].Value() == "pg_catalog", t[2].Is("_pg_expandarray"):
		return nil, 2
	}
	return []syntax.Token{word(informationSchema, t[0])}, 1
}

func isCatalog(t []syntax.Token) bool {
	return len(t) > 2 && t[0].IsName() && t[0].Value() == "pg_catalog" && t[1].Is(".")
}

// word is a word in the place of a token.
func word(text string, place syntax.Token) syntax.Token {
	place.Kind, place.Text = syntax.Word, text
	return place
}
