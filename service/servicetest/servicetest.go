// Package servicetest runs traces against services as a state machine sees them. It is for the tests of the packages under
// service: text in, everything observable out.
//
//	run arn:aws:states:::aws-sdk:s3:getObject
//	{"Bucket": "b", "Key": "k"}
//	----
//	{"Body":"…"}
package servicetest

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// Command is an additional command of a trace.
type Command func(t *testing.T, d *datadriven.TestData) string

// Task makes a task of an execution.
func Task(resource, parameters string, id int64) (engine.Task, error) {
	v, err := value.Parse(parameters)
	return engine.Task{
		ScheduleTask: machine.ScheduleTask{Task: machine.TaskID(id), State: "State", Resource: resource, Parameters: v},
		Execution:    machine.Execution{ARN: "arn:aws:states:us-east-1:123456789012:execution:test:1"},
	}, err
}

// Trace runs a file of commands. The command run carries out a task; its argument task=N gives it the number of an earlier
// one, which it repeats then. In its input, $name stands for what the command let has kept.
func Trace(t *testing.T, path string, tables []*service.Service, more map[string]Command) {
	tracer := &tracer{tasks: service.NewIntegrations(tables...), kept: map[string]string{}}
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		switch d.Cmd {
		case "run":
			return tracer.run(t, d)
		case "resolve":
			return tracer.resolve(d)
		}
		command, ok := more[d.Cmd]
		if !ok {
			d.Fatalf(t, "unknown command %s", d.Cmd)
		}
		d.Input = tracer.fill(d.Input)
		return command(t, d)
	})
}

type tracer struct {
	tasks *service.Integrations
	count int64
	kept  map[string]string
}

func (r *tracer) fill(text string) string {
	// The longest name first, so that $id does not spoil $id2.
	names := slices.SortedFunc(maps.Keys(r.kept), func(a, b string) int { return len(b) - len(a) })
	for _, name := range names {
		text = strings.ReplaceAll(text, "$"+name, r.kept[name])
	}
	return text
}

// run carries out a task. The argument let=NAME keeps the answer's Id or ExecutionArn, keep=MEMBER another member of it.
func (r *tracer) run(t *testing.T, d *datadriven.TestData) string {
	r.count++
	id, name, member := r.count, "", ""
	d.MaybeScanArgs(t, "task", &id)
	d.MaybeScanArgs(t, "let", &name)
	d.MaybeScanArgs(t, "keep", &member)
	task, err := Task(d.CmdArgs[0].Key, r.fill(d.Input), id)
	if err != nil {
		return err.Error() + "\n"
	}
	var out strings.Builder
	answer, failure := r.tasks.Run(t.Context(), task, func(first value.Value) {
		fmt.Fprintf(&out, "submitted %s\n", Mask(first.Compact()))
	})
	if failure != nil {
		fmt.Fprintf(&out, "%s %s\n%s\n", phases[failure.Phase], text(failure.Error), Mask(text(failure.Cause)))
		return out.String()
	}
	for _, key := range []string{"Id", "ExecutionArn", member} {
		if kept, ok := answer.Get(key); ok && name != "" {
			r.kept[name] = kept.Str()
		}
	}
	fmt.Fprintln(&out, Mask(answer.Compact()))
	return out.String()
}

var phases = map[machine.FailurePhase]string{machine.Running: "failed", machine.Starting: "not started", machine.Submitting: "not submitted"}

func text(s *string) string {
	if s == nil {
		return "(none)"
	}
	return *s
}

func (r *tracer) resolve(d *datadriven.TestData) string {
	var out strings.Builder
	for line := range strings.Lines(d.Input) {
		if err := r.tasks.Resolve(strings.TrimSpace(line)); err != nil {
			fmt.Fprintf(&out, "%v\n", err)
			continue
		}
		fmt.Fprintln(&out, "ok")
	}
	return out.String()
}

var masks = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "<uuid>"},
	{regexp.MustCompile(`(/default/|_Batch_<uuid>/)[0-9a-f]{32}`), "$1<task>"},
	{regexp.MustCompile(`Request ID: [A-Z0-9]{16}`), "Request ID: <id>"},
	{regexp.MustCompile(`Extended Request ID: [A-Za-z0-9+/=]+`), "Extended Request ID: <id>"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+0000)`), "<time>"},
	{regexp.MustCompile(`\b1\d{12}\b`), "<millis>"},
	{regexp.MustCompile(`[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT`), "<date>"},
	{regexp.MustCompile(`"Content-Length":(\["\d+"\]|"\d+")`), `"Content-Length":<length>`},
	{regexp.MustCompile(`"Duration":\d+`), `"Duration":<nanoseconds>`},
	{regexp.MustCompile(`"RedshiftPid":\d+`), `"RedshiftPid":<number>`},
	{regexp.MustCompile(`"RedshiftQueryId":[1-9]\d*`), `"RedshiftQueryId":<number>`},
	{regexp.MustCompile(`"NextToken":"[^"]+"`), `"NextToken":<token>`},
	{regexp.MustCompile(`"(AccessKeyId|SecretAccessKey|SessionToken|DbPassword)":"[^"]+"`), `"$1":<secret>`},
	{regexp.MustCompile(`[^"\\ (]*/functions/(\w+)/[0-9a-f]{16}`), "<$1>"},
	{regexp.MustCompile(`(:secret:[^"]*-)[A-Za-z0-9]{6}"`), `$1<suffix>"`},
}

// Mask replaces what differs from run to run.
func Mask(text string) string {
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.by)
	}
	return text
}

// Records keeps records in memory.
type Records struct {
	mu    sync.Mutex
	kinds map[string]map[string][]byte
	// Fail, if set, is the error of every Put.
	Fail error
}

// Put keeps a record.
func (r *Records) Put(_ context.Context, kind, id string, body []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Fail != nil {
		return r.Fail
	}
	if r.kinds == nil {
		r.kinds = map[string]map[string][]byte{}
	}
	if r.kinds[kind] == nil {
		r.kinds[kind] = map[string][]byte{}
	}
	r.kinds[kind][id] = body
	return nil
}

// Get returns a record.
func (r *Records) Get(_ context.Context, kind, id string) ([]byte, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, ok := r.kinds[kind][id]
	return body, ok, nil
}

// List visits the records of a kind.
func (r *Records) List(_ context.Context, kind string, visit func(id string, body []byte) error) error {
	r.mu.Lock()
	all := maps.Clone(r.kinds[kind])
	r.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if err := visit(id, all[id]); err != nil {
			return err
		}
	}
	return nil
}

// Delete removes a record.
func (r *Records) Delete(_ context.Context, kind, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kinds[kind], id)
	return nil
}

// Call runs an operation with a JSON request and returns its answer; an error ends the test.
func Call(t *testing.T, table *service.Service, operation, request string) value.Value {
	t.Helper()
	row, ok := table.Operation(operation)
	if !ok {
		t.Fatalf("%s has no %s", table.Name, operation)
	}
	answer, err := table.CallJSON(t.Context(), row, value.MustParse(request))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
