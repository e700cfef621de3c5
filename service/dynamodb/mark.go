package dynamodb

import (
	"context"
	"encoding/json"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/kv"
)

// markSpace holds what requests with an idempotency token were answered, by the token.
const markSpace = 0

// markLife is how long answers are kept: as long as an execution that a crash interrupted may wait to be resumed.
const markLife = 30 * 24 * time.Hour

// mark says that a request was carried out.
type mark struct {
	Request string `json:",omitempty"`
	Answer  json.RawMessage
	At      time.Time
}

// recall reports whether a request with that token was carried out before, and reads its answer. A token with another
// request is a mistake. An empty token is none.
func (s *Service) recall(ctx context.Context, token, request string, answer any) (done bool, err error) {
	if token == "" {
		return false, nil
	}
	body, ok, err := s.store.Load(ctx, markSpace, []byte(token))
	if err != nil || !ok {
		return false, err
	}
	var m mark
	if err := json.Unmarshal(body, &m); err != nil {
		return false, fault.New(fault.Internal, "read what was answered to the token %s", token).Because(err)
	}
	if m.Request != request {
		return false, fault.Invalidf("The ClientRequestToken was used with another request before").WithCode(codeMismatch)
	}
	return true, json.Unmarshal(m.Answer, answer)
}

// remember adds to a request's changes what it is answered.
func (s *Service) remember(changes []kv.Change, token, request string, answer any) ([]kv.Change, error) {
	if token == "" {
		return changes, nil
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(mark{request, text, s.now().UTC()})
	return append(changes, kv.Change{Space: markSpace, Key: []byte(token), Body: body}), err
}

// forget removes the marks that nobody will ask for any more.
func (s *Service) forget(ctx context.Context) error {
	return s.each(ctx, kv.Range{Space: markSpace}, func(p kv.Pair) (bool, error) {
		var m mark
		if err := json.Unmarshal(p.Body, &m); err == nil && s.now().Sub(m.At) < markLife {
			return true, nil
		}
		return true, s.store.Change(ctx, []kv.Change{{Space: markSpace, Key: p.Key}})
	})
}

// pageSize is how many pairs are read at a time.
const pageSize = 100

// each calls visit for the pairs of a range until it says that it needs no more.
func (s *Service) each(ctx context.Context, r kv.Range, visit func(kv.Pair) (more bool, err error)) error {
	r.Limit = pageSize
	for {
		page, err := s.store.Page(ctx, r)
		if err != nil {
			return err
		}
		for _, p := range page {
			if more, err := visit(p); err != nil || !more {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		if last := page[len(page)-1].Key; r.Descending {
			r.To = last
		} else {
			r.From = kv.After(last)
		}
	}
}
