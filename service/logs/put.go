package logs

import (
	"context"
	"slices"
	"time"
)

const (
	// maxBatch is how many bytes the events of one call may have; each has an overhead.
	maxBatch      = 1 << 20
	eventOverhead = 26
	// maxEvents is how many events one call may put, and one call may get.
	maxEvents = 10_000
	maxSpan   = 24 * time.Hour
	// Events outside of this time are not taken.
	maxAge    = 14 * 24 * time.Hour
	maxFuture = 2 * time.Hour
)

type putLogEventsRequest struct {
	LogEvents     []inputLogEvent `aws:"required"`
	LogGroupName  string          `aws:"required,min=1,max=512"`
	LogStreamName string          `aws:"required,min=1,max=512"`
	SequenceToken string
}

type inputLogEvent struct {
	Message   string `aws:"required,json"`
	Timestamp *int64 `aws:"required,min=0"`
}

type putLogEventsResponse struct {
	NextSequenceToken     string
	RejectedLogEventsInfo *rejectedLogEventsInfo
}

// rejectedLogEventsInfo tells which events were not taken: those before an index, and those from one on.
type rejectedLogEventsInfo struct {
	ExpiredLogEventEndIndex  *int64
	TooNewLogEventStartIndex *int64
	TooOldLogEventEndIndex   *int64
}

// putLogEvents makes events durable as the next chunk of the stream, and then the stream that counts it.
func (s *Service) putLogEvents(ctx context.Context, r *putLogEventsRequest) (*putLogEventsResponse, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.findStream(ctx, r.LogGroupName, r.LogStreamName)
	if err != nil {
		return nil, err
	}
	g, err := s.findGroup(ctx, r.LogGroupName)
	if err != nil {
		return nil, err
	}
	now := s.now()
	taken, rejected := accept(r.LogEvents, now, g.Retention)
	if len(taken) > 0 {
		c := chunk{Ingested: now.UnixMilli()}
		for _, e := range taken {
			c.Events = append(c.Events, event{Timestamp: *e.Timestamp, Message: e.Message})
		}
		if err := s.chunks(r.LogGroupName, st.Name).Put(ctx, chunkID(st.Chunks), c); err != nil {
			return nil, err
		}
		st.count(&c)
		if err := s.streams(r.LogGroupName).Put(ctx, st.Name, st); err != nil {
			return nil, err
		}
	}
	return &putLogEventsResponse{NextSequenceToken: sequenceToken(st.Chunks), RejectedLogEventsInfo: rejected}, nil
}

// count adds a chunk to what the stream tells about its events.
func (st *stream) count(c *chunk) {
	st.Chunks++
	st.Ingested = &c.Ingested
	for _, e := range c.Events {
		st.Bytes += int64(len(e.Message)) + eventOverhead
		if st.First == nil || e.Timestamp < *st.First {
			st.First = &e.Timestamp
		}
		if st.Last == nil || e.Timestamp > *st.Last {
			st.Last = &e.Timestamp
		}
	}
}

func (r *putLogEventsRequest) check() error {
	if len(r.LogEvents) > maxEvents {
		return invalid("Log events in a single PutLogEvents request must be %d at most.", maxEvents)
	}
	size := 0
	for i, e := range r.LogEvents {
		if e.Message == "" {
			return invalid("Log event message must not be empty: logEvents.%d", i+1)
		}
		if i > 0 && *e.Timestamp < *r.LogEvents[i-1].Timestamp {
			return invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
		size += len(e.Message) + eventOverhead
	}
	if size > maxBatch {
		return invalid("Upload too large: %d bytes exceeds limit of %d", size, maxBatch)
	}
	if n := len(r.LogEvents); n > 0 && *r.LogEvents[n-1].Timestamp-*r.LogEvents[0].Timestamp > maxSpan.Milliseconds() {
		return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	return nil
}

// accept parts the events, which are in order of time, into those taken and those too old or too new.
func accept(events []inputLogEvent, now time.Time, retention int64) ([]inputLogEvent, *rejectedLogEventsInfo) {
	before := func(limit time.Time) int64 {
		at := slices.IndexFunc(events, func(e inputLogEvent) bool { return *e.Timestamp >= limit.UnixMilli() })
		if at < 0 {
			at = len(events)
		}
		return int64(at)
	}
	old, future := before(now.Add(-maxAge)), before(now.Add(maxFuture))
	var rejected rejectedLogEventsInfo
	first := old
	if old > 0 {
		rejected.TooOldLogEventEndIndex = &old
	}
	if retention > 0 {
		if expired := before(now.AddDate(0, 0, -int(retention))); expired > old {
			rejected.ExpiredLogEventEndIndex, first = &expired, expired
		}
	}
	if future < int64(len(events)) {
		rejected.TooNewLogEventStartIndex = &future
	}
	if rejected == (rejectedLogEventsInfo{}) {
		return events, nil
	}
	return events[first:max(first, future)], &rejected
}
