package jsonata

import (
	"github.com/stepwell/stepwell/jsonata/syntax"
	"github.com/stepwell/stepwell/value"
)

// compiler makes expressions of trees.
type compiler struct{ dialect Dialect }

func (c *compiler) expr(n *syntax.Node) (*expr, error) {
	if n == nil {
		return nil, nil
	}
	op, err := c.operation(n)
	if err != nil {
		return nil, err
	}
	e := &expr{op: op, keep: n.KeepArray, position: n.Position, kind: n.Kind}
	if e.filters, err = c.filters(n.Predicates); err != nil {
		return nil, err
	}
	if n.Group != nil && n.Kind != syntax.Path {
		e.group, err = c.grouping(n.Group.Pairs, n.Group.Position)
	}
	return e, err
}

func (c *compiler) exprs(nodes []*syntax.Node) ([]*expr, error) {
	out := make([]*expr, len(nodes))
	for i, n := range nodes {
		var err error
		if out[i], err = c.expr(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// three compiles the operands of a node.
func (c *compiler) three(n *syntax.Node) (left, right, other *expr, err error) {
	if left, err = c.expr(n.Left); err != nil {
		return
	}
	if right, err = c.expr(n.Right); err != nil {
		return
	}
	other, err = c.expr(n.Else)
	return
}

type constant struct{ x item }

func (k constant) eval(*evaluation, item, *frame) (item, error) { return k.x, nil }

func (c *compiler) operation(n *syntax.Node) (operation, error) {
	switch n.Kind {
	case syntax.String:
		return constant{n.Text}, nil
	case syntax.Number:
		return constant{n.Number}, nil
	case syntax.Bool:
		return constant{n.Truth}, nil
	case syntax.Null:
		return constant{value.NullValue()}, nil
	case syntax.Name:
		return nameOp(n.Text), nil
	case syntax.Variable:
		return c.variable(n.Text), nil
	case syntax.Parent:
		return &variableOp{name: n.Slot.Label}, nil
	case syntax.Wildcard:
		return operationFunc(evalWildcard), nil
	case syntax.Descendant:
		return operationFunc(evalDescendants), nil
	case syntax.Regex:
		return c.regex(n)
	case syntax.Path:
		return c.path(n)
	case syntax.Object:
		return c.grouping(n.Pairs, n.Position)
	case syntax.Array, syntax.Block:
		return c.listed(n)
	case syntax.Call, syntax.Partial:
		return c.call(n)
	case syntax.Lambda:
		return c.lambda(n)
	}
	return c.composite(n)
}

func (c *compiler) listed(n *syntax.Node) (operation, error) {
	parts, err := c.exprs(n.List)
	if n.Kind == syntax.Block {
		return blockOp(parts), err
	}
	return &arrayOp{items: parts, cons: n.Cons}, err
}

func (c *compiler) composite(n *syntax.Node) (operation, error) {
	left, right, other, err := c.three(n)
	if err != nil {
		return nil, err
	}
	switch n.Kind {
	case syntax.Negate:
		return &negateOp{left, n.Position}, nil
	case syntax.Condition:
		return &conditionOp{left, right, other}, nil
	case syntax.Coalesce, syntax.Default:
		if c.dialect == StepFunctions {
			return nil, &Error{Code: "S0211", Position: n.Position + 1, Token: n.Text[1:]}
		}
		return &orElseOp{left, right, n.Kind == syntax.Default}, nil
	case syntax.Bind:
		return &bindOp{n.Left.Text, right}, nil
	case syntax.Apply:
		return &applyOp{left: left, right: right, call: callOf(right), position: n.Position}, nil
	case syntax.Transform:
		return &transformOp{left, right, other, n.Position}, nil
	}
	return c.binary(n, left, right), nil
}

func (c *compiler) variable(name string) operation {
	if name == "" {
		return operationFunc(evalContext)
	}
	return &variableOp{name: name, builtin: c.dialect.builtin(name)}
}
