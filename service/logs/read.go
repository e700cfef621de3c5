package logs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/service"
)

// entry is one event with its place.
type entry struct {
	event
	id       string // ordered like the events of the stream
	stream   string
	ingested int64
}

// entries returns the events of a stream in a time, ordered by time.
func (s *Service) entries(ctx context.Context, group string, st *stream, within span) ([]entry, error) {
	var all []entry
	for number := range st.Chunks {
		c, _, err := s.chunks(group, st.Name).Get(ctx, chunkID(number))
		if err != nil {
			return nil, err
		}
		for i, e := range c.Events {
			if within.has(e.Timestamp) {
				id := fmt.Sprintf("%020d%s%06d", e.Timestamp, chunkID(number), i)
				all = append(all, entry{event: e, id: id, stream: st.Name, ingested: c.Ingested})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	return all, nil
}

// span is a time: from is in it, to is not. Nil is no bound. Events older than kept are no more.
type span struct {
	from, to *int64
	kept     int64
}

func (w span) has(t int64) bool {
	return (w.from == nil || t >= *w.from) && (w.to == nil || t < *w.to) && t >= w.kept
}

// within returns the time that a request asks for, as far as the group keeps it.
func (s *Service) within(g *group, from, to *int64) span {
	w := span{from: from, to: to}
	if g.Retention > 0 {
		w.kept = s.now().AddDate(0, 0, -int(g.Retention)).UnixMilli()
	}
	return w
}

type getLogEventsRequest struct {
	EndTime            *int64 `aws:"min=0"`
	Limit              *int64 `aws:"min=1,max=10000"`
	LogGroupIdentifier string `aws:"min=1,max=2048"`
	LogGroupName       string `aws:"min=1,max=512"`
	LogStreamName      string `aws:"required,min=1,max=512"`
	NextToken          string
	StartFromHead      bool
	StartTime          *int64 `aws:"min=0"`
}

type getLogEventsResponse struct {
	Events            []outputLogEvent
	NextBackwardToken string
	NextForwardToken  string
}

type outputLogEvent struct {
	IngestionTime int64
	Message       string `aws:"always"`
	Timestamp     int64
}

func (s *Service) getLogEvents(ctx context.Context, r *getLogEventsRequest) (*getLogEventsResponse, error) {
	name, err := s.groupName(r.LogGroupName, r.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, err := s.findGroup(ctx, name)
	if err != nil {
		return nil, err
	}
	st, err := s.findStream(ctx, name, r.LogStreamName)
	if err != nil {
		return nil, err
	}
	all, err := s.entries(ctx, name, &st, s.within(&g, r.StartTime, r.EndTime))
	if err != nil {
		return nil, err
	}
	from, to, ok := r.cut(all)
	if !ok {
		return nil, invalid("The specified nextToken is invalid.")
	}
	answer := &getLogEventsResponse{Events: []outputLogEvent{}, NextForwardToken: placeToken(forward, to), NextBackwardToken: placeToken(backward, from)}
	for _, e := range all[from:to] {
		answer.Events = append(answer.Events, outputLogEvent{IngestionTime: e.ingested, Message: e.Message, Timestamp: e.Timestamp})
	}
	return answer, nil
}

// The tokens of GetLogEvents are places between events, with the direction in which to read. At an end, the token is the
// one that was given.
const (
	forward  = "f/"
	backward = "b/"
)

func placeToken(direction string, place int) string { return direction + fmt.Sprintf("%056d", place) }

// cut returns which events a page has.
func (r *getLogEventsRequest) cut(all []entry) (from, to int, ok bool) {
	direction, place := backward, len(all)
	if r.StartFromHead {
		direction, place = forward, 0
	}
	if r.NextToken != "" {
		direction = r.NextToken[:min(len(forward), len(r.NextToken))]
		given, err := strconv.Atoi(strings.TrimPrefix(r.NextToken, direction))
		if err != nil || given < 0 || direction != forward && direction != backward {
			return 0, 0, false
		}
		place = min(given, len(all))
	}
	limit := maxEvents
	if r.Limit != nil {
		limit = int(*r.Limit)
	}
	if direction == forward {
		to = place
		for size := 0; to < len(all) && to-place < limit; to++ {
			if size += len(all[to].Message) + eventOverhead; size > maxBatch && to > place {
				break
			}
		}
		return place, to, true
	}
	from = place
	for size := 0; from > 0 && place-from < limit; from-- {
		if size += len(all[from-1].Message) + eventOverhead; size > maxBatch && from < place {
			break
		}
	}
	return from, place, true
}

type filterLogEventsRequest struct {
	EndTime             *int64 `aws:"min=0"`
	FilterPattern       string `aws:"max=1024"`
	Interleaved         bool
	Limit               *int64 `aws:"min=1,max=10000"`
	LogGroupIdentifier  string `aws:"min=1,max=2048"`
	LogGroupName        string `aws:"min=1,max=512"`
	LogStreamNamePrefix string
	LogStreamNames      []string `aws:"min=1,max=100"`
	NextToken           string
	StartTime           *int64 `aws:"min=0"`
}

type filterLogEventsResponse struct {
	Events             []filteredLogEvent
	NextToken          string
	SearchedLogStreams []string
}

type filteredLogEvent struct {
	EventId       string
	IngestionTime int64
	LogStreamName string
	Message       string `aws:"always"`
	Timestamp     int64
}

func (s *Service) filterLogEvents(ctx context.Context, r *filterLogEventsRequest) (*filterLogEventsResponse, error) {
	matches, err := parsePattern(r.FilterPattern)
	if err != nil {
		return nil, err
	}
	if len(r.LogStreamNames) > 0 && r.LogStreamNamePrefix != "" {
		return nil, invalid("LogStreamNames and LogStreamNamePrefix cannot both be given")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all, err := s.search(ctx, r)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e entry) bool { return !matches(e.Message) })
	page, next, ok := service.Page(all, r.NextToken, r.Limit, maxEvents)
	if !ok {
		return nil, invalid("The specified nextToken is invalid.")
	}
	answer := &filterLogEventsResponse{Events: []filteredLogEvent{}, NextToken: next, SearchedLogStreams: []string{}}
	for _, e := range page {
		answer.Events = append(answer.Events, filteredLogEvent{
			EventId: e.id, IngestionTime: e.ingested, LogStreamName: e.stream, Message: e.Message, Timestamp: e.Timestamp,
		})
	}
	return answer, nil
}

// search returns the events of the streams that a request names, ordered by time.
func (s *Service) search(ctx context.Context, r *filterLogEventsRequest) ([]entry, error) {
	name, err := s.groupName(r.LogGroupName, r.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	streams, err := s.streamsOf(ctx, name, r.LogStreamNamePrefix)
	if err != nil {
		return nil, err
	}
	for _, wanted := range r.LogStreamNames {
		if _, err := s.findStream(ctx, name, wanted); err != nil {
			return nil, err
		}
	}
	g, err := s.findGroup(ctx, name)
	if err != nil {
		return nil, err
	}
	var all []entry
	for _, st := range streams {
		if len(r.LogStreamNames) > 0 && !slices.Contains(r.LogStreamNames, st.Name) {
			continue
		}
		found, err := s.entries(ctx, name, &st, s.within(&g, r.StartTime, r.EndTime))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	return all, nil
}
