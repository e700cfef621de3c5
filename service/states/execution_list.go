package states

import (
	"context"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
)

type listExecutionsRequest struct {
	MapRunArn       string `aws:"min=1,max=2000"`
	MaxResults      int64  `aws:"min=0,max=1000"`
	NextToken       string `aws:"min=1,max=3096"`
	RedriveFilter   string `enum:"REDRIVEN|NOT_REDRIVEN"`
	StateMachineArn string `aws:"min=1,max=256"`
	StatusFilter    string `enum:"RUNNING|SUCCEEDED|FAILED|TIMED_OUT|ABORTED|PENDING_REDRIVE"`
}

type executionItem struct {
	ExecutionArn           string
	ItemCount              *int64
	MapRunArn              string
	Name                   string
	RedriveCount           int64
	RedriveDate            time.Time
	StartDate              time.Time
	StateMachineAliasArn   string
	StateMachineArn        string
	StateMachineVersionArn string
	Status                 string
	StopDate               time.Time
}

type listExecutionsResponse struct {
	Executions []executionItem
	NextToken  string
}

// listExecutions answers with the newest first.
func (s *Service) listExecutions(ctx context.Context, r *listExecutionsRequest) (*listExecutionsResponse, error) {
	filter, err := s.filter(r)
	if err != nil {
		return nil, err
	}
	after, err := cursorIn(r.NextToken)
	if err != nil {
		return nil, err
	}
	response := &listExecutionsResponse{Executions: []executionItem{}}
	records, next, err := s.engine.List(ctx, filter, engine.Page{After: after, Limit: pageSize(r.MaxResults)})
	if err != nil {
		return nil, err
	}
	for _, e := range records {
		var items *int64
		if e.MapRunARN != "" {
			items = &e.Items
		}
		response.Executions = append(response.Executions, executionItem{
			MapRunArn: e.MapRunARN, ItemCount: items,
			ExecutionArn: e.ARN, Name: e.Name, StartDate: e.StartTime, StopDate: e.StopTime, Status: string(e.Status),
			RedriveCount: e.RedriveCount, RedriveDate: e.RedriveTime,
			StateMachineArn: e.StateMachineARN, StateMachineVersionArn: e.StateMachineVersionARN, StateMachineAliasArn: e.StateMachineAliasARN,
		})
	}
	if next != 0 {
		response.NextToken = tokenFor(strconv.FormatInt(next, 10))
	}
	return response, nil
}

func (s *Service) filter(r *listExecutionsRequest) (engine.Filter, error) {
	if (r.MapRunArn == "") == (r.StateMachineArn == "") {
		return engine.Filter{}, invalid("Must specify either StateMachine ARN or MapRun ARN, but not both")
	}
	if r.MapRunArn != "" {
		return engine.Filter{MapRunARN: r.MapRunArn, Status: machine.Status(r.StatusFilter)}, checkMapRun(r.MapRunArn)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, q, err := s.find(r.StateMachineArn)
	if err != nil {
		return engine.Filter{}, err
	}
	if m.Type == express {
		return engine.Filter{}, wrongType()
	}
	filter := engine.Filter{StateMachineARN: m.ARN, Status: machine.Status(r.StatusFilter)}
	if redriven := r.RedriveFilter == "REDRIVEN"; r.RedriveFilter != "" {
		filter.Redriven = &redriven
	}
	number, isVersion := q.version()
	switch {
	case q.qualifier == "":
	case isVersion && m.version(number) != nil:
		filter.Version = q.text
	case m.alias(q.qualifier) != nil:
		filter.Alias = q.text
	default:
		return engine.Filter{}, noMachine(q.text)
	}
	return filter, nil
}
