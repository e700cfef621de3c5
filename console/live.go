package console

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/fault"
)

const (
	// maxPages is how many pages may be followed at the same time.
	maxPages = 512
	// gather is how long news are gathered before a page hears of them: many come at once.
	gather = 60 * time.Millisecond
	// heartbeat is how often a stream says that it is alive, slowReader how long a page may take nothing.
	heartbeat  = 15 * time.Second
	slowReader = 10 * time.Second
)

// live tells a page that what it shows has changed; the page then asks for its changed parts. What a page is about is
// "execution:ARN", "machine:ARN" or a kind of events, "execution" or "statement"; "all" is everything. Its news are those behind
// the number that the page was made with, so that it misses none.
func (c *Console) live(w http.ResponseWriter, r *request) error {
	about := r.URL.Query().Get("of")
	from, err := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64)
	if err != nil || from > c.Events.Last() {
		from = 0 // a number of a process that has ended
	}
	if c.following.Add(1) > maxPages {
		c.following.Add(-1)
		return fault.New(fault.Throttled, "%d pages are followed already", maxPages)
	}
	defer c.following.Add(-1)
	header := w.Header()
	header.Set("Content-Type", "text/event-stream")
	s := stream{w: w, control: http.NewResponseController(w)}
	if s.send(":\n\n") != nil {
		return nil
	}
	s.follow(r.Context(), c.Events, about, from)
	_ = s.control.SetWriteDeadline(time.Time{})
	return nil
}

// wanted tells whether an entry is about what a page shows.
func wanted(about string, e event.Entry) bool {
	kind, name, _ := strings.Cut(about, ":")
	switch kind {
	case "execution":
		return e.Kind == event.Execution && (name == "" || e.Source == name)
	case "machine":
		return e.Kind == event.Execution && e.StateMachine == name
	case "statement":
		return e.Kind == event.Statement
	}
	return true
}

type stream struct {
	w       io.Writer
	control *http.ResponseController
}

func (s stream) send(text string) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(slowReader)) // a writer without deadlines is one of a test
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.control.Flush()
}

// follow sends a change for all that came at about the same time, until the reader or the server goes.
func (s stream) follow(ctx context.Context, log *event.Log, about string, at int64) {
	clock := time.NewTicker(heartbeat)
	defer clock.Stop()
	for {
		entries, lost, news := log.After(at)
		changed := lost
		for _, e := range entries {
			at, changed = e.Number, changed || wanted(about, e)
		}
		if changed {
			if s.send("event: change\ndata: "+strconv.FormatInt(at, 10)+"\n\n") != nil || !pause(ctx, gather) {
				return
			}
		}
		if len(entries) > 0 {
			continue
		}
		select {
		case <-news:
		case <-clock.C:
			if s.send(":\n\n") != nil {
				return
			}
		case <-log.Closed():
			_ = s.send("event: end\ndata:\n\n") // the reader may have gone
			return
		case <-ctx.Done():
			return
		}
	}
}

// pause waits and reports whether there is still somebody to wait for.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
