package states

import (
	"context"
	"strings"
	"time"
)

type describeStateMachineRequest struct {
	IncludedData    string `enum:"ALL_DATA|METADATA_ONLY"`
	StateMachineArn string `aws:"required,min=1,max=256"`
}

type describeStateMachineResponse struct {
	CreationDate            time.Time
	Definition              string
	Description             string
	EncryptionConfiguration encryptionConfiguration
	LoggingConfiguration    loggingConfiguration
	Name                    string
	RevisionId              string
	RoleArn                 string
	StateMachineArn         string
	Status                  string
	TracingConfiguration    *tracingConfiguration
	Type                    string
	VariableReferences      map[string][]string
}

func (s *Service) describeStateMachine(_ context.Context, r *describeStateMachineRequest) (*describeStateMachineResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, q, err := s.find(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	d := &describeStateMachineResponse{
		CreationDate: m.Created, EncryptionConfiguration: ownedKey, Name: m.Name, StateMachineArn: q.text, Status: "ACTIVE", Type: m.Type,
	}
	id := m.Revision
	if q.qualifier != "" {
		number, _ := q.version()
		v := m.version(number)
		if v == nil {
			return nil, noMachine(q.text)
		}
		id, d.CreationDate, d.Description = v.Revision, v.Created, v.Description
	}
	current := s.revisions[id]
	d.RevisionId, d.RoleArn = current.shownID(), current.RoleARN
	d.LoggingConfiguration, d.TracingConfiguration = current.Logging, &current.Tracing
	if r.IncludedData != metadataOnly {
		d.Definition, d.VariableReferences = current.Definition, references(current.Definition, current.File)
	}
	return d, nil
}

const metadataOnly = "METADATA_ONLY"

type forExecutionRequest struct {
	ExecutionArn string `aws:"required,min=1,max=256"`
	IncludedData string `enum:"ALL_DATA|METADATA_ONLY"`
}

type forExecutionResponse struct {
	Definition              string
	EncryptionConfiguration encryptionConfiguration
	Label                   string
	LoggingConfiguration    loggingConfiguration
	MapRunArn               string
	Name                    string
	RevisionId              string
	RoleArn                 string
	StateMachineArn         string
	TracingConfiguration    *tracingConfiguration
	UpdateDate              time.Time
	VariableReferences      map[string][]string
}

// describeStateMachineForExecution answers with the machine as it was when the execution started.
func (s *Service) describeStateMachineForExecution(ctx context.Context, r *forExecutionRequest) (*forExecutionResponse, error) {
	record, err := s.record(ctx, r.ExecutionArn)
	if err != nil {
		return nil, err
	}
	d := &forExecutionResponse{
		EncryptionConfiguration: ownedKey, LoggingConfiguration: noLogging(), TracingConfiguration: &tracingConfiguration{}, Name: record.StateMachineName,
		RoleArn: record.RoleARN, StateMachineArn: record.StateMachineARN, UpdateDate: record.StartTime,
	}
	if d.MapRunArn = record.MapRunARN; d.MapRunArn != "" {
		d.Label = record.StateMachineName[strings.LastIndexByte(record.StateMachineName, '/')+1:]
	}
	file := "definition.yaml" // under which both forms are read
	if r.IncludedData != metadataOnly {
		if d.Definition, err = s.engine.Definition(ctx, r.ExecutionArn); err != nil {
			return nil, err
		}
		d.VariableReferences = references(d.Definition, file)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	// There is none for an execution that was started without this service.
	if then := s.revisions[record.Revision]; then != nil {
		d.RevisionId, d.UpdateDate = then.shownID(), then.Created
		d.LoggingConfiguration, d.TracingConfiguration = then.Logging, &then.Tracing
	}
	return d, nil
}
