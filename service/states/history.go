package states

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

type historyRequest struct {
	ExecutionArn         string `aws:"required,min=1,max=256"`
	IncludeExecutionData *bool
	MaxResults           int64  `aws:"min=0,max=1000"`
	NextToken            string `aws:"min=1,max=1024"`
	ReverseOrder         bool
}

type historyResponse struct {
	Events    []historyEvent
	NextToken string
}

// historyEvent is an event as GetExecutionHistory shows it. The interpreter's names for its members are the API's.
type historyEvent struct {
	machine.HistoryEvent
	bare bool // without what went in and came out
}

// Show prints the event.
func (h historyEvent) Show(form service.Form) value.Value {
	event := h.HistoryEvent
	if h.bare {
		event.Details = withoutData(event.Details)
	}
	members := []value.Member{
		{Key: "id", Value: value.OfInt(event.ID)},
		{Key: "previousEventId", Value: value.OfInt(event.PreviousID)},
		{Key: "timestamp", Value: form.Moment(event.At)},
		{Key: "type", Value: value.OfString(event.Type)},
	}
	if event.DetailsKey != "" {
		members = append(members, value.Member{Key: event.DetailsKey, Value: event.Details})
	}
	if form.Camel {
		return value.OfMembers(members...)
	}
	return capitalized(value.OfMembers(members...))
}

// assigned holds variables, whose names are the user's.
const assigned = "assignedVariables"

// capitalized begins the names of all members with capital letters and puts them into the order of names.
func capitalized(v value.Value) value.Value {
	if v.Kind() != value.Object {
		return v
	}
	var members []value.Member
	for _, m := range v.Members() {
		inner := m.Value
		if m.Key != assigned {
			inner = capitalized(inner)
		}
		members = append(members, value.Member{Key: strings.ToUpper(m.Key[:1]) + m.Key[1:], Value: inner})
	}
	slices.SortFunc(members, func(a, b value.Member) int { return strings.Compare(a.Key, b.Key) })
	return value.OfMembers(members...)
}

// withoutData leaves out what went in and came out.
func withoutData(details value.Value) value.Value {
	var members []value.Member
	for _, m := range details.Members() {
		if !slices.Contains([]string{"input", "output", "parameters", assigned}, m.Key) {
			members = append(members, m)
		}
	}
	return value.OfMembers(members...)
}

func (s *Service) getExecutionHistory(ctx context.Context, r *historyRequest) (*historyResponse, error) {
	if _, _, err := parseARN(r.ExecutionArn, "execution"); err != nil {
		return nil, err
	}
	after, err := cursorIn(r.NextToken)
	if err != nil {
		return nil, err
	}
	limit := pageSize(r.MaxResults)
	events, err := s.engine.History(ctx, r.ExecutionArn, engine.Page{After: after, Limit: limit + 1}, r.ReverseOrder)
	if err != nil {
		return nil, err
	}
	response := &historyResponse{Events: make([]historyEvent, 0, min(len(events), limit))}
	if len(events) > limit {
		events = events[:limit]
		response.NextToken = tokenFor(strconv.FormatInt(events[limit-1].ID, 10))
	}
	bare := r.IncludeExecutionData != nil && !*r.IncludeExecutionData
	for _, event := range events {
		response.Events = append(response.Events, historyEvent{event, bare})
	}
	return response, nil
}
