package logs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

type createLogStreamRequest struct {
	LogGroupName  string `aws:"required,min=1,max=512"`
	LogStreamName string `aws:"required,min=1,max=512" pattern:"[^:*]*"`
}

func (s *Service) createLogStream(ctx context.Context, r *createLogStreamRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.findGroup(ctx, r.LogGroupName); err != nil {
		return nil, err
	}
	_, ok, err := s.streams(r.LogGroupName).Get(ctx, r.LogStreamName)
	if err == nil && ok {
		err = fault.New(fault.Conflict, "The specified log stream already exists").WithCode(codeExists)
	}
	if err != nil {
		return nil, err
	}
	return &nothing{}, s.streams(r.LogGroupName).Put(ctx, r.LogStreamName, stream{Name: r.LogStreamName, Created: s.now().UnixMilli()})
}

type logStreamRequest struct {
	LogGroupName  string `aws:"required,min=1,max=512"`
	LogStreamName string `aws:"required,min=1,max=512"`
}

func (s *Service) deleteLogStream(ctx context.Context, r *logStreamRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.findStream(ctx, r.LogGroupName, r.LogStreamName)
	if err != nil {
		return nil, err
	}
	return &nothing{}, s.removeStream(ctx, r.LogGroupName, &st)
}

// removeStream deletes the stream last: after a crash it can be deleted again.
func (s *Service) removeStream(ctx context.Context, group string, st *stream) error {
	for number := range st.Chunks {
		if err := s.chunks(group, st.Name).Delete(ctx, chunkID(number)); err != nil {
			return err
		}
	}
	return s.streams(group).Delete(ctx, st.Name)
}

func chunkID(number int64) string { return fmt.Sprintf("%012d", number) }

type describeLogStreamsRequest struct {
	Descending          bool
	Limit               *int64 `aws:"min=1,max=50"`
	LogGroupIdentifier  string `aws:"min=1,max=2048"`
	LogGroupName        string `aws:"min=1,max=512"`
	LogStreamNamePrefix string
	NextToken           string
	OrderBy             string `enum:"LogStreamName|LastEventTime"`
}

type describeLogStreamsResponse struct {
	LogStreams []logStream
	NextToken  string
}

type logStream struct {
	Arn                 string
	CreationTime        int64
	FirstEventTimestamp *int64
	LastEventTimestamp  *int64
	LastIngestionTime   *int64
	LogStreamName       string
	StoredBytes         int64
	UploadSequenceToken string
}

func (s *Service) describeLogStreams(ctx context.Context, r *describeLogStreamsRequest) (*describeLogStreamsResponse, error) {
	byTime := r.OrderBy == "LastEventTime"
	if byTime && r.LogStreamNamePrefix != "" {
		return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	name, err := s.groupName(r.LogGroupName, r.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	all, err := s.streamsOf(ctx, name, r.LogStreamNamePrefix)
	if err != nil {
		return nil, err
	}
	if byTime {
		slices.SortStableFunc(all, func(a, b stream) int { return cmp.Compare(a.lastEvent(), b.lastEvent()) })
	}
	if r.Descending {
		slices.Reverse(all)
	}
	page, next, ok := service.Page(all, r.NextToken, r.Limit, longestList)
	if !ok {
		return nil, invalid("The specified nextToken is invalid.")
	}
	answer := &describeLogStreamsResponse{LogStreams: []logStream{}, NextToken: next}
	for _, st := range page {
		answer.LogStreams = append(answer.LogStreams, logStream{
			LogStreamName: st.Name, Arn: s.prefix + name + ":log-stream:" + st.Name, CreationTime: st.Created,
			FirstEventTimestamp: st.First, LastEventTimestamp: st.Last, LastIngestionTime: st.Ingested, StoredBytes: st.Bytes,
			UploadSequenceToken: sequenceToken(st.Chunks),
		})
	}
	return answer, nil
}

func (st *stream) lastEvent() int64 {
	if st.Last == nil {
		return 0
	}
	return *st.Last
}

// sequenceToken is what clients of long ago had to send with the next events; it has no meaning any more.
func sequenceToken(chunks int64) string { return fmt.Sprintf("%056d", chunks+1) }

// groupName returns the group that a request names by its name or, as identifier, by its name or ARN.
func (s *Service) groupName(name, identifier string) (string, error) {
	switch {
	case name != "" && identifier != "":
		return "", invalid("LogGroupName and LogGroupIdentifier cannot both be given")
	case name == "" && identifier == "":
		return "", invalid("One of LogGroupName and LogGroupIdentifier is required")
	case name == "":
		return strings.TrimSuffix(strings.TrimPrefix(identifier, s.prefix), ":*"), nil
	}
	return name, nil
}

// streamsOf returns the streams of a group whose names have a prefix, ordered by name.
func (s *Service) streamsOf(ctx context.Context, group, prefix string) ([]stream, error) {
	if _, err := s.findGroup(ctx, group); err != nil {
		return nil, err
	}
	all, err := s.streams(group).All(ctx)
	return slices.DeleteFunc(all, func(st stream) bool { return !strings.HasPrefix(st.Name, prefix) }), err
}
