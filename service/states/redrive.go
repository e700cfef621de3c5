package states

import (
	"context"
	"time"
)

type redriveExecutionRequest struct {
	ClientToken  string `aws:"token,min=1,max=64" pattern:"[!-~]+"`
	ExecutionArn string `aws:"required,min=1,max=256"`
}

type redriveExecutionResponse struct{ RedriveDate time.Time }

// redriveExecution lets an execution that did not succeed go on from where it ended.
func (s *Service) redriveExecution(ctx context.Context, r *redriveExecutionRequest) (*redriveExecutionResponse, error) {
	if _, _, err := parseARN(r.ExecutionArn, "execution"); err != nil {
		return nil, err
	}
	record, err := s.engine.Redrive(ctx, r.ExecutionArn, r.ClientToken)
	if err != nil {
		return nil, err
	}
	return &redriveExecutionResponse{record.RedriveTime}, nil
}
