// Package expression reads and evaluates DynamoDB's expressions: condition, filter, key-condition, update and projection
// expressions, with their placeholders for names and values. It is pure: an item and an expression give an answer or an item.
//
//	scope := expression.NewScope(names, values)
//	update, err := scope.Update("SET JobState = :running REMOVE JobEnd")
//	err = scope.CheckUsed()
//	item, err = update.Apply(item)
package expression

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// Kind is the parameter that an expression was given in; errors begin with it.
type Kind string

// The kinds of expressions.
const (
	Condition    Kind = "ConditionExpression"
	Filter       Kind = "FilterExpression"
	KeyCondition Kind = "KeyConditionExpression"
	Projection   Kind = "ProjectionExpression"
	update       Kind = "UpdateExpression"
)

// Scope is what the placeholders of one request stand for. The request's expressions are parsed one after the other.
type Scope struct {
	names      map[string]string
	values     attribute.Item
	usedNames  map[string]bool
	usedValues map[string]bool
}

// NewScope returns a scope of names like #n and values like :v.
func NewScope(names map[string]string, values attribute.Item) *Scope {
	return &Scope{names: names, values: values, usedNames: map[string]bool{}, usedValues: map[string]bool{}}
}

// CheckUsed says after all expressions were parsed whether every placeholder stands in one of them.
func (s *Scope) CheckUsed() error {
	if left := unused(s.names, s.usedNames); left != "" {
		return invalid("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", left)
	}
	if left := unused(s.values, s.usedValues); left != "" {
		return invalid("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", left)
	}
	return nil
}

func unused[V any, M ~map[string]V](given M, used map[string]bool) string {
	left := slices.DeleteFunc(slices.Sorted(maps.Keys(given)), func(name string) bool { return used[name] })
	return strings.Join(left, ", ")
}

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode("ValidationException")
}

// complaint is a mistake in an expression; parsing ends with it by a panic that parse recovers.
type complaint struct{ err error }

func (p *parser) fail(format string, args ...any) {
	panic(complaint{invalid("Invalid %s: %s", p.kind, fmt.Sprintf(format, args...))})
}

// parser reads one expression.
type parser struct {
	*Scope
	kind   Kind
	text   string
	tokens []token
	at     int
	depth  int
}

const (
	maxLength    = 4096 // bytes of an expression
	maxNesting   = 150
	maxOperators = 300
)

// parse calls read on the tokens of an expression, which it must use up.
func parse[T any](s *Scope, kind Kind, text string, read func(p *parser) T) (result T, err error) {
	p := &parser{Scope: s, kind: kind, text: text}
	defer func() {
		switch problem := recover().(type) {
		case nil:
		case complaint:
			err = problem.err
		default:
			panic(problem)
		}
	}()
	p.scan()
	if len(p.tokens) == 1 {
		p.fail("The expression can not be empty;")
	}
	result = read(p)
	if p.peek().kind != end {
		p.unexpected()
	}
	return result, nil
}
