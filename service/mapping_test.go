package service_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// everything has a member of every kind.
type everything struct {
	Text    string `aws:"required,min=2,max=4" pattern:"[a-z]*"`
	Choice  string `enum:"one|two"`
	Json    string `aws:"json"`
	Always  string `aws:"always"`
	Token   string `aws:"token"`
	Flag    bool
	Maybe   *bool
	Count   int64  `aws:"min=0,max=10"`
	Limit   *int64 `aws:"min=1"`
	When    time.Time
	Data    []byte
	List    []nested `aws:"min=1"`
	Names   map[string]string
	Value   value.Value
	Content []byte `aws:"stream"`
}

type nested struct {
	Name string `aws:"required"`
	Deep *nested
}

// echo answers with what it was asked.
func echo(_ context.Context, r *everything) (*everything, error) { return r, nil }

func fail(_ context.Context, r *everything) (*everything, error) {
	switch r.Text {
	case "gone":
		return nil, fault.New(fault.NotFound, "It is gone").WithCode("Gone")
	case "odd":
		return nil, fault.New(fault.Throttled, "Not so fast").WithCode("Undeclared")
	case "none":
		return nil, fault.New(fault.Unsupported, "the thing is not supported")
	}
	return nil, errors.New("broken inside")
}

var fake = &service.Service{
	Name: "fake", SDK: "Fake",
	Optimized: &service.Optimized{Name: "fake", Errors: "Fk", Client: "AmazonFake"},
	Protocol:  service.Protocol{ContentType: "text/plain"},
	Errors:    []service.Error{{Code: "Gone", Status: 410}},
	Operations: []service.Operation{
		{Name: "Echo", Behaviour: service.Do(echo)},
		{Name: "Fail", Behaviour: service.Do(fail), Optimized: true},
		{Name: "Work", Behaviour: service.Do(echo), Optimized: true, Job: &service.Job{
			Await: func(_ context.Context, answer value.Value) (any, error) {
				text, _ := answer.Get("Text")
				if text.Str() == "bad" {
					return nil, &service.Failed{Result: &nested{Name: "it went wrong"}}
				}
				return &nested{Name: `{"parsed": true}`}, nil
			},
			Parsed: []string{"Name"},
		}},
	},
}

func TestMapping(t *testing.T) {
	datadriven.Walk(t, "testdata/integration", func(t *testing.T, path string) {
		servicetest.Trace(t, path, []*service.Service{fake}, nil)
	})
}

// A .sync task whose first half was answered before a restart is only awaited.
func TestSubmittedOnce(t *testing.T) {
	task, err := servicetest.Task("arn:aws:states:::fake:work.sync", `{}`, 1) // these parameters would be refused
	if err != nil {
		t.Fatal(err)
	}
	task.Submitted = value.MustParse(`{"Text": "ok"}`)
	answer, failure := service.NewIntegrations(fake).Run(t.Context(), task, func(value.Value) { t.Error("submitted again") })
	if failure != nil || answer.Compact() != `{"Name":"{\"parsed\": true}"}` {
		t.Errorf("got %s, %+v", answer, failure)
	}
}

// A job that nobody waits for any more is cancelled, unless the engine closes.
func TestCancel(t *testing.T) {
	for reason, want := range map[error]bool{
		context.Canceled: true,
		fault.New(fault.Unavailable, "the engine is closed"): false,
	} {
		cancelled := false
		s := *fake
		s.Operations = []service.Operation{{Name: "Work", Behaviour: service.Do(echo), Optimized: true, Job: &service.Job{
			Await: func(ctx context.Context, _ value.Value) (any, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			},
			Cancel: func(ctx context.Context, _ value.Value) error {
				cancelled = true
				return ctx.Err()
			},
		}}}
		ctx, end := context.WithCancelCause(t.Context())
		task, err := servicetest.Task("arn:aws:states:::fake:work.sync", `{"Text": "ok"}`, 1)
		if err != nil {
			t.Fatal(err)
		}
		_, failure := service.NewIntegrations(&s).Run(ctx, task, func(value.Value) { end(reason) })
		if cancelled != want || failure != nil {
			t.Errorf("%v: cancelled is %t, failure %+v", reason, cancelled, failure)
		}
	}
}

// A job that is being submitted when nobody waits for it any more is submitted, so that it can be cancelled.
func TestCancelWhileSubmitting(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	cancelled := false
	s := *fake
	submit := func(ctx context.Context, r *everything) (*everything, error) {
		end()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return echo(ctx, r)
	}
	s.Operations = []service.Operation{{Name: "Work", Behaviour: service.Do(submit), Optimized: true, Job: &service.Job{
		Await: func(ctx context.Context, _ value.Value) (any, error) { return nil, ctx.Err() },
		Cancel: func(_ context.Context, answer value.Value) error {
			_, cancelled = answer.Get("Text")
			return nil
		},
	}}}
	task, err := servicetest.Task("arn:aws:states:::fake:work.sync", `{"Text": "ok"}`, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, failure := service.NewIntegrations(&s).Run(ctx, task, func(value.Value) {}); !cancelled || failure != nil {
		t.Errorf("cancelled is %t, failure %+v", cancelled, failure)
	}
}

// The place of a task with a token is held until nobody wants it.
func TestWaitForTaskToken(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	task, err := servicetest.Task("arn:aws:states:::aws-sdk:fake:echo.waitForTaskToken", `{"Text": "ok"}`, 1)
	if err != nil {
		t.Fatal(err)
	}
	var first string
	var tasks engine.Tasks = service.NewIntegrations(fake)
	answer, failure := tasks.Run(ctx, task, func(v value.Value) {
		first = v.Compact()
		end()
	})
	if failure != nil || !answer.IsZero() || !strings.Contains(first, `"Text":"ok"`) {
		t.Errorf("submitted %s, then %s, %+v", first, answer, failure)
	}
}

// Another attempt and another execution have tokens of their own; the same task has the same.
func TestTokens(t *testing.T) {
	token := func(execution string, id int64) string {
		task, err := servicetest.Task("arn:aws:states:::aws-sdk:fake:echo", `{"Text": "ok"}`, id)
		if err != nil {
			t.Fatal(err)
		}
		task.Execution.ARN = execution
		answer, failure := service.NewIntegrations(fake).Run(t.Context(), task, nil)
		if failure != nil {
			t.Fatal(*failure.Cause)
		}
		made, _ := answer.Get("Token")
		return made.Str()
	}
	first := token("a", 1)
	if first == "" || token("a", 1) != first || token("a", 2) == first || token("b", 1) == first {
		t.Errorf("tokens of one task, another task and another execution: %s, %s, %s, %s", first, token("a", 1), token("a", 2), token("b", 1))
	}
}
