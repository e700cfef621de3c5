package cli

import (
	"bufio"
	"context"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/value"
)

// executions is what commands need of the engine, or of the server that has it.
type executions interface {
	Describe(ctx context.Context, arn string) (engine.Record, error)
	Stop(ctx context.Context, arn string, errorName, cause *string) (engine.Record, error)
	Redrive(ctx context.Context, arn, token string) (engine.Record, error)
	Watch(ctx context.Context, arn string, after int64) iter.Seq2[machine.HistoryEvent, error]
}

// Describe returns what the server knows about an execution.
func (r *remote) Describe(ctx context.Context, executionARN string) (engine.Record, error) {
	d, err := r.call(ctx, "DescribeExecution", named("executionArn", executionARN))
	if err != nil {
		return engine.Record{}, err
	}
	record := engine.Record{
		Execution: machine.Execution{
			ARN: orEmpty(textIn(d, "executionArn")), Name: orEmpty(textIn(d, "name")), StateMachineARN: orEmpty(textIn(d, "stateMachineArn")),
			StartTime: momentIn(d, "startDate"),
		},
		Status: machine.Status(orEmpty(textIn(d, "status"))), StopTime: momentIn(d, "stopDate"), Error: textIn(d, "error"), Cause: textIn(d, "cause"),
	}
	of, err := arn.Parse(record.StateMachineARN)
	if err != nil {
		return record, err
	}
	record.StateMachineName = strings.TrimPrefix(of.Resource, "stateMachine:")
	if record.Input, err = payloadIn(d, "input"); err == nil {
		record.Output, err = payloadIn(d, "output")
	}
	return record, err
}

func payloadIn(v value.Value, name string) (value.Value, error) {
	text := textIn(v, name)
	if text == nil {
		return value.Value{}, nil
	}
	return value.Parse(*text)
}

// Stop aborts an execution.
func (r *remote) Stop(ctx context.Context, executionARN string, errorName, cause *string) (engine.Record, error) {
	members := []value.Member{named("executionArn", executionARN)}
	if errorName != nil {
		members = append(members, named("error", *errorName))
	}
	if cause != nil {
		members = append(members, named("cause", *cause))
	}
	if _, err := r.call(ctx, "StopExecution", members...); err != nil {
		return engine.Record{}, err
	}
	return r.Describe(ctx, executionARN)
}

// Redrive lets an execution go on from where it ended.
func (r *remote) Redrive(ctx context.Context, executionARN, token string) (engine.Record, error) {
	members := []value.Member{named("executionArn", executionARN)}
	if token != "" {
		members = append(members, named("clientToken", token))
	}
	if _, err := r.call(ctx, "RedriveExecution", members...); err != nil {
		return engine.Record{}, err
	}
	return r.Describe(ctx, executionARN)
}

// start begins an execution of a state machine that the server has in the same form.
func (r *remote) start(ctx context.Context, m project.Machine, name, input string) (engine.Record, error) {
	there, err := r.call(ctx, "DescribeStateMachine", named("stateMachineArn", m.ARN))
	if err != nil {
		return engine.Record{}, err
	}
	if orEmpty(textIn(there, "definition")) != m.Definition {
		return engine.Record{}, fault.New(fault.Conflict, "the server on %s runs another definition of %s: start it again, so that it reads yours", r.url, m.Name)
	}
	members := []value.Member{named("stateMachineArn", m.ARN), named("input", input)}
	if name != "" {
		members = append(members, named("name", name))
	}
	started, err := r.call(ctx, "StartExecution", members...)
	if err != nil {
		return engine.Record{}, err
	}
	return r.Describe(ctx, orEmpty(textIn(started, "executionArn")))
}

// open returns the newest execution of a state machine that runs.
func (r *remote) open(ctx context.Context, m project.Machine) (engine.Record, error) {
	answer, err := r.call(ctx, "ListExecutions", named("stateMachineArn", m.ARN), named("statusFilter", string(machine.RunningStatus)))
	if err != nil {
		return engine.Record{}, err
	}
	list, _ := answer.Get("executions")
	if list.Len() == 0 {
		return engine.Record{}, fault.New(fault.NotFound, "no unfinished execution of %s to resume", m.Name)
	}
	return r.Describe(ctx, orEmpty(textIn(list.Items()[0], "executionArn")))
}

// Watch yields the history of an execution as the server's event stream has it.
func (r *remote) Watch(ctx context.Context, executionARN string, after int64) iter.Seq2[machine.HistoryEvent, error] {
	return func(yield func(machine.HistoryEvent, error) bool) {
		response, err := r.send(ctx, http.MethodGet, "/events?execution="+url.QueryEscape(executionARN),
			map[string]string{"Last-Event-ID": strconv.FormatInt(after, 10)}, nil)
		if err != nil {
			yield(machine.HistoryEvent{}, err)
			return
		}
		defer response.Body.Close()
		if response.StatusCode == http.StatusNoContent {
			return
		}
		for name, data := range serverSent(response.Body) {
			if name == "end" {
				return
			}
			if event, err := historyIn(name, data); !yield(event, err) || err != nil {
				return
			}
		}
		err = ctx.Err()
		if err == nil {
			err = r.gone(io.ErrUnexpectedEOF)
		}
		yield(machine.HistoryEvent{}, err)
	}
}

// serverSent yields the names and data of server-sent events.
func serverSent(body io.Reader) iter.Seq2[string, string] {
	return func(yield func(name, data string) bool) {
		lines := bufio.NewReader(body)
		name := ""
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			field, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
			switch field {
			case "event":
				name = text
			case "data":
				if !yield(name, text) {
					return
				}
			}
		}
	}
}

func historyIn(name, data string) (machine.HistoryEvent, error) {
	v, err := value.Parse(data)
	if err != nil {
		return machine.HistoryEvent{}, err
	}
	if name == "error" {
		return machine.HistoryEvent{}, fault.New(fault.Unavailable, "%s", orEmpty(textIn(v, "message")))
	}
	event, _ := v.Get("event")
	return machine.HistoryEventOf(event)
}
