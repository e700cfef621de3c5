package states

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
)

type startSyncExecutionRequest struct {
	IncludedData    string `enum:"ALL_DATA|METADATA_ONLY"`
	Input           string `aws:"json"`
	Name            string `aws:"min=1,max=80"`
	StateMachineArn string `aws:"required,min=1,max=256"`
	TraceHeader     string `aws:"max=256"`
}

type startSyncExecutionResponse struct {
	BillingDetails  billingDetails
	Cause           *string
	Error           *string
	ExecutionArn    string
	Input           string
	InputDetails    included
	Name            string
	Output          *string
	OutputDetails   *included
	StartDate       time.Time
	StateMachineArn string
	Status          string
	StopDate        time.Time
	TraceHeader     string
}

// billingDetails are what AWS would have measured: time in steps of 100 milliseconds, memory in steps of 64 MB, of which we know
// the smallest only.
type billingDetails struct {
	BilledDurationInMilliseconds int64
	BilledMemoryUsedInMB         int64
}

const (
	billedStep   = 100 * time.Millisecond
	billedMemory = 64 // MB
)

func billed(duration time.Duration) billingDetails {
	steps := max(1, (duration+billedStep-1)/billedStep)
	return billingDetails{BilledDurationInMilliseconds: (steps * billedStep).Milliseconds(), BilledMemoryUsedInMB: billedMemory}
}

// startSyncExecution runs an Express execution to its end.
func (s *Service) startSyncExecution(ctx context.Context, r *startSyncExecutionRequest) (*startSyncExecutionResponse, error) {
	request, err := s.target(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	if !request.Express {
		return nil, wrongType()
	}
	request.Name, request.Input, request.Token = r.Name, r.Input, service.IdempotencyToken(ctx)
	record, err := s.engine.Start(ctx, request)
	if err == nil {
		s.work.Began(ctx, origin.ExecutionWork, record.ARN, record.Name)
		record, err = s.engine.Wait(ctx, record.ARN)
	}
	if err != nil {
		return nil, err
	}
	d := describe(record)
	response := &startSyncExecutionResponse{
		BillingDetails: billed(record.StopTime.Sub(record.StartTime)), Cause: d.Cause, Error: d.Error, ExecutionArn: d.ExecutionArn,
		Input: d.Input, InputDetails: d.InputDetails, Name: d.Name, Output: d.Output, OutputDetails: d.OutputDetails,
		StartDate: d.StartDate, StateMachineArn: d.StateMachineArn, Status: d.Status, StopDate: d.StopDate, TraceHeader: r.TraceHeader,
	}
	if r.IncludedData == metadataOnly {
		response.Input, response.Output = "", nil
	}
	return response, nil
}

func wrongType() error {
	return fault.Invalidf("This operation is not supported by this type of state machine").WithCode("StateMachineTypeNotSupported")
}
