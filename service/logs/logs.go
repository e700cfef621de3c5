// Package logs is Amazon CloudWatch Logs over records: log groups, their streams, and the events in these. Events of one
// PutLogEvents are one record. There are no metrics, subscriptions or queries, and filter patterns are terms only.
//
//	table := logs.New(records, "us-east-1", "123456789012").Table()
//
// A read goes through all events of its streams: this is meant for the logs of pipelines, not for gigabytes.
package logs

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// Service holds the log groups of one account in one region.
type Service struct {
	records service.Records
	groups  service.Stored[group] // by name
	prefix  string                // of ARNs
	now     func() time.Time
	mu      sync.RWMutex // held for writing from reading a record to writing it
}

// New returns the service over its records.
func New(records service.Records, region, account string) *Service {
	return &Service{
		records: records,
		groups:  service.Stored[group]{Records: records, Kind: "logs.group"},
		prefix:  "arn:aws:logs:" + region + ":" + account + ":log-group:",
		now:     time.Now,
	}
}

// group is what is kept of a log group. Times are milliseconds since 1970, as in the API.
type group struct {
	Name      string
	Created   int64
	Retention int64             `json:",omitempty"` // days; 0: for ever
	KmsKeyID  string            `json:",omitempty"`
	Class     string            `json:",omitempty"`
	Tags      map[string]string `json:",omitempty"`
}

// stream is what is kept of a log stream.
type stream struct {
	Name     string
	Created  int64
	Chunks   int64 // how many times events were put
	Bytes    int64
	First    *int64 `json:",omitempty"` // timestamp of the first event
	Last     *int64 `json:",omitempty"`
	Ingested *int64 `json:",omitempty"` // when the last events were put
}

// chunk is the events of one PutLogEvents.
type chunk struct {
	Ingested int64
	Events   []event
}

type event struct {
	Timestamp int64
	Message   string
}

// streams are the records of a group's streams, chunks those of a stream's events. A group's name has no colon.
func (s *Service) streams(group string) service.Stored[stream] {
	return service.Stored[stream]{Records: s.records, Kind: "logs.stream:" + group}
}

func (s *Service) chunks(group, stream string) service.Stored[chunk] {
	return service.Stored[chunk]{Records: s.records, Kind: "logs.events:" + group + ":" + stream}
}

const (
	codeNotFound         = "ResourceNotFoundException"
	codeExists           = "ResourceAlreadyExistsException"
	codeInvalidParameter = "InvalidParameterException"
	codeLimit            = "LimitExceededException"
	codeUnavailable      = "ServiceUnavailableException"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeInvalidParameter)
}

// HasGroup says whether there is a log group of that name.
func (s *Service) HasGroup(ctx context.Context, name string) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok, err := s.groups.Get(ctx, name)
	return ok, err
}

func (s *Service) findGroup(ctx context.Context, name string) (group, error) {
	g, ok, err := s.groups.Get(ctx, name)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "The specified log group does not exist.").WithCode(codeNotFound)
	}
	return g, err
}

func (s *Service) findStream(ctx context.Context, group, name string) (stream, error) {
	if _, err := s.findGroup(ctx, group); err != nil {
		return stream{}, err
	}
	found, ok, err := s.streams(group).Get(ctx, name)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "The specified log stream does not exist.").WithCode(codeNotFound)
	}
	return found, err
}

// Table returns the service's operations. The examples find the group /etl/nightly with the stream load.
func (s *Service) Table() *service.Service {
	row := func(name string, does service.Behaviour, example string, errors ...string) service.Operation {
		return service.Operation{Name: name, Behaviour: does, Example: example, Errors: append(errors, codeInvalidParameter, codeUnavailable)}
	}
	const inStream = `{"LogGroupName": "/etl/nightly", "LogStreamName": "load"`
	const inGroup = `{"LogGroupName": "/etl/nightly"`
	const inGroupARN = `{"ResourceArn": "arn:aws:logs:us-east-1:123456789012:log-group:/etl/nightly"`
	return &service.Service{
		Name: "cloudwatchlogs",
		SDK:  "CloudWatchLogs",
		Protocol: service.Protocol{
			ContentType: "application/x-amz-json-1.1", Endpoint: "logs", Target: "Logs_20140328", Camel: true,
		},
		Constraint: codeInvalidParameter,
		Errors: []service.Error{
			{Code: codeNotFound, Status: http.StatusBadRequest},
			{Code: codeExists, Status: http.StatusBadRequest},
			{Code: codeInvalidParameter, Status: http.StatusBadRequest},
			{Code: codeLimit, Status: http.StatusBadRequest},
			{Code: codeUnavailable, Status: http.StatusInternalServerError},
		},
		Operations: []service.Operation{
			row("CreateLogGroup", service.Do(s.createLogGroup), `{"LogGroupName": "/etl/hourly"}`, codeExists, codeLimit),
			row("DescribeLogGroups", service.Do(s.describeLogGroups), `{"LogGroupNamePrefix": "/etl/"}`),
			row("PutRetentionPolicy", service.Do(s.putRetentionPolicy), inGroup+`, "RetentionInDays": 30}`, codeNotFound).But("kept and shown; nothing is deleted"),
			row("DeleteRetentionPolicy", service.Do(s.deleteRetentionPolicy), inGroup+`}`, codeNotFound),
			row("CreateLogStream", service.Do(s.createLogStream), `{"LogGroupName": "/etl/nightly", "LogStreamName": "validate"}`, codeNotFound, codeExists),
			row("DescribeLogStreams", service.Do(s.describeLogStreams), inGroup+`, "OrderBy": "LastEventTime"}`, codeNotFound),
			row("PutLogEvents", service.Do(s.putLogEvents), inStream+`, "LogEvents": []}`, codeNotFound),
			row("GetLogEvents", service.Do(s.getLogEvents), inStream+`, "StartFromHead": true}`, codeNotFound),
			row("FilterLogEvents", service.Do(s.filterLogEvents), inGroup+`, "FilterPattern": "ERROR"}`, codeNotFound).But("patterns of terms; those for JSON, columns and regular expressions are refused"),
			row("TagResource", service.Do(s.tagResource), inGroupARN+`, "Tags": {"team": "data"}}`, codeNotFound),
			row("ListTagsForResource", service.Do(s.listTagsForResource), inGroupARN+`}`, codeNotFound),
			row("UntagResource", service.Do(s.untagResource), inGroupARN+`, "TagKeys": ["team"]}`, codeNotFound),
			row("DeleteLogStream", service.Do(s.deleteLogStream), inStream+`}`, codeNotFound),
			row("DeleteLogGroup", service.Do(s.deleteLogGroup), inGroup+`}`, codeNotFound),
		},
	}
}
