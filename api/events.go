package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Events is where the event stream comes from.
type Events struct {
	// Log has what happens now, in all executions and statements. The streams end when it is closed.
	Log *event.Log
	// Executions has the whole history of each execution.
	Executions Executions
}

// Executions is what the stream of one execution needs of an engine.
type Executions interface {
	Describe(ctx context.Context, arn string) (engine.Record, error)
	Watch(ctx context.Context, arn string, after int64) iter.Seq2[machine.HistoryEvent, error]
}

const (
	eventsPath = "/events"
	// maxStreams is how many clients may listen at the same time.
	maxStreams = 256
	// heartbeat is how often a stream says that it is alive, slowReader how long a client may take nothing.
	heartbeat  = 15 * time.Second
	slowReader = 10 * time.Second
)

// serveEvents answers GET /events with server-sent events.
func (c *call) serveEvents() {
	c.w.Header().Set("X-Amzn-Requestid", c.id)
	if err := c.admitOwn(Read, sigv4.Hash(nil)); err != nil {
		c.refuseOwn(err)
		return
	}
	choice, err := choiceIn(c.r.URL.Query())
	if err != nil {
		c.refuseOwn(err)
		return
	}
	if c.streams.Add(1) > maxStreams {
		c.streams.Add(-1)
		c.refuseOwn(fault.New(fault.Throttled, "%d clients listen to events already", maxStreams))
		return
	}
	defer c.streams.Add(-1)
	s := &stream{w: c.w, control: http.NewResponseController(c.w), choice: choice, last: c.r.Header.Get("Last-Event-ID")}
	if err := s.serve(c.r.Context(), c.endpoint); err != nil {
		c.refuseOwn(err)
	}
}

// choice is which events a client wants; what is empty chooses all.
type choice struct {
	execution, stateMachine string
	types                   []string
}

func choiceIn(query url.Values) (choice, error) {
	var ch choice
	for name, given := range query {
		switch name {
		case "execution":
			ch.execution = given[0]
		case "stateMachine":
			ch.stateMachine = given[0]
		case "type":
			for _, list := range given {
				ch.types = append(ch.types, strings.Split(list, ",")...)
			}
		default:
			if !strings.HasPrefix(name, "X-Amz-") { // of a presigned URL
				return ch, fault.Invalidf("%s knows no parameter %q; there are execution, stateMachine and type", eventsPath, name)
			}
		}
	}
	return ch, nil
}

// wants says whether an event of a type is chosen. The kinds are types too.
func (ch choice) wants(kind event.Kind, what string) bool {
	return len(ch.types) == 0 || slices.Contains(ch.types, what) || slices.Contains(ch.types, string(kind))
}

// stream is one client's answer.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	choice  choice
	last    string // Last-Event-ID

	mu sync.Mutex // held while something is written
}

// serve streams until the client leaves, there is nothing more, or the server ends. An error is one that came before the
// first byte.
func (s *stream) serve(ctx context.Context, e *endpoint) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-e.events.Log.Closed():
			cancel()
		case <-ctx.Done():
		}
	}()
	run := func() { s.live(ctx, e) }
	if s.choice.execution != "" {
		after, ended, err := s.position(ctx, e.events.Executions)
		if err != nil {
			return err
		}
		if ended {
			s.w.WriteHeader(http.StatusNoContent) // which tells a browser not to come again
			return nil
		}
		run = func() { s.stored(ctx, e.events.Executions, after) }
	}
	header := s.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	if s.send(":\n\n") != nil {
		return nil
	}
	var beating sync.WaitGroup
	beating.Go(func() { s.beat(ctx, cancel) })
	run()
	cancel()
	beating.Wait()
	_ = s.control.SetWriteDeadline(time.Time{})
	return nil
}

// beat lets the client know that the stream lives, and the server that the client does.
func (s *stream) beat(ctx context.Context, cancel func()) {
	clock := time.NewTicker(heartbeat)
	defer clock.Stop()
	for {
		select {
		case <-clock.C:
			if s.send(":\n\n") != nil {
				cancel()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// send writes to the client, who is given up when it takes nothing for too long: nothing is kept for it.
func (s *stream) send(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.control.SetWriteDeadline(time.Now().Add(slowReader)) // a writer without deadlines is one of a test
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.control.Flush()
}

func sse(name, id, data string) string {
	text := "event: " + name + "\n"
	if id != "" {
		text += "id: " + id + "\n"
	}
	return text + "data: " + data + "\n\n"
}

// position is the history event behind which the stream of one execution begins; ended says that there is nothing behind it.
func (s *stream) position(ctx context.Context, from Executions) (after int64, ended bool, err error) {
	record, err := from.Describe(ctx, s.choice.execution)
	if err != nil {
		return 0, false, err
	}
	after, err = strconv.ParseInt(s.last, 10, 64)
	if err != nil || after < 0 {
		return 0, false, nil // of another stream
	}
	if record.Status == machine.RunningStatus {
		return after, false, nil
	}
	for range from.Watch(ctx, record.ARN, after) {
		return after, false, nil
	}
	return after, true, nil
}

// stored streams the history of one execution, all of it whatever is lost elsewhere, until it is closed.
func (s *stream) stored(ctx context.Context, from Executions, after int64) {
	for h, err := range from.Watch(ctx, s.choice.execution, after) {
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			_ = s.send(sse("error", "", value.OfMembers(value.Member{Key: "message", Value: value.OfString(sentence(err))}).Compact()))
			return
		case !s.choice.wants(event.Execution, h.Type):
			continue
		}
		text := value.OfMembers(value.Member{Key: "executionArn", Value: value.OfString(s.choice.execution)},
			value.Member{Key: "event", Value: h.JSON()}).Compact()
		if s.send(sse(string(event.Execution), strconv.FormatInt(h.ID, 10), text)) != nil {
			return
		}
	}
	if ctx.Err() == nil {
		_ = s.send(sse("end", "", "{}"))
	}
}

// place is where a reader of the log is: behind an item of an entry. Its text begins with the time at which the server
// started, because another server counts anew.
type place struct {
	entry int64
	items int
}

func (p place) text(started int64) string {
	return fmt.Sprintf("%x-%d-%d", started, p.entry, p.items)
}

// placeIn reads a place; ok is false for one that is not of this server.
func placeIn(text string, started int64) (p place, ok bool) {
	var server int64
	if _, err := fmt.Sscanf(text, "%x-%d-%d", &server, &p.entry, &p.items); err != nil || server != started || p.entry < 1 {
		return place{}, false
	}
	return p, true
}

// live streams what happens from now on, or behind the last event that the client had.
func (s *stream) live(ctx context.Context, e *endpoint) {
	log := e.events.Log
	at, gap := place{entry: log.Last()}, false
	if s.last != "" {
		var known bool
		at, known = placeIn(s.last, e.started)
		gap = !known
	}
	for {
		// The place is inside its entry, which may have more items.
		entries, lost, news := log.After(at.entry - min(int64(at.items), 1))
		if (lost || gap) && s.send(sse("lost", "", "{}")) != nil {
			return
		}
		gap = false
		for _, entry := range entries {
			if s.send(s.entry(entry, at, e.started)) != nil {
				return
			}
			at = place{entry: entry.Number}
		}
		if len(entries) > 0 {
			continue
		}
		at.items = 0
		select {
		case <-news:
		case <-ctx.Done():
			return
		}
	}
}

// entry prints what the client wants of an entry, behind its place.
func (s *stream) entry(e event.Entry, at place, started int64) string {
	if s.choice.stateMachine != "" && e.StateMachine != s.choice.stateMachine {
		return ""
	}
	var items []json.RawMessage
	if json.Unmarshal(e.Items, &items) != nil {
		return ""
	}
	before, after := "", ""
	if e.Kind == event.Execution {
		before = `{"executionArn":` + value.OfString(e.Source).Compact() + `,"stateMachineArn":` + value.OfString(e.StateMachine).Compact() + `,"event":`
		after = "}"
	}
	var out strings.Builder
	for i, item := range items {
		var about struct{ Type string }
		if e.Number == at.entry && i < at.items || json.Unmarshal(item, &about) != nil || !s.choice.wants(e.Kind, about.Type) {
			continue
		}
		out.WriteString(sse(string(e.Kind), place{e.Number, i + 1}.text(started), before+string(item)+after))
	}
	return out.String()
}
