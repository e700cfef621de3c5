package engine_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

const callback = `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish.waitForTaskToken",
	"Parameters": {"token.$": "$$.Task.Token"}, "End": true}}}`

// handOver gives the token away as soon as the task runs; the first half is done when the test says so.
func handOver(tokens chan<- string, accept <-chan struct{}) performer {
	return func(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
		tokens <- task.Token
		<-accept
		submitted(value.EmptyObject())
		<-ctx.Done()
		return value.Value{}, nil
	}
}

func types(t *testing.T, e *engine.Engine, arn string) string {
	t.Helper()
	events, err := e.History(t.Context(), arn, engine.Page{}, false)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, event := range events {
		names = append(names, event.Type)
	}
	return strings.Join(names, " ")
}

// Whoever answers with the token before the request that carried it is answered comes second in history.
func TestTokenAnswersEarly(t *testing.T) {
	tokens, accept := make(chan string, 1), make(chan struct{})
	e := openEngine(t, handOver(tokens, accept))
	record := start(t, e, request("early", callback))
	token := <-tokens
	done := make(chan error)
	go func() { done <- e.SucceedTask(t.Context(), token, value.OfInt(7)) }()
	if err := e.BeatTask(canceled(), token); err == nil {
		t.Error("a heartbeat whose caller has gone is said to be durable")
	}
	close(accept)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, e, record.ARN); got != "SUCCEEDED 7" {
		t.Error(got)
	}
	if got := types(t, e, record.ARN); !strings.Contains(got, "TaskStarted TaskSubmitted TaskSucceeded") {
		t.Error(got)
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// A holder that answers inside the request that gave it the token is not left hanging.
func TestTokenAnswersInside(t *testing.T) {
	var e *engine.Engine
	ready := make(chan struct{})
	e = openEngine(t, performer(func(_ context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
		<-ready
		name := "Refused"
		if err := e.FailTask(t.Context(), task.Token, &name, nil); err != nil {
			t.Error(err)
		}
		submitted(value.EmptyObject())
		return value.Value{}, nil
	}))
	close(ready)
	record := start(t, e, request("inside", callback))
	if got := outcome(t, e, record.ARN); got != "FAILED Refused" {
		t.Error(got)
	}
}

func TestTokensRefused(t *testing.T) {
	tokens, accept := make(chan string, 1), make(chan struct{})
	close(accept)
	e := openEngine(t, handOver(tokens, accept))
	record := start(t, e, request("stopped", callback))
	token := <-tokens
	if _, err := e.Stop(t.Context(), record.ARN, nil, nil); err != nil {
		t.Fatal(err)
	}
	for text, code := range map[string]string{
		"": "InvalidToken", "nonsense": "InvalidToken", token[1:]: "InvalidToken", token: "TaskTimedOut",
	} {
		if err := e.SucceedTask(t.Context(), text, value.NullValue()); fault.CodeOf(err) != code {
			t.Errorf("%q: %v", text, err)
		}
	}
	start(t, e, request("open", callback))
	token = <-tokens
	e.Close()
	if err := e.SucceedTask(t.Context(), token, value.NullValue()); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("after the engine's end: %v", err)
	}
}
