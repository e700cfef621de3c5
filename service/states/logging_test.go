package states_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

// The log records of executions, and the answers of synchronous Express executions, are those that AWS recorded.
func TestConformanceLogs(t *testing.T) {
	tally := conformance.NewTally(t, "asl/execution/logs", "testdata/logs.misses.txt")
	for _, c := range conformance.Cases(t, "execution") {
		configured, _ := c.Raw.Get("loggingConfiguration")
		_, sync := c.Expected.Get("startSyncExecutionResponse")
		if c.Needs[0] != "none" || configured.IsZero() && !sync {
			continue
		}
		w := watch(t, c)
		if sync {
			tally.Record(c.Source, c.ID, w.compareSync(c))
			continue
		}
		tally.Record(c.Source, c.ID, w.compareLines(c))
	}
	tally.Close(t)
}

// watched is a service whose logs are kept.
type watched struct {
	t       *testing.T
	engine  *engine.Engine
	service *states.Service
	table   *service.Service
	logging *states.Logging
	mu      sync.Mutex
	lines   []value.Value
}

func watch(t *testing.T, c *conformance.Case) *watched {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := states.Open(t.Context(), store, states.Place{Region: c.Region, Account: c.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{t: t, service: s, table: s.Table()}
	w.logging = s.Logs(w.write, func(err error) { t.Error(err) })
	w.engine = engine.Open(store, service.NewIntegrations(s.Table()), engine.Options{Observe: w.logging.Observe})
	s.Attach(w.engine)
	t.Cleanup(func() {
		w.engine.Close()
		w.logging.Close()
		store.Close()
	})
	return w
}

func (w *watched) write(_ context.Context, _, _ string, lines []states.LogLine) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, line := range lines {
		w.lines = append(w.lines, value.MustParse(line.Message))
	}
	return nil
}

func (w *watched) call(name string, members ...value.Member) value.Value {
	row, _ := w.table.Operation(name)
	answer, err := w.table.CallJSON(w.t.Context(), row, value.OfMembers(members...))
	if err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	return answer
}

// create makes the state machine of a case and returns what starts it.
func (w *watched) create(c *conformance.Case) []value.Member {
	members := []value.Member{
		{Key: "name", Value: value.OfString(c.StateMachineName)}, {Key: "definition", Value: value.OfString(c.Definition)},
		{Key: "roleArn", Value: value.OfString(c.RoleARN)}, {Key: "type", Value: value.OfString(c.Type)},
	}
	if configured, ok := c.Raw.Get("loggingConfiguration"); ok {
		members = append(members, value.Member{Key: "loggingConfiguration", Value: configured})
	}
	made := w.call("CreateStateMachine", members...)
	return []value.Member{
		{Key: "stateMachineArn", Value: value.OfString(text(made, "stateMachineArn"))}, {Key: "input", Value: value.OfString(c.Input)},
	}
}

func (w *watched) compareSync(c *conformance.Case) []string {
	want, _ := c.Expected.Get("startSyncExecutionResponse")
	return c.NewMatcher().Diff("response", want, w.call("StartSyncExecution", w.create(c)...))
}

func (w *watched) compareLines(c *conformance.Case) []string {
	started := w.call("StartExecution", w.create(c)...)
	if _, err := w.engine.Wait(w.t.Context(), text(started, "executionArn")); err != nil {
		w.t.Fatal(err)
	}
	w.logging.Close()
	m := c.NewMatcher()
	if last, ok := c.Expected.Get("lastLogEvent"); ok {
		return m.Diff("last", last, w.lines[len(w.lines)-1])
	}
	want, _ := c.Expected.Get("logEvents")
	if want.Len() != len(w.lines) {
		return []string{fmt.Sprintf("expected %d lines, got %d", want.Len(), len(w.lines))}
	}
	if want.Len() == 0 {
		return nil
	}
	return m.Diff("lines", want, value.OfItems(w.lines))
}
