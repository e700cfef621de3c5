package dynamodb

import (
	"context"

	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/expression"
)

type queryRequest struct {
	many
	KeyConditionExpression *string
	ScanIndexForward       *bool
}

func (s *Service) query(ctx context.Context, r *queryRequest) (*manyResponse, error) {
	var terms []expression.Term
	g, err := s.gather(&r.many, r.KeyConditionExpression, func(scope *expression.Scope) (err error) {
		if r.KeyConditionExpression == nil {
			return invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
		}
		terms, err = scope.KeyCondition(*r.KeyConditionExpression)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := g.checkFilter(); err != nil {
		return nil, err
	}
	keys, err := g.keys(terms)
	if err != nil {
		return nil, err
	}
	keys.Descending = r.ScanIndexForward != nil && !*r.ScanIndexForward
	return s.read(ctx, g, keys)
}

// checkFilter refuses a filter on what the key condition is for.
func (g *gathering) checkFilter() (err error) {
	if g.filter == nil {
		return nil
	}
	g.filter.Attributes(func(name string) {
		if g.key.has(name) && err == nil {
			err = invalid("Filter Expression can only contain non-primary key attributes: Primary key attribute: %s", name)
		}
	})
	return err
}

// keys is the range that the terms of a key condition describe.
func (g *gathering) keys(terms []expression.Term) (kv.Range, error) {
	of := map[string]expression.Term{}
	for _, t := range terms {
		if _, twice := of[t.Attribute]; twice {
			return kv.Range{}, invalid("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")
		}
		of[t.Attribute] = t
	}
	hash, ok := of[g.key[0].Name]
	switch {
	case !ok:
		return kv.Range{}, invalid("Query condition missed key schema element: %s", g.key[0].Name)
	case len(g.key) == 1 && len(of) > 1 || len(of) > 2:
		return kv.Range{}, invalid("Query key condition not supported")
	case hash.Operator != "=":
		return kv.Range{}, invalid("Query key condition not supported")
	}
	if err := fits(hash, g.key[0]); err != nil {
		return kv.Range{}, err
	}
	prefix := partition(hash.Values[0])
	r := rangeOf(g.space, prefix)
	if len(of) == 1 {
		return r, nil
	}
	sort, ok := of[g.key[1].Name]
	if !ok {
		return kv.Range{}, invalid("Query condition missed key schema element: %s", g.key[1].Name)
	}
	return narrowed(r, prefix, sort), fits(sort, g.key[1])
}

// fits says whether the values of a term are of the key's kind.
func fits(t expression.Term, k keyAttribute) error {
	for _, v := range t.Values {
		switch {
		case v.Kind != k.Kind:
			return badValue("Condition parameter type does not match schema type")
		case v.Text == "" && v.Kind != attribute.Number:
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", k.Name)
		}
	}
	return nil
}

// narrowed is the part of a partition that a term on the sort key leaves.
func narrowed(r kv.Range, prefix []byte, t expression.Term) kv.Range {
	first := attribute.AppendKey(prefix[:len(prefix):len(prefix)], t.Values[0])
	switch t.Operator {
	case "=":
		r.From, r.To = first, kv.Beyond(first)
	case "<":
		r.To = first
	case "<=":
		r.To = kv.Beyond(first)
	case ">":
		r.From = kv.Beyond(first)
	case ">=":
		r.From = first
	case "BETWEEN":
		r.From, r.To = first, kv.Beyond(attribute.AppendKey(prefix[:len(prefix):len(prefix)], t.Values[1]))
	case "begins_with":
		r.From = attribute.AppendKeyPrefix(prefix[:len(prefix):len(prefix)], t.Values[0].Text)
		r.To = kv.Beyond(r.From)
	}
	return r
}

type scanRequest struct {
	many
	Segment       *int64 `aws:"max=999999"`
	TotalSegments *int64 `aws:"min=1,max=1000000"`
}

func (s *Service) scan(ctx context.Context, r *scanRequest) (*manyResponse, error) {
	g, err := s.gather(&r.many, nil, func(*expression.Scope) error { return r.checkSegment() })
	if err != nil {
		return nil, err
	}
	keys := kv.Range{Space: g.space}
	if r.Segment != nil {
		keys.From, keys.To = segment(*r.Segment, *r.TotalSegments)
	}
	return s.read(ctx, g, keys)
}

func (r *scanRequest) checkSegment() error {
	switch {
	case r.Segment == nil && r.TotalSegments != nil:
		return invalid("The Segment parameter is required but was not present in the request when parameter TotalSegments is present")
	case r.Segment != nil && r.TotalSegments == nil:
		return invalid("The TotalSegments parameter is required but was not present in the request when Segment parameter is present")
	case r.Segment != nil && (*r.Segment < 0 || *r.Segment >= *r.TotalSegments):
		return invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less than TotalSegments: %d",
			*r.Segment, *r.TotalSegments)
	}
	return nil
}
