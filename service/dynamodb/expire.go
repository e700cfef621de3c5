package dynamodb

import (
	"context"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/service/dynamodb/expression"
)

type timeToLiveSpecification struct {
	AttributeName string `aws:"required,min=1,max=255"`
	Enabled       bool
}

type updateTimeToLiveRequest struct {
	TableName               string                  `aws:"required,min=1,max=1024"`
	TimeToLiveSpecification timeToLiveSpecification `aws:"required"`
}

type updateTimeToLiveResponse struct{ TimeToLiveSpecification timeToLiveSpecification }

func (s *Service) updateTimeToLive(ctx context.Context, r *updateTimeToLiveRequest) (*updateTimeToLiveResponse, error) {
	t, err := s.existing(r.TableName)
	if err != nil {
		return nil, err
	}
	wanted := r.TimeToLiveSpecification
	switch {
	case wanted.Enabled && t.Expires != "":
		return nil, invalid("TimeToLive is already enabled")
	case !wanted.Enabled && t.Expires == "":
		return nil, invalid("TimeToLive is already disabled")
	case !wanted.Enabled && t.Expires != wanted.AttributeName:
		return nil, invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.Expires)
	}
	return &updateTimeToLiveResponse{wanted}, s.setExpiry(ctx, t, wanted)
}

// setExpiry begins or ends to order the items of a table by the end of their time.
func (s *Service) setExpiry(ctx context.Context, t *table, wanted timeToLiveSpecification) error {
	changed := *t
	if !wanted.Enabled {
		changed.Expires, changed.ExpiresSpace = "", 0
		if err := s.keep(ctx, &changed); err != nil {
			return err
		}
		return s.store.Clear(ctx, t.ExpiresSpace)
	}
	changed.Expires, changed.ExpiresSpace = wanted.AttributeName, s.freeSpaces(1)[0]
	if err := s.fill(ctx, &changed, changed.ExpiresSpace, changed.expiry); err != nil {
		return err
	}
	return s.keep(ctx, &changed)
}

// fill makes the pairs of a new space from the items of a table. What an interrupted try left there goes first.
func (s *Service) fill(ctx context.Context, t *table, space int64, pair func(attribute.Item) (kv.Pair, bool)) error {
	if err := s.store.Clear(ctx, space); err != nil {
		return err
	}
	var changes []kv.Change
	err := s.each(ctx, kv.Range{Space: t.Space}, func(p kv.Pair) (bool, error) {
		item, err := decode(p.Body)
		if err != nil {
			return false, err
		}
		if made, ok := pair(item); ok {
			changes = append(changes, kv.Change{Space: space, Key: made.Key, Body: made.Body})
		}
		if len(changes) < pageSize {
			return true, nil
		}
		err = s.store.Change(ctx, changes)
		changes = nil
		return true, err
	})
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.store.Change(ctx, changes)
}

type describeTimeToLiveRequest struct {
	TableName string `aws:"required,min=1,max=1024"`
}

type describeTimeToLiveResponse struct {
	TimeToLiveDescription struct {
		AttributeName    string
		TimeToLiveStatus string
	}
}

func (s *Service) describeTimeToLive(_ context.Context, r *describeTimeToLiveRequest) (*describeTimeToLiveResponse, error) {
	t, err := s.existing(r.TableName)
	if err != nil {
		return nil, err
	}
	answer := &describeTimeToLiveResponse{}
	answer.TimeToLiveDescription.AttributeName = t.Expires
	answer.TimeToLiveDescription.TimeToLiveStatus = "ENABLED"
	if t.Expires == "" {
		answer.TimeToLiveDescription.TimeToLiveStatus = "DISABLED"
	}
	return answer, nil
}

// sweep removes items whose time is over until the context ends.
func (s *Service) sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepPause)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = s.expire(ctx) // the next try comes
		}
	}
}

// longAgo is how far back an end of time may lie; before that it is taken for a mistake.
const longAgo = 5 * 365 * 24 * time.Hour

// expire removes the items whose time is over.
func (s *Service) expire(ctx context.Context) error {
	s.gate.RLock()
	defer s.gate.RUnlock()
	now := s.now()
	at := func(t time.Time) []byte {
		return attribute.AppendKey(nil, attribute.Value{Kind: attribute.Number, Text: strconv.FormatInt(t.Unix(), 10)})
	}
	for _, t := range s.tables {
		if t.Expires == "" {
			continue
		}
		scope := expression.NewScope(map[string]string{"#t": t.Expires}, attribute.Item{":now": attribute.OfInt(int(now.Unix()))})
		over, err := scope.Condition(expression.Condition, "#t <= :now")
		if err != nil {
			return err
		}
		r := kv.Range{Space: t.ExpiresSpace, From: at(now.Add(-longAgo)), To: kv.Beyond(at(now))}
		if err := s.each(ctx, r, func(p kv.Pair) (bool, error) { return true, s.expireOne(ctx, t, p, over) }); err != nil {
			return err
		}
	}
	return nil
}

// expireOne removes an item unless it was given more time meanwhile.
func (s *Service) expireOne(ctx context.Context, t *table, p kv.Pair, over *expression.Predicate) error {
	key, err := decode(p.Body)
	if err != nil {
		return err
	}
	w := &write{table: t, key: key, apply: func(old attribute.Item) (attribute.Item, error) {
		if !over.Holds(old) {
			return old, nil
		}
		return nil, nil
	}}
	defer s.locks.hold(w)()
	_, changes, err := s.prepare(ctx, w)
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.store.Change(ctx, changes)
}
