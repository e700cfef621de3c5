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
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
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

// calling tells of a call over HTTP.
type calling struct{ recorded }

func (calling) Run(ctx context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	service.TellExchange(ctx, func() service.Exchange {
		return service.Exchange{Request: service.Message{Method: "GET"}, Response: &service.Message{StatusCode: "200"}}
	})
	return task.Parameters, nil
}

// At the level TRACE the answer has what an HTTP task has sent and got.
func TestTrace(t *testing.T) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s, err := states.Open(t.Context(), store, states.Place{Region: "us-east-1", Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	s.RunTests(calling{})
	tasks := service.NewIntegrations(s.Table())
	for level, want := range map[string]string{"DEBUG": "", "TRACE": `"Request":{"Method":"GET"},"Response":{"StatusCode":"200"}`} {
		task, err := servicetest.Task("arn:aws:states:::aws-sdk:sfn:testState", `{"RoleArn": "r", "InspectionLevel": "`+level+`",
			"Definition": "{\"Type\": \"Task\", \"Resource\": \"arn:aws:states:::http:invoke\", \"End\": true}"}`, 1)
		if err != nil {
			t.Fatal(err)
		}
		output, failed := tasks.Run(t.Context(), task, nil)
		if failed != nil {
			t.Fatal(*failed.Cause)
		}
		if got := output.Compact(); !strings.Contains(got, want) || strings.Contains(got, "Request") != (want != "") {
			t.Errorf("%s: %s", level, got)
		}
	}
}

// recorded plays the functions of a case.
type recorded struct{ functions value.Value }

func (recorded) Refuse(machine.ScheduleTask) (string, bool) { return "", false }

func (r recorded) Run(_ context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	resource, err := arn.Parse(task.Resource)
	if err == nil && resource.Service == "lambda" {
		return r.call(strings.TrimPrefix(resource.Resource, "function:"), task.Parameters)
	}
	if resource.Resource == "dynamodb:putItem" {
		return exchange("application/x-amz-json-1.0", len("{}"), "Server", "Server", "x-amz-crc32", "x-amz-crc32"), nil
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

// invoked is what lambda:invoke makes of a function's answer.
func invoked(payload value.Value) value.Value {
	const latest = "$LATEST"
	answer := exchange("application/json", len(payload.Text()), "X-Amz-Executed-Version", latest,
		"x-amzn-Remapped-Content-Length", "0", "X-Amzn-Trace-Id", "X-Amzn-Trace-Id")
	return answer.With("ExecutedVersion", value.OfString(latest)).With("Payload", payload).With("StatusCode", value.OfInt(200))
}

// exchange is what optimized integrations tell about the HTTP exchange. What differs from call to call is in the recording as its own
// name.
func exchange(contentType string, length int, more ...string) value.Value {
	texts := append([]string{"Connection", "keep-alive", "x-amzn-RequestId", "x-amzn-RequestId", "Content-Length", strconv.Itoa(length),
		"Date", "date", "Content-Type", contentType}, more...)
	var all, single []value.Member
	for i := 0; i < len(texts); i += 2 {
		all = append(all, value.Member{Key: texts[i], Value: value.OfStrings(texts[i+1])})
		single = append(single, value.Member{Key: texts[i], Value: value.OfString(texts[i+1])})
	}
	http := value.EmptyObject().With("AllHttpHeaders", value.OfMembers(all...)).
		With("HttpHeaders", value.OfMembers(single...)).With("HttpStatusCode", value.OfInt(200))
	request := value.EmptyObject().With("RequestId", value.OfString("RequestId"))
	return value.EmptyObject().With("SdkHttpMetadata", http).With("SdkResponseMetadata", request)
}
