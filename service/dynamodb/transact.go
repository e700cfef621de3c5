package dynamodb

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

type conditionCheck struct {
	conditional
	Key value.Value `aws:"required"`
}

type transactPut struct {
	conditional
	Item value.Value `aws:"required"`
}

type transactUpdate struct {
	conditional
	Key              value.Value `aws:"required"`
	UpdateExpression *string     `aws:"required"`
}

// transactWriteItem is one of its members.
type transactWriteItem struct {
	ConditionCheck *conditionCheck
	Delete         *conditionCheck
	Put            *transactPut
	Update         *transactUpdate
}

type transactWriteItemsRequest struct {
	ClientRequestToken string `aws:"token,max=36"`
	answering
	TransactItems []transactWriteItem `aws:"required,min=1,max=100"`
}

type transactWriteItemsResponse struct {
	ConsumedCapacity []consumedCapacity
}

func (s *Service) transactWriteItems(ctx context.Context, r *transactWriteItemsRequest) (*transactWriteItemsResponse, error) {
	writes, err := s.transactWrites(r)
	if err != nil {
		return nil, err
	}
	request, err := json.Marshal(r.TransactItems)
	if err != nil {
		return nil, err
	}
	defer s.locks.hold(writes...)()
	answer := &transactWriteItemsResponse{}
	if done, err := s.recall(ctx, r.ClientRequestToken, string(request), answer); done || err != nil {
		return answer, err
	}
	changes, used, err := s.prepareAll(ctx, writes)
	if err != nil {
		return nil, err
	}
	answer.ConsumedCapacity = used.told(r.ReturnConsumedCapacity)
	if changes, err = s.remember(changes, r.ClientRequestToken, string(request), answer); err != nil || len(changes) == 0 {
		return answer, err
	}
	return answer, s.store.Change(ctx, changes)
}

func (s *Service) transactWrites(r *transactWriteItemsRequest) ([]*write, error) {
	seen := once{}
	writes := make([]*write, len(r.TransactItems))
	for i, one := range r.TransactItems {
		var err error
		if writes[i], err = s.transactWrite(one); err != nil {
			return nil, err
		}
		if !seen.add(writes[i].table, writes[i].key) {
			return nil, invalid("Transaction request cannot include multiple operations on one item")
		}
	}
	return writes, nil
}

func (s *Service) transactWrite(one transactWriteItem) (w *write, err error) {
	count := 0
	if c := one.ConditionCheck; c != nil {
		count++
		if c.ConditionExpression == nil {
			return nil, invalid("The ConditionExpression of a ConditionCheck is required")
		}
		if w, err = c.write(nil, nil); err == nil {
			w, err = s.on(w, c.TableName, c.Key)
		}
	}
	if d := one.Delete; d != nil {
		count++
		w, err = s.delete(&d.conditional, d.Key)
	}
	if p := one.Put; p != nil {
		count++
		w, err = s.put(&p.conditional, p.Item)
	}
	if u := one.Update; u != nil {
		count++
		w, _, err = s.update(&u.conditional, u.Key, u.UpdateExpression)
	}
	if count != 1 {
		return nil, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
	}
	return w, err
}

// prepareAll prepares writes that happen together or not at all.
func (s *Service) prepareAll(ctx context.Context, writes []*write) (changes []kv.Change, used usages, err error) {
	reasons := make([]reason, len(writes))
	failed := false
	for i, w := range writes {
		o, more, err := s.prepare(ctx, w)
		if err != nil {
			if reasons[i] = reasonOf(err); reasons[i].code == "" {
				return nil, nil, err
			}
			failed = true
			continue
		}
		o.usage.double()
		changes = append(changes, more...)
		used.add(o.usage)
	}
	if failed {
		return nil, nil, canceled(reasons)
	}
	return changes, used, nil
}

// reason is why a part of a transaction was not carried out.
type reason struct {
	code, message string
	item          value.Value
}

// reasonOf turns the error of one write into a reason; its code is empty for what is no matter of the item.
func reasonOf(err error) reason {
	codes := map[string]string{codeConditionFailed: "ConditionalCheckFailed", service.ValidationException: "ValidationError"}
	r := reason{code: codes[fault.CodeOf(err)], message: message(err)}
	var described service.Described
	if errors.As(err, &described) {
		r.item = described["Item"]
	}
	return r
}

func canceled(reasons []reason) error {
	codes := make([]string, len(reasons))
	list := make([]value.Value, len(reasons))
	for i, r := range reasons {
		if r.code == "" {
			r.code = "None"
		}
		members := []value.Member{{Key: "Code", Value: value.OfString(r.code)}}
		if r.message != "" {
			members = append(members, value.Member{Key: "Message", Value: value.OfString(r.message)})
		}
		if !r.item.IsZero() {
			members = append(members, value.Member{Key: "Item", Value: r.item})
		}
		codes[i], list[i] = r.code, value.OfMembers(members...)
	}
	return fault.New(fault.Conflict, "Transaction cancelled, please refer cancellation reasons for specific reasons [%s]", strings.Join(codes, ", ")).
		WithCode(codeCanceled).Because(service.Described{"CancellationReasons": value.OfItems(list)})
}

type transactGetItem struct {
	Get struct {
		names
		Key                  value.Value `aws:"required"`
		ProjectionExpression *string
		TableName            string `aws:"required,min=1,max=1024"`
	} `aws:"required"`
}

type transactGetItemsRequest struct {
	ReturnConsumedCapacity string            `enum:"INDEXES|TOTAL|NONE"`
	TransactItems          []transactGetItem `aws:"required,min=1,max=100"`
}

type itemResponse struct{ Item value.Value }

type transactGetItemsResponse struct {
	ConsumedCapacity []consumedCapacity
	Responses        []itemResponse
}

// transactGetItems reads all items as they are at one moment: nobody writes them meanwhile.
func (s *Service) transactGetItems(ctx context.Context, r *transactGetItemsRequest) (*transactGetItemsResponse, error) {
	gets := make([]*get, len(r.TransactItems))
	writes := make([]*write, len(gets))
	for i, one := range r.TransactItems {
		g, err := s.get(one.Get.TableName, one.Get.Key, one.Get.names, one.Get.ProjectionExpression)
		if err != nil {
			return nil, err
		}
		gets[i], writes[i] = g, &write{table: g.table, key: g.key}
	}
	defer s.locks.hold(writes...)()
	answer, used := &transactGetItemsResponse{}, usages{}
	for _, g := range gets {
		item, err := s.load(ctx, g.table, g.key)
		if err != nil {
			return nil, err
		}
		used.add(transactRead(g.table, item))
		answer.Responses = append(answer.Responses, itemResponse{g.shown(item)})
	}
	answer.ConsumedCapacity = used.told(r.ReturnConsumedCapacity)
	return answer, nil
}

func transactRead(t *table, item attribute.Item) *usage {
	u := newUsage(t)
	u.read(item.Size(), true)
	u.double()
	return u
}
