package machine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/value"
)

// TestConformance runs the executions that AWS recorded. Tasks answer as the recording says, or as the fake function of
// the case does where no history was recorded.
func TestConformance(t *testing.T) {
	outcome := conformance.NewTally(t, "asl/execution/outcome", "testdata/outcome-misses.txt")
	history := conformance.NewTally(t, "asl/execution/history", "testdata/history-misses.txt")
	for _, c := range conformance.Cases(t, "execution") {
		if !inScope(c) {
			continue
		}
		definition, err := asl.Parse(c.Definition, asl.Options{File: c.ID, Express: c.Type == "EXPRESS"})
		if err != nil {
			outcome.Record(c.Source, c.ID, []string{err.Error()})
			continue
		}
		s := simulate(definition, executionOf(t, c), newRecording(t, c).perform)
		s.run(t)
		s.checkReplay(t, c.ID)
		if !c.StillRunning {
			outcome.Record(c.Source, c.ID, c.CompareOutcome(s.outcome()))
		}
		if c.HasHistory() {
			history.Record(c.Source, c.ID, c.CompareHistory(s.events()))
		}
	}
	outcome.Close(t)
	history.Close(t)
}

// inScope reports whether the case stays within services that Stepwell has.
func inScope(c *conformance.Case) bool {
	return !slices.Contains(c.Needs, "apigateway")
}

func executionOf(t testing.TB, c *conformance.Case) machine.Execution {
	t.Helper()
	input := c.Input
	if c.InputOmitted || input == "" {
		input = "{}"
	}
	parsed, err := value.Parse(input)
	if err != nil {
		t.Fatalf("%s: input: %v", c.ID, err)
	}
	name := c.ExecutionName
	if name == "" {
		name = "5f1c1d2e-0000-4000-8000-000000000001"
	}
	base := "arn:aws:states:" + c.Region + ":" + c.AccountID + ":"
	x := machine.Execution{
		ARN: base + "execution:" + c.StateMachineName + ":" + name, Name: name, RoleARN: c.RoleARN,
		StateMachineARN: base + "stateMachine:" + c.StateMachineName, StateMachineName: c.StateMachineName,
		Region: c.Region, StartTime: epoch, Input: parsed,
	}
	if c.Type == "EXPRESS" {
		x.ARN = base + "express:" + c.StateMachineName + ":" + name + ":5f1c1d2e-0000-4000-8000-000000000002"
	}
	return x
}

func (s *simulation) outcome() conformance.Outcome {
	if s.end == nil {
		return conformance.Outcome{Status: string(s.machine.Status())}
	}
	out := conformance.Outcome{Status: string(s.end.Status), Error: s.end.Error, Cause: s.end.Cause}
	if !s.end.Output.IsZero() {
		out.Output = pointer(s.end.Output.Text())
	}
	return out
}

// recording answers the tasks of a case.
type recording struct {
	t         testing.TB
	buckets   value.Value
	replay    []value.Value
	used      []bool
	functions value.Value
	worker    string
}

func newRecording(t testing.TB, c *conformance.Case) *recording {
	replay := at(c.Resources, "replay").Items()
	return &recording{
		t: t, buckets: at(c.Resources, "s3"), replay: replay, used: make([]bool, len(replay)), functions: at(c.Resources, "lambda"),
		worker: find(at(c.Resources, "workers"), "WorkerName").Str(),
	}
}

// at follows keys into objects; what is not there is the zero Value.
func at(v value.Value, keys ...string) value.Value {
	for _, key := range keys {
		v, _ = v.Get(key)
	}
	return v
}

// find returns the first member of that name at any depth.
func find(v value.Value, key string) value.Value {
	for _, m := range v.Members() {
		if m.Key == key {
			return m.Value
		}
		if found := find(m.Value, key); !found.IsZero() {
			return found
		}
	}
	for _, item := range v.Items() {
		if found := find(item, key); !found.IsZero() {
			return found
		}
	}
	return value.Value{}
}

func (r *recording) perform(c machine.ScheduleTask) []reply {
	if c.Map != nil {
		return []reply{simulateRun(r.t, c, readItems(c.Map, r.buckets), r.perform)}
	}
	for i, entry := range r.replay {
		if !r.used[i] && at(entry, "state").Str() == c.State {
			r.used[i] = true
			return r.recorded(c, entry)
		}
	}
	return r.invoked(c)
}

func (r *recording) recorded(c machine.ScheduleTask, entry value.Value) []reply {
	var replies []reply
	if r.worker != "" {
		replies = append(replies, reply{0, machine.TaskStarted{Task: c.Task, Worker: r.worker}})
	}
	if submitted := at(entry, "submitted"); !submitted.IsZero() {
		replies = append(replies, reply{0, machine.TaskSubmitted{Task: c.Task, Output: parsed(at(submitted, "outputRaw"))}})
	}
	outcome := at(entry, "outcome")
	switch at(outcome, "kind").Str() {
	case "succeeded":
		replies = append(replies, reply{time.Second, machine.TaskSucceeded{Task: c.Task, Output: parsed(at(outcome, "outputRaw"))}})
	case "failed":
		replies = append(replies, reply{time.Second, machine.TaskFailed{
			Task: c.Task, Error: optional(at(outcome, "error")), Cause: optional(at(outcome, "causeRaw")),
		}})
	}
	return replies
}

// invoked answers a Lambda task as its fake function does.
func (r *recording) invoked(c machine.ScheduleTask) []reply {
	name, payload := at(c.Parameters, "FunctionName").Str(), at(c.Parameters, "Payload")
	direct := strings.Contains(c.Resource, ":function:")
	if direct {
		name, payload = c.Resource, c.Parameters
	}
	function := at(r.functions, name[strings.LastIndex(name, ":")+1:])
	result := parsed(at(function, "rawPayload"))
	switch at(function, "kind").Str() {
	case "raise":
		cause := result.Text()
		if !direct {
			cause = result.Compact()
		}
		return []reply{{0, machine.TaskFailed{Task: c.Task, Error: pointer(at(function, "errorType").Str()), Cause: &cause}}}
	case "echo":
		result = payload
	case "format":
		result = value.OfString("input-event-" + strings.ReplaceAll(payload.Compact(), `"`, "'"))
	}
	if !direct {
		result = invocation(result)
	}
	return []reply{{0, machine.TaskSucceeded{Task: c.Task, Output: result}}}
}

// invocation is what lambda:invoke answers with around the payload; "-" stands for what varies.
func invocation(payload value.Value) value.Value {
	frame := value.MustParse(fmt.Sprintf(`{"ExecutedVersion":"$LATEST","Payload":null,"SdkHttpMetadata":{
	"AllHttpHeaders":{"X-Amz-Executed-Version":["$LATEST"],"x-amzn-Remapped-Content-Length":["0"],"Connection":["keep-alive"],
		"x-amzn-RequestId":"-","Content-Length":["%[1]d"],"Date":"-","X-Amzn-Trace-Id":"-","Content-Type":["application/json"]},
	"HttpHeaders":{"Connection":"keep-alive","Content-Length":"%[1]d","Content-Type":"application/json","Date":"-",
		"X-Amz-Executed-Version":"$LATEST","x-amzn-Remapped-Content-Length":"0","x-amzn-RequestId":"-","X-Amzn-Trace-Id":"-"},
	"HttpStatusCode":200},"SdkResponseMetadata":{"RequestId":"-"},"StatusCode":200}`, len(payload.Compact())+separators(payload)))
	return frame.With("Payload", payload)
}

// separators counts the colons and commas of a value: Python, which answers here, puts a space behind each.
func separators(v value.Value) int {
	count := max(v.Len()-1, 0)
	for _, m := range v.Members() {
		count += 1 + separators(m.Value)
	}
	for _, item := range v.Items() {
		count += separators(item)
	}
	return count
}

func parsed(text value.Value) value.Value {
	v, err := value.Parse(text.Str())
	if err != nil {
		return value.NullValue()
	}
	return v
}

func optional(v value.Value) *string {
	if v.Kind() != value.String {
		return nil
	}
	return pointer(v.Str())
}
