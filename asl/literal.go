package asl

import (
	"strings"

	"github.com/stepwell/stepwell/value"
)

// ofKind is query for a field whose value must be of a kind. An expression that is a literal of another kind is worth a warning: AWS
// takes the definition, and every execution fails there.
func (o *object) ofKind(name string, kind value.Kind) *Query {
	q := o.query(name, onlyInput)
	if q == nil || q.expression == nil {
		return q
	}
	if found := literalKind(q.text); found != value.None && found != kind {
		o.warn(TypeMismatch, o.at(name), "The expression is always a %s, and the field must be a %s", kindNames[found], kindNames[kind])
	}
	return q
}

// literalKind returns the kind of an expression that is nothing but a literal, None for any other.
func literalKind(text string) value.Kind {
	if quoted, ok := strings.CutPrefix(text, "'"); ok && strings.Index(quoted, "'") == len(quoted)-1 && len(quoted) > 0 {
		return value.String
	}
	v, err := value.Parse(text)
	if err != nil || v.IsNull() {
		return value.None
	}
	return v.Kind()
}
