package dynamodb

import (
	"context"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/expression"
	"github.com/stepwell/stepwell/value"
)

type updateItemRequest struct {
	conditional
	answering
	older
	Key              value.Value `aws:"required"`
	ReturnValues     string      `enum:"ALL_NEW|UPDATED_OLD|ALL_OLD|NONE|UPDATED_NEW"`
	UpdateExpression *string
}

func (s *Service) updateItem(ctx context.Context, r *updateItemRequest) (*writeResponse, error) {
	if err := r.refuse(); err != nil {
		return nil, err
	}
	w, paths, err := s.update(&r.conditional, r.Key, r.UpdateExpression)
	if err != nil {
		return nil, err
	}
	return s.alone(ctx, w, func(o outcome) *writeResponse { return r.answering.written(o, returned(r.ReturnValues, o, paths)) })
}

// returned is what ReturnValues asks for. Of what was updated, nothing is shown when there was nothing.
func returned(returns string, o outcome, paths expression.Selection) value.Value {
	switch returns {
	case "ALL_OLD":
		return shownIf(true, o.old)
	case "ALL_NEW":
		return shownIf(true, o.new)
	case "UPDATED_OLD":
		kept := paths.Of(o.old)
		return shownIf(len(kept) > 0, kept)
	case "UPDATED_NEW":
		kept := paths.Of(o.new)
		return shownIf(len(kept) > 0, kept)
	}
	return value.Value{}
}

// update returns the write, and the paths that it changes.
func (s *Service) update(c *conditional, key value.Value, text *string) (*write, expression.Selection, error) {
	update := &expression.Update{}
	w, err := c.write(text, func(scope *expression.Scope) (err error) {
		if text != nil {
			update, err = scope.Update(*text)
		}
		return err
	})
	if err == nil {
		w, err = s.on(w, c.TableName, key)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, path := range update.Paths() {
		if w.table.Key.has(path.Attribute()) {
			return nil, nil, badValue("Cannot update attribute %s. This attribute is part of the key", path.Attribute())
		}
	}
	w.apply = func(old attribute.Item) (attribute.Item, error) { return updated(update, w.key, old) }
	return w, update.Paths(), nil
}

// updated applies an update to an item, or to its key when there is none.
func updated(u *expression.Update, key, old attribute.Item) (attribute.Item, error) {
	if old == nil {
		old = key
	}
	item, err := u.Apply(old)
	if err == nil && item.Size() > maxItem {
		err = invalid("Item size to update has exceeded the maximum allowed size")
	}
	return item, err
}
