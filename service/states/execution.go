package states

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

type startExecutionRequest struct {
	Input           string `aws:"json"`
	Name            string `aws:"min=1,max=80"`
	StateMachineArn string `aws:"required,min=1,max=256"`
	TraceHeader     string `aws:"max=256"`
}

type startExecutionResponse struct {
	ExecutionArn string
	StartDate    time.Time
}

// startExecution names an execution after the caller's idempotency token when the caller gives no name, so that a task
// carried out again after a crash finds the execution that it started.
func (s *Service) startExecution(ctx context.Context, r *startExecutionRequest) (*startExecutionResponse, error) {
	request, err := s.target(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	request.Name, request.Input, request.Token = r.Name, r.Input, service.IdempotencyToken(ctx)
	if request.Name == "" {
		request.Name = request.Token
	}
	record, err := s.engine.Start(ctx, request)
	if err != nil {
		return nil, err
	}
	s.work.Began(ctx, origin.ExecutionWork, record.ARN, record.Name)
	return &startExecutionResponse{record.ARN, record.StartTime}, nil
}

// target returns what an ARN means to start: the machine as it is, a version, or the version that an alias leads to.
func (s *Service) target(text string) (engine.StartRequest, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, q, err := s.find(text)
	if err != nil {
		return engine.StartRequest{}, err
	}
	request := engine.StartRequest{StateMachineARN: m.ARN, Revision: m.Revision}
	if q.qualifier != "" {
		if request.VersionARN = q.text; m.alias(q.qualifier) != nil {
			request.AliasARN, request.VersionARN = q.text, m.alias(q.qualifier).choose()
		}
		led, _ := parseMachineARN(request.VersionARN)
		number, _ := led.version()
		v := m.version(number)
		if v == nil {
			return request, noMachine(text)
		}
		request.Revision = v.Revision
	}
	request.Express = m.Type == express
	then := s.revisions[request.Revision]
	request.Definition, request.File, request.RoleARN = then.Definition, then.File, then.RoleARN
	return request, nil
}

// record returns an execution. Errors: InvalidArn, ExecutionDoesNotExist.
func (s *Service) record(ctx context.Context, arn string) (engine.Record, error) {
	if _, _, err := parseARN(arn, "execution"); err != nil {
		return engine.Record{}, err
	}
	return s.engine.Describe(ctx, arn)
}

type executionRequest struct {
	ExecutionArn string `aws:"required,min=1,max=256"`
	IncludedData string `enum:"ALL_DATA|METADATA_ONLY"`
}

// description is DescribeExecution's response.
type description struct {
	Cause                  *string
	Error                  *string
	ExecutionArn           string
	Input                  string
	InputDetails           included
	MapRunArn              string
	Name                   string
	Output                 *string
	OutputDetails          *included
	RedriveCount           int64
	RedriveDate            time.Time
	RedriveStatus          string
	RedriveStatusReason    string
	StartDate              time.Time
	StateMachineAliasArn   string
	StateMachineArn        string
	StateMachineVersionArn string
	Status                 string
	StopDate               time.Time
}

type included struct{ Included bool }

func describe(r engine.Record) *description {
	d := &description{
		ExecutionArn: r.ARN, Input: r.Input.Text(), InputDetails: included{true}, Name: r.Name, StateMachineArn: r.StateMachineARN, MapRunArn: r.MapRunARN,
		StartDate: r.StartTime, StopDate: r.StopTime, Status: string(r.Status), Error: r.Error, Cause: r.Cause,
		StateMachineAliasArn: r.StateMachineAliasARN, StateMachineVersionArn: r.StateMachineVersionARN,
		RedriveCount: r.RedriveCount, RedriveDate: r.RedriveTime, RedriveStatus: "REDRIVABLE",
	}
	if d.RedriveStatusReason = r.NotRedrivable(moment()); d.RedriveStatusReason != "" {
		d.RedriveStatus = "NOT_REDRIVABLE"
	}
	if r.RedrivableByMapRun(moment()) {
		d.RedriveStatus = "REDRIVABLE_BY_MAP_RUN"
	}
	if r.Status == machine.Succeeded {
		output := r.Output.Text()
		d.Output, d.OutputDetails = &output, &included{true}
	}
	return d
}

func (s *Service) describeExecution(ctx context.Context, r *executionRequest) (*description, error) {
	record, err := s.record(ctx, r.ExecutionArn)
	if err != nil {
		return nil, err
	}
	d := describe(record)
	if r.IncludedData == metadataOnly {
		d.Input, d.Output = "", nil
	}
	return d, nil
}

type stopExecutionRequest struct {
	Cause        *string `aws:"max=32768"`
	Error        *string `aws:"max=256"`
	ExecutionArn string  `aws:"required,min=1,max=256"`
}

type stopExecutionResponse struct{ StopDate time.Time }

func (s *Service) stopExecution(ctx context.Context, r *stopExecutionRequest) (*stopExecutionResponse, error) {
	if _, _, err := parseARN(r.ExecutionArn, "execution"); err != nil {
		return nil, err
	}
	record, err := s.engine.Stop(ctx, r.ExecutionArn, r.Error, r.Cause)
	if err != nil {
		return nil, err
	}
	return &stopExecutionResponse{record.StopTime}, nil
}

// await is the second half of startExecution.sync.
func (s *Service) await(ctx context.Context, answer value.Value) (any, error) {
	started, _ := answer.Get("ExecutionArn")
	if _, err := s.engine.Resume(ctx, started.Str()); err != nil {
		return nil, err
	}
	record, err := s.engine.Wait(ctx, started.Str())
	if err != nil {
		return nil, err
	}
	if record.Status != machine.Succeeded {
		return nil, &service.Failed{Result: describe(record)}
	}
	return describe(record), nil
}

func (s *Service) cancel(ctx context.Context, answer value.Value) error {
	started, _ := answer.Get("ExecutionArn")
	_, err := s.engine.Stop(ctx, started.Str(), nil, nil)
	return err
}
