package states_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

// TestState answers as it was recorded on AWS.
func TestConformanceTestState(t *testing.T) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	tally := conformance.NewTally(t, "asl/teststate", "testdata/teststate.misses.txt")
	for _, c := range conformance.Cases(t, "teststate") {
		steps, _ := c.Raw.Get("steps")
		s, err := states.Open(t.Context(), store, states.Place{Region: c.Region, Account: c.AccountID})
		if err != nil {
			t.Fatal(err)
		}
		resources, _ := c.Raw.Get("resources")
		functions, _ := resources.Get("lambda")
		s.RunTests(recorded{functions})
		q := &sequence{nil, s.Table(), c.NewMatcher(), make([]value.Value, steps.Len()), true}
		var differences []string
		for i, step := range steps.Items() {
			differences = append(differences, q.step(t, i, step)...)
		}
		tally.Record(c.Source, c.ID, differences)
	}
	tally.Close(t)
}

// recorded plays the functions of a case.
type recorded struct{ functions value.Value }

func (recorded) Refuse(machine.ScheduleTask) (string, bool) { return "", false }

func (r recorded) Run(_ context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	resource, err := arn.Parse(task.Resource)
	if err == nil && resource.Service == "lambda" {
		return r.call(strings.TrimPrefix(resource.Resource, "function:"), task.Parameters)
	}
	name, _ := task.Parameters.Get("FunctionName")
	payload, ok := task.Parameters.Get("Payload")
	if !ok || payload.IsNull() {
		payload = value.EmptyObject()
	}
	answer, failed := r.call(name.Str(), payload)
	if failed != nil {
		return answer, failed
	}
	return invoked(value.MustParse(answer.Compact())), nil
}

func (r recorded) call(name string, event value.Value) (value.Value, *engine.TaskError) {
	function, ok := r.functions.Get(name)
	if !ok {
		return failure("Lambda.ResourceNotFoundException", "Function not found: "+name)
	}
	switch raw := text(function, "rawPayload"); text(function, "kind") {
	case "echo":
		return event, nil
	case "constant":
		return value.MustParse(raw), nil
	case "raise":
		return failure(text(value.MustParse(raw), "errorType"), raw)
	}
	return failure("States.Runtime", "the test does not play this function")
}

func failure(name, cause string) (value.Value, *engine.TaskError) {
	return value.Value{}, &engine.TaskError{Error: &name, Cause: &cause}
}

// invoked is what lambda:invoke makes of a function's answer. What differs from call to call is in the recording as its own name.
func invoked(payload value.Value) value.Value {
	length := strconv.Itoa(len(payload.Text()))
	headers := []value.Member{
		{Key: "X-Amz-Executed-Version", Value: value.OfString("$LATEST")}, {Key: "x-amzn-Remapped-Content-Length", Value: value.OfString("0")},
		{Key: "Connection", Value: value.OfString("keep-alive")}, {Key: "x-amzn-RequestId", Value: value.OfString("x-amzn-RequestId")},
		{Key: "Content-Length", Value: value.OfString(length)}, {Key: "Date", Value: value.OfString("date")},
		{Key: "X-Amzn-Trace-Id", Value: value.OfString("X-Amzn-Trace-Id")}, {Key: "Content-Type", Value: value.OfString("application/json")},
	}
	all := make([]value.Member, len(headers))
	for i, h := range headers {
		all[i] = value.Member{Key: h.Key, Value: value.OfItems([]value.Value{h.Value})}
	}
	http := value.EmptyObject().With("AllHttpHeaders", value.OfMembers(all...)).
		With("HttpHeaders", value.OfMembers(headers...)).With("HttpStatusCode", value.OfInt(200))
	request := value.EmptyObject().With("RequestId", value.OfString("RequestId"))
	return value.EmptyObject().With("ExecutedVersion", value.OfString("$LATEST")).With("Payload", payload).
		With("SdkHttpMetadata", http).With("SdkResponseMetadata", request).With("StatusCode", value.OfInt(200))
}
