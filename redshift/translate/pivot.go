package translate

import (
	"strings"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// pivot makes grouped aggregates of source PIVOT (aggregates FOR key IN (values)): one for every value, over the rows whose
// key it is. The source's other columns are the groups.
func pivot(item []piece) []piece {
	start := index(item, 0, "PIVOT")
	if start < 1 || start+1 >= len(item) || !item[start+1].isGroup() {
		return item
	}
	body := item[start+1].group
	keyword, in := index(body, 0, "FOR"), index(body, 0, "IN")
	if keyword < 0 || in != len(body)-2 || keyword > in || !body[in+1].isGroup() {
		return item
	}
	aggregates, key := split(body[:keyword], ","), body[keyword+1:in]
	query := []piece{finished("SELECT * EXCLUDE (" + strings.Join(pivotColumns(aggregates, key), ", ") + ")")}
	for _, value := range split(body[in+1].group, ",") {
		for _, aggregate := range aggregates {
			query = append(append(query, piece{token: comma}), pivoted(aggregate, key, value)...)
		}
	}
	query = append(append(query, finished("FROM")), item[:start]...)
	query = append(query, finished("GROUP BY ALL"))
	return append([]piece{{token: item[start+1].token, space: true, open: "(", group: query}}, item[start+2:]...)
}

// pivoted is one column of a pivoted table. Its name is the value's and, if it has one, the aggregate's.
func pivoted(aggregate, key, value []piece) []piece {
	call, name := aliasedItem(aggregate)
	constant, column := aliasedItem(value)
	if column == "" {
		column = strings.ToLower(text(constant))
		if literal, ok := constant[0].literal(); ok {
			column = literal
		}
	}
	if name != "" {
		column += "_" + name
	}
	condition := append([]piece{finished("WHERE")}, key...)
	condition = append(condition, finished("IS NOT DISTINCT FROM"), finished(sql(constant)))
	return append(append([]piece{}, call...), piece{token: syntax.Token{Kind: syntax.Word, Text: "FILTER"}, space: true},
		piece{space: true, open: "(", group: condition}, finished("AS "+Identifier(column)))
}

// aliasedItem cuts the alias off, which AS may precede.
func aliasedItem(item []piece) (value []piece, alias string) {
	n := len(item) - 1
	if n < 1 || !item[n].isName() {
		return item, ""
	}
	if item[n-1].is("AS") {
		return item[:n-1], item[n].token.Value()
	}
	return item[:n], item[n].token.Value()
}

// pivotColumns are the quoted columns that do not group: the key and those in the aggregates.
func pivotColumns(aggregates [][]piece, key []piece) []string {
	columns := []string{Identifier(key[len(key)-1].token.Value())}
	seen := map[string]bool{columns[0]: true}
	for _, aggregate := range aggregates {
		for i, p := range argumentsOf(aggregate) {
			name, next := Identifier(p.token.Value()), at(argumentsOf(aggregate), i+1)
			if p.isName() && !reserved[p.token.Upper()] && !next.is(".") && !next.isGroup() && !seen[name] {
				seen[name] = true
				columns = append(columns, name)
			}
		}
	}
	return columns
}

// argumentsOf returns what stands in the parentheses of a call.
func argumentsOf(call []piece) []piece { return at(call, 1).group }
