package asl

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// ofKind is query for a field whose value must be of a kind. An expression that always has another kind is worth a warning: AWS takes the
// definition, and every execution fails there.
func (o *object) ofKind(name string, kinds ...value.Kind) *Query {
	q := o.query(name, onlyInput)
	if q == nil || q.expression == nil {
		return q
	}
	if found := q.expression.Kind(); found != value.None && !slices.Contains(kinds, found) {
		o.warn(TypeMismatch, o.at(name), "The expression is always %s, and the field must be %s", anyOf([]value.Kind{found}), anyOf(kinds))
	}
	return q
}

func anyOf(kinds []value.Kind) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = "a " + kindNames[kind]
		if kind == value.Array || kind == value.Object {
			names[i] = "an " + kindNames[kind]
		}
	}
	return strings.Join(names, " or ")
}

// checkOperands warns about parts of an expression that fail whenever they are evaluated.
func (r *reader) checkOperands(q *Query, at place) {
	for _, m := range q.expression.Mismatches() {
		r.warn(TypeMismatch, at, "%s", m.Reason)
		r.warnings[len(r.warnings)-1].Hint = characterOf(q.text, m.Position)
	}
}
