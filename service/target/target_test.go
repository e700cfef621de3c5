package target_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// echoes returns services that write down what they are asked.
func echoes(out *strings.Builder) []*service.Service {
	note := func(name string, request any) {
		out.WriteString(name + " " + servicetest.Mask(request.(value.Value).Compact()) + "\n")
	}
	start := func(_ context.Context, r *struct{ StateMachineArn, Input string }) (*struct{}, error) {
		note("StartExecution", value.OfStrings(r.StateMachineArn, r.Input))
		return &struct{}{}, nil
	}
	publish := func(_ context.Context, r *struct{ TopicArn, Message string }) (*struct{}, error) {
		note("Publish", value.OfStrings(r.TopicArn, r.Message))
		return &struct{}{}, nil
	}
	submit := func(_ context.Context, r *struct {
		JobName, JobQueue, JobDefinition string
		Parameters, ContainerOverrides   value.Value
	}) (*struct{}, error) {
		note("SubmitJob", value.OfItems([]value.Value{value.OfStrings(r.JobName, r.JobQueue, r.JobDefinition), orNull(r.Parameters), orNull(r.ContainerOverrides)}))
		return &struct{}{}, nil
	}
	stream := func(_ context.Context, r *struct{ LogGroupName, LogStreamName string }) (*struct{}, error) {
		note("CreateLogStream", value.OfStrings(r.LogGroupName, r.LogStreamName))
		return nil, fault.New(fault.Conflict, "it is there").WithCode("ResourceAlreadyExistsException")
	}
	put := func(_ context.Context, r *struct {
		LogGroupName, LogStreamName string
		LogEvents                   []struct {
			Message   string
			Timestamp *int64
		}
	}) (*struct{}, error) {
		note("PutLogEvents", value.OfStrings(r.LogGroupName, r.LogStreamName, r.LogEvents[0].Message))
		return &struct{}{}, nil
	}
	sql := func(name string) service.Behaviour {
		return service.Do(func(_ context.Context, r *struct {
			ClusterIdentifier, WorkgroupName, Database, SecretArn, Sql string
			Sqls                                                       []string
		}) (*struct{}, error) {
			note(name, value.OfStrings(r.ClusterIdentifier, r.WorkgroupName, r.Database, r.SecretArn, r.Sql, strings.Join(r.Sqls, ";")))
			return &struct{}{}, nil
		})
	}
	events := func(_ context.Context, r *struct{ Entries value.Value }) (*struct{}, error) {
		note("PutEvents", r.Entries)
		return &struct{}{}, nil
	}
	return []*service.Service{
		table("sfn", does("StartExecution", service.Do(start))), table("sns", does("Publish", service.Do(publish))),
		table("batch", does("SubmitJob", service.Do(submit))), table("eventbridge", does("PutEvents", service.Do(events))),
		table("cloudwatchlogs", does("CreateLogStream", service.Do(stream)), does("PutLogEvents", service.Do(put))),
		table("redshiftdata", does("ExecuteStatement", sql("ExecuteStatement")), does("BatchExecuteStatement", sql("BatchExecuteStatement"))),
	}
}

func table(name string, operations ...service.Operation) *service.Service {
	return &service.Service{Name: name, Operations: operations}
}

func does(operation string, b service.Behaviour) service.Operation {
	return service.Operation{Name: operation, Behaviour: b}
}

func orNull(v value.Value) value.Value {
	if v.IsZero() {
		return value.NullValue()
	}
	return v
}

// TestCalls shows which calls come of an invocation: the argument is the target, the input is parameters and input, one a line.
func TestCalls(t *testing.T) {
	datadriven.RunTest(t, "testdata/calls.txt", func(t *testing.T, d *datadriven.TestData) string {
		var out strings.Builder
		synctest.Test(t, func(t *testing.T) {
			c, err := target.Open(t.Context(), &servicetest.Records{}, target.Options{DeadLetter: func(l target.Letter) error {
				out.WriteString("dead: " + l.Reason.Error() + "\n")
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			c.Attach(echoes(&out)...)
			c.Start()
			parameters, input, _ := strings.Cut(d.Input, "\n")
			if err := c.Add(t.Context(), target.Invocation{
				ID: "0b2a8d3e-3f0c-4a9b-8f0d-7d1c1f6d2a53", From: "r", Input: input,
				Target: target.Target{ARN: d.CmdArgs[0].Key, Parameters: value.MustParse(parameters)},
			}); err != nil {
				t.Fatal(err)
			}
			c.Settle(t.Context())
			c.Close(t.Context())
		})
		return out.String()
	})
}

// A target that hangs is given up after its time, and holds up nobody else.
func TestHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := false
		hang := func(ctx context.Context, _ *struct{ TopicArn, Message string }) (*struct{}, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		start := func(context.Context, *struct{ StateMachineArn, Input string }) (*struct{}, error) {
			started = true
			return &struct{}{}, nil
		}
		c, err := target.Open(t.Context(), &servicetest.Records{}, target.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c.Attach(
			&service.Service{Name: "sns", Operations: []service.Operation{{Name: "Publish", Behaviour: service.Do(hang)}}},
			&service.Service{Name: "sfn", Operations: []service.Operation{{Name: "StartExecution", Behaviour: service.Do(start)}}},
		)
		c.Start()
		for i, arn := range []string{"arn:aws:sns:us-east-1:1:t", "arn:aws:states:us-east-1:1:stateMachine:m"} {
			if err := c.Add(t.Context(), target.Invocation{ID: string(rune('a' + i)), Target: target.Target{ARN: arn}}); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if !started {
			t.Error("the other target waits")
		}
		begin := time.Now()
		c.Close(t.Context())
		if waited := time.Since(begin); waited != 30*time.Second {
			t.Errorf("closed after %s", waited)
		}
	})
}

func TestDeadLetters(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "dead")
	letter := target.Letter{
		Invocation: target.Invocation{ID: "1", From: "rule", Target: target.Target{ARN: "machine", DeadLetter: "queue"}, Input: `{"a":1}`, Attempts: 3},
		Reason:     fault.New(fault.Unavailable, "busy"), Exhausted: "MaximumRetryAttempts",
	}
	if err := target.DeadLetters(folder)(letter); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(folder, "1.json"))
	want := `{"RULE_ARN":"rule","TARGET_ARN":"machine","DEAD_LETTER_ARN":"queue","ERROR_CODE":"unavailable","ERROR_MESSAGE":"busy",` +
		`"EXHAUSTED_RETRY_CONDITION":"MaximumRetryAttempts","RETRY_ATTEMPTS":"2","GIVEN_UP":"<time>","INPUT":"{\"a\":1}"}` + "\n"
	if masked := servicetest.Mask(string(got)); err != nil || masked != want {
		t.Errorf("got %v %s", err, masked)
	}
}
