package events

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

type putTargetsRequest struct {
	EventBusName string         `aws:"min=1,max=1600"`
	Rule         string         `aws:"required,min=1,max=64"`
	Targets      []targetMember `aws:"required,min=1,max=100"`
}

type failedEntry struct{ ErrorCode, ErrorMessage, TargetId string }

type targetsResponse struct {
	FailedEntries    []failedEntry
	FailedEntryCount int64
}

// maxTargets is how many targets a rule can have.
const maxTargets = 5

// putTargets adds targets to a rule; one of an id that is there already replaces it.
func (s *Service) putTargets(ctx context.Context, r *putTargetsRequest) (*targetsResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	arn, one, err := s.find(r.EventBusName, r.Rule)
	if err != nil {
		return nil, err
	}
	changed := one.record
	changed.Targets = slices.Clone(changed.Targets)
	for _, t := range r.Targets {
		if err := s.checkTarget(&t); err != nil {
			return nil, err
		}
		changed.Targets = slices.DeleteFunc(changed.Targets, func(old targetMember) bool { return old.Id == t.Id })
		changed.Targets = append(changed.Targets, t)
	}
	if len(changed.Targets) > maxTargets {
		return nil, fault.New(fault.Throttled, "The requested resource exceeds the maximum number allowed.").WithCode(codeLimit)
	}
	return s.replace(ctx, arn, changed)
}

func (s *Service) replace(ctx context.Context, arn string, r record) (*targetsResponse, error) {
	one, err := compile(r)
	if err != nil {
		return nil, err
	}
	return &targetsResponse{FailedEntries: []failedEntry{}}, s.put(ctx, arn, one)
}

func (s *Service) checkTarget(t *targetMember) error {
	if err := t.refused(); err != nil {
		return err
	}
	if strings.HasPrefix(t.Arn, "arn:aws:events:") {
		return unsupported("Parameter %s is not valid: event buses as targets of rules are not supported", t.Arn)
	}
	if s.courier == nil {
		return nil
	}
	if err := s.courier.Check(t.Arn); err != nil {
		return fault.New(fault.KindOf(err), "Parameter %s is not valid: %v", t.Arn, err).WithCode(service.ValidationException)
	}
	return nil
}

type removeTargetsRequest struct {
	EventBusName string `aws:"min=1,max=1600"`
	Force        *bool
	Ids          []string `aws:"required,min=1,max=100"`
	Rule         string   `aws:"required,min=1,max=64"`
}

func (s *Service) removeTargets(ctx context.Context, r *removeTargetsRequest) (*targetsResponse, error) {
	defer s.timetable.Hold(&s.mu)()
	arn, one, err := s.find(r.EventBusName, r.Rule)
	if err != nil {
		return nil, err
	}
	changed := one.record
	changed.Targets = slices.DeleteFunc(slices.Clone(changed.Targets), func(t targetMember) bool { return slices.Contains(r.Ids, t.Id) })
	return s.replace(ctx, arn, changed)
}

type listTargetsRequest struct {
	EventBusName string `aws:"min=1,max=1600"`
	Limit        *int64 `aws:"min=1,max=100"`
	NextToken    string `aws:"min=1,max=2048"`
	Rule         string `aws:"required,min=1,max=64"`
}

type listTargetsResponse struct {
	NextToken string
	Targets   []targetMember
}

func (s *Service) listTargets(_ context.Context, r *listTargetsRequest) (*listTargetsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, one, err := s.find(r.EventBusName, r.Rule)
	if err != nil {
		return nil, err
	}
	page, next, err := cut(append([]targetMember{}, one.Targets...), r.NextToken, r.Limit)
	return &listTargetsResponse{next, page}, err
}

// members makes an object of a struct's members that are there.
func members(of any) value.Value {
	text, err := json.Marshal(of)
	if err != nil {
		panic("events: " + err.Error()) // texts and numbers have a JSON form
	}
	return value.MustParse(string(text))
}
