package api_test

import (
	"bufio"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/service"
)

const one = "arn:aws:states:" + account + "execution:nightly:one"

// observed is an engine whose events go to a log, with one execution that succeeded.
func observed(t *testing.T) (*engine.Engine, *event.Log) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := event.NewLog(1 << 20)
	e := engine.Open(store, service.NewIntegrations(), engine.Options{Observe: func(r engine.Record, history []byte) {
		log.Add(event.Entry{Kind: event.Execution, Source: r.ARN, StateMachine: r.StateMachineARN, Items: history})
	}})
	t.Cleanup(func() {
		log.Close()
		e.Close()
		store.Close()
	})
	begin(t, e, "one")
	return e, log
}

func begin(t *testing.T, e *engine.Engine, name string) {
	t.Helper()
	record, err := e.Start(t.Context(), engine.StartRequest{
		StateMachineARN: nightly, Name: name, Definition: `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`,
	})
	if err == nil {
		_, err = e.Wait(t.Context(), record.ARN)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// listen opens a stream behind an event.
func listen(t *testing.T, s site, query, last string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/events"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// fields yields what follows a field's name, line by line.
func fields(body io.Reader, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for lines := bufio.NewScanner(body); lines.Scan(); {
			if text, ok := strings.CutPrefix(lines.Text(), name+": "); ok && !yield(text) {
				return
			}
		}
	}
}

// take returns the next n values of a field.
func take(t *testing.T, next func() (string, bool), n int) []string {
	t.Helper()
	var got []string
	for range n {
		text, ok := next()
		if !ok {
			t.Fatalf("the stream ended behind %q", got)
		}
		got = append(got, text)
	}
	return got
}

func TestEventsOfExecution(t *testing.T) {
	e, log := observed(t)
	s := open(t, api.Options{Events: api.Events{Log: log, Executions: e}})
	for _, c := range []struct{ query, last, want string }{
		{"?execution=" + one, "", "1 2 3 4"},
		{"?execution=" + one, "2", "3 4"},
		{"?execution=" + one, "of another stream", "1 2 3 4"},
		{"?execution=" + one + "&type=ExecutionSucceeded,ExecutionFailed", "", "4"},
	} {
		text, err := io.ReadAll(listen(t, s, c.query, c.last).Body)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for id := range fields(strings.NewReader(string(text)), "id") {
			ids = append(ids, id)
		}
		if got := strings.Join(ids, " "); got != c.want || !strings.HasSuffix(string(text), "event: end\ndata: {}\n\n") {
			t.Errorf("%s behind %q: events %s, want %s\n%s", c.query, c.last, got, c.want, text)
		}
	}
	if got := listen(t, s, "?execution="+one, "4").StatusCode; got != http.StatusNoContent {
		t.Errorf("behind the last event: status %d", got)
	}
}

func TestEventsLive(t *testing.T) {
	e, log := observed(t)
	s := open(t, api.Options{Events: api.Events{Log: log, Executions: e}})
	next, stop := iter.Pull(fields(listen(t, s, "?stateMachine="+nightly, "").Body, "id"))
	defer stop()
	other, stopOther := iter.Pull(fields(listen(t, s, "?type=statement", "").Body, "data"))
	defer stopOther()

	// Only what happens from now on.
	begin(t, e, "two")
	ids := take(t, next, 4)
	log.Add(event.Entry{Kind: event.Statement, Source: "q", Items: []byte(`[{"type":"StatementFinished","id":"q"}]`)})
	if got := take(t, other, 1)[0]; got != `{"type":"StatementFinished","id":"q"}` {
		t.Errorf("the statement's event is %s", got)
	}

	// In the middle of what one commit wrote; an execution before it, and one behind.
	begin(t, e, "three")
	again, stopAgain := iter.Pull(fields(listen(t, s, "?stateMachine="+nightly, ids[1]).Body, "id"))
	defer stopAgain()
	if got := take(t, again, 2); got[0] != ids[2] || got[1] != ids[3] {
		t.Errorf("behind %s come %s, want %s", ids[1], got, ids[2:])
	}
	take(t, again, 4)
}

func TestEventsLost(t *testing.T) {
	e, log := observed(t)
	s := open(t, api.Options{Events: api.Events{Log: log, Executions: e}})
	// An earlier server's: all of this server's events are new to the listener, who is told that there may be others.
	next, stop := iter.Pull(fields(listen(t, s, "", "abc-7-1").Body, "event"))
	defer stop()
	if got := strings.Join(take(t, next, 5), " "); got != "lost execution execution execution execution" {
		t.Errorf("events %s", got)
	}
}

// The end of the server ends the streams.
func TestEventsClosed(t *testing.T) {
	e, log := observed(t)
	s := open(t, api.Options{Events: api.Events{Log: log, Executions: e}})
	response := listen(t, s, "", "")
	log.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Error(err)
	}
}

func TestEventsRefused(t *testing.T) {
	e, log := observed(t)
	events := api.Events{Log: log, Executions: e}
	s, locked := open(t, api.Options{Events: events}), open(t, api.Options{Events: events, Keys: []api.Key{reader}})
	for _, c := range []struct {
		site  site
		query string
		want  string
	}{
		{s, "?from=1", `400 {"__type":"ValidationException","message":"/events knows no parameter \"from\"; there are execution, stateMachine and type"}`},
		{s, "?execution=none", `404 {"__type":"ExecutionDoesNotExist","message":"Execution Does Not Exist: 'none'"}`},
		{locked, "", `403 {"__type":"MissingAuthenticationTokenException","message":"Request is missing Authentication Token"}`},
	} {
		response := listen(t, c.site, c.query, "")
		body, err := io.ReadAll(response.Body)
		if got := response.Status[:4] + string(body); err != nil || got != c.want {
			t.Errorf("%s: %s, want %s", c.query, got, c.want)
		}
	}
}

// slow is a client that reads nothing any more: what is written to it fails, as it does behind a deadline.
type slow struct {
	http.ResponseWriter
	header http.Header
	writes int
}

func (s *slow) Header() http.Header { return s.header }
func (s *slow) Flush()              {}

func (s *slow) Write(p []byte) (int, error) {
	if s.writes++; s.writes > 1 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// A client that left without a word is found out by the heartbeat.
func TestEventsHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := event.NewLog(1000)
		handler := api.New(api.Options{Events: api.Events{Log: log}})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/events", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		s := &slow{header: http.Header{}}
		handler.ServeHTTP(s, r) // returns
		if s.writes != 2 {
			t.Errorf("%d writes", s.writes)
		}
	})
}
