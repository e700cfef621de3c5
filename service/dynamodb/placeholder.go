package dynamodb

import (
	"regexp"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/expression"
	"github.com/stepwell/stepwell/value"
)

// names are a request's placeholders for names, placeholders those for values too.
type names struct{ ExpressionAttributeNames map[string]string }

type placeholders struct {
	names
	ExpressionAttributeValues map[string]value.Value
}

var (
	nameShape  = regexp.MustCompile(`^#[A-Za-z0-9_]+$`)
	valueShape = regexp.MustCompile(`^:[A-Za-z0-9_]+$`)
)

// scope returns the scope of the expressions of a request, of which those that are left out are nil.
func (p placeholders) scope(expressions ...*string) (*expression.Scope, error) {
	used := false
	for _, text := range expressions {
		used = used || text != nil
	}
	if err := p.check(used); err != nil {
		return nil, err
	}
	values := attribute.Item{}
	for name, given := range p.ExpressionAttributeValues {
		if !valueShape.MatchString(name) {
			return nil, invalid("ExpressionAttributeValues contains invalid key: Syntax error; key: %q", name)
		}
		v, err := attribute.Parse(given)
		if err != nil {
			return nil, invalid("ExpressionAttributeValues contains invalid value: %s for key %s", message(err), name)
		}
		values[name] = v
	}
	return expression.NewScope(p.ExpressionAttributeNames, values), nil
}

func (p placeholders) check(used bool) error {
	switch {
	case !used && p.ExpressionAttributeNames != nil:
		return invalid("ExpressionAttributeNames can only be specified when using expressions")
	case !used && p.ExpressionAttributeValues != nil:
		return invalid("ExpressionAttributeValues can only be specified when using expressions")
	case p.ExpressionAttributeNames != nil && len(p.ExpressionAttributeNames) == 0:
		return invalid("ExpressionAttributeNames must not be empty")
	case p.ExpressionAttributeValues != nil && len(p.ExpressionAttributeValues) == 0:
		return invalid("ExpressionAttributeValues must not be empty")
	}
	for name := range p.ExpressionAttributeNames {
		if !nameShape.MatchString(name) {
			return invalid("ExpressionAttributeNames contains invalid key: Syntax error; key: %q", name)
		}
	}
	return nil
}

func message(err error) string {
	if f, ok := err.(*fault.Fault); ok {
		return f.Message
	}
	return err.Error()
}

// condition parses a condition that may be left out.
func condition(scope *expression.Scope, kind expression.Kind, text *string) (*expression.Predicate, error) {
	if text == nil {
		return nil, nil
	}
	return scope.Condition(kind, *text)
}

// selection parses a projection that may be left out.
func selection(scope *expression.Scope, text *string) (expression.Selection, error) {
	if text == nil {
		return nil, nil
	}
	return scope.Projection(*text)
}

// older are parameters of the API from before it had expressions.
type older struct {
	AttributesToGet     value.Value
	AttributeUpdates    value.Value
	ConditionalOperator string
	Expected            value.Value
	KeyConditions       value.Value
	QueryFilter         value.Value
	ScanFilter          value.Value
}

// refuse names the first older parameter that a request has.
func (o older) refuse() error {
	for _, p := range []struct {
		given         bool
		name, instead string
	}{
		{!o.AttributesToGet.IsZero(), "AttributesToGet", string(expression.Projection)},
		{!o.AttributeUpdates.IsZero(), "AttributeUpdates", "UpdateExpression"},
		{o.ConditionalOperator != "", "ConditionalOperator", string(expression.Condition)},
		{!o.Expected.IsZero(), "Expected", string(expression.Condition)},
		{!o.KeyConditions.IsZero(), "KeyConditions", string(expression.KeyCondition)},
		{!o.QueryFilter.IsZero(), "QueryFilter", string(expression.Filter)},
		{!o.ScanFilter.IsZero(), "ScanFilter", string(expression.Filter)},
	} {
		if p.given {
			return fault.New(fault.Unsupported, "The parameter %s is not supported: use %s", p.name, p.instead)
		}
	}
	return nil
}
