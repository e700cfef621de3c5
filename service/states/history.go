package states

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
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

// historyEvent has the details of its type; the interpreter's names for them are the API's.
type historyEvent struct {
	ActivityFailedEventDetails            *details
	ActivityScheduleFailedEventDetails    *details
	ActivityScheduledEventDetails         *details
	ActivityStartedEventDetails           *details
	ActivitySucceededEventDetails         *details
	ActivityTimedOutEventDetails          *details
	ExecutionAbortedEventDetails          *details
	ExecutionFailedEventDetails           *details
	ExecutionStartedEventDetails          *details
	ExecutionSucceededEventDetails        *details
	ExecutionTimedOutEventDetails         *details
	Id                                    int64
	LambdaFunctionFailedEventDetails      *details
	LambdaFunctionScheduledEventDetails   *details
	LambdaFunctionStartFailedEventDetails *details
	LambdaFunctionSucceededEventDetails   *details
	LambdaFunctionTimedOutEventDetails    *details
	MapIterationAbortedEventDetails       *details
	MapIterationFailedEventDetails        *details
	MapIterationStartedEventDetails       *details
	MapIterationSucceededEventDetails     *details
	MapStateStartedEventDetails           *details
	PreviousEventId                       int64
	StateEnteredEventDetails              *details
	StateExitedEventDetails               *details
	TaskFailedEventDetails                *details
	TaskScheduledEventDetails             *details
	TaskStartFailedEventDetails           *details
	TaskStartedEventDetails               *details
	TaskSubmitFailedEventDetails          *details
	TaskSubmittedEventDetails             *details
	TaskSucceededEventDetails             *details
	TaskTimedOutEventDetails              *details
	Timestamp                             time.Time `json:"-"`
	Type                                  string
}

// details are the members of all kinds of details.
type details struct {
	AssignedVariables        map[string]string
	AssignedVariablesDetails *truncation
	Cause                    *string
	Error                    *string
	HeartbeatInSeconds       *int64
	Index                    *int64
	Input                    *string
	InputDetails             *truncation
	Length                   *int64
	Name                     *string
	Output                   *string
	OutputDetails            *truncation
	Parameters               *string
	Region                   *string
	Resource                 *string
	ResourceType             *string
	RoleArn                  *string
	StateMachineAliasArn     *string
	StateMachineVersionArn   *string
	TaskCredentials          *credentials
	TimeoutInSeconds         *int64
	WorkerName               *string
}

type truncation struct{ Truncated bool }

type credentials struct{ RoleArn *string }

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
	response := &historyResponse{Events: []historyEvent{}}
	if len(events) > limit {
		events = events[:limit]
		response.NextToken = tokenFor(strconv.FormatInt(events[limit-1].ID, 10))
	}
	for _, event := range events {
		shown, err := show(event)
		if err != nil {
			return nil, err
		}
		if r.IncludeExecutionData != nil && !*r.IncludeExecutionData {
			shown.withoutData()
		}
		response.Events = append(response.Events, shown)
	}
	return response, nil
}

// show relies on encoding/json, which finds fields whatever the case of a name's letters.
func show(event machine.HistoryEvent) (shown historyEvent, err error) {
	if err := json.Unmarshal([]byte(event.JSON().Text()), &shown); err != nil {
		return shown, fault.New(fault.Internal, "show history event %d", event.ID).Because(err)
	}
	shown.Timestamp = event.At
	return shown, nil
}

// withoutData leaves out what went in and came out.
func (h *historyEvent) withoutData() {
	for _, d := range []*details{
		h.ActivityScheduledEventDetails, h.ActivitySucceededEventDetails, h.ExecutionStartedEventDetails, h.ExecutionSucceededEventDetails,
		h.LambdaFunctionScheduledEventDetails, h.LambdaFunctionSucceededEventDetails, h.StateEnteredEventDetails, h.StateExitedEventDetails,
		h.TaskScheduledEventDetails, h.TaskSubmittedEventDetails, h.TaskSucceededEventDetails,
	} {
		if d != nil {
			d.Input, d.Output, d.Parameters, d.AssignedVariables = nil, nil, nil, nil
		}
	}
}
