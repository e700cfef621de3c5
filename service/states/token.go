package states

import (
	"context"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

type successRequest struct {
	Output    string `aws:"required,json,max=262144"`
	TaskToken string `aws:"required,min=1,max=2048"`
}

func (s *Service) sendTaskSuccess(ctx context.Context, r *successRequest) (*nothing, error) {
	output, err := value.Parse(r.Output)
	if err != nil {
		return nil, fault.Invalidf("Invalid Output: '%v'", err).WithCode("InvalidOutput")
	}
	return &nothing{}, s.engine.SucceedTask(ctx, r.TaskToken, output)
}

type failureRequest struct {
	Cause     *string `aws:"max=32768"`
	Error     *string `aws:"max=256"`
	TaskToken string  `aws:"required,min=1,max=2048"`
}

func (s *Service) sendTaskFailure(ctx context.Context, r *failureRequest) (*nothing, error) {
	return &nothing{}, s.engine.FailTask(ctx, r.TaskToken, r.Error, r.Cause)
}

type heartbeatRequest struct {
	TaskToken string `aws:"required,min=1,max=2048"`
}

func (s *Service) sendTaskHeartbeat(ctx context.Context, r *heartbeatRequest) (*nothing, error) {
	return &nothing{}, s.engine.BeatTask(ctx, r.TaskToken)
}
