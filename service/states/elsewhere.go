package states

import (
	"context"

	"github.com/stepwell/stepwell/fault"
)

// An operation that comes later looks at its request only as far as AWS refuses it.

func missing(operation string) error {
	return fault.New(fault.Unsupported, "%s is not supported yet: it comes with the rest of the States Language (issue 7)", operation)
}

type startSyncExecutionRequest struct {
	StateMachineArn string `aws:"required,min=1,max=256"`
}

func (s *Service) startSyncExecution(_ context.Context, r *startSyncExecutionRequest) (*nothing, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, _, err := s.find(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	if m.Type != express {
		return nil, wrongType()
	}
	return nil, missing("StartSyncExecution")
}

func wrongType() error {
	return fault.Invalidf("This operation is not supported by this type of state machine").WithCode("StateMachineTypeNotSupported")
}

func testState(context.Context, *nothing) (*nothing, error) { return nil, missing("TestState") }
func redriveExecution(context.Context, *nothing) (*nothing, error) {
	return nil, missing("RedriveExecution")
}
func describeMapRun(context.Context, *nothing) (*nothing, error) {
	return nil, missing("DescribeMapRun")
}
func listMapRuns(context.Context, *nothing) (*nothing, error)  { return nil, missing("ListMapRuns") }
func updateMapRun(context.Context, *nothing) (*nothing, error) { return nil, missing("UpdateMapRun") }
