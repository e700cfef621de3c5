package service

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/value"
)

// Integrations is the state machines' door to services: it carries out Task states by their Resource. It implements
// engine.Tasks.
type Integrations struct {
	sdk       map[string]*Service
	optimized map[string]*Service
	// activity carries out the tasks of activities; nil when no service does.
	activity func(ctx context.Context, task engine.Task) (value.Value, *engine.TaskError)
}

// NewIntegrations opens the tables to state machines.
func NewIntegrations(services ...*Service) *Integrations {
	i := &Integrations{sdk: map[string]*Service{}, optimized: map[string]*Service{}}
	for _, s := range services {
		if s.Protocol != (Protocol{}) {
			i.sdk[s.Name] = s
		}
		if s.Optimized != nil {
			i.optimized[s.Optimized.Name] = s
		}
		if s.Activity != nil {
			i.activity = s.Activity
		}
	}
	return i
}

// integration is a resource with the row that serves it.
type integration struct {
	resource
	table *Service
	row   *Operation
}

// Resolve says whether a Task's Resource can be carried out. Its faults are of kind Invalid, in Step Functions' words, for
// what AWS does not know, and of kind Unsupported, naming the feature, for what is only missing here.
func (i *Integrations) Resolve(resource string) error {
	if i.activity != nil && (machine.ScheduleTask{Resource: resource}).Activity() {
		return nil
	}
	_, err := i.resolve(resource)
	return err
}

func (i *Integrations) resolve(text string) (integration, error) {
	r, err := parseResource(text)
	if err != nil {
		return integration{}, err
	}
	tables := i.optimized
	if r.sdk {
		tables = i.sdk
	}
	table, ok := tables[r.service]
	if !ok {
		return integration{}, r.missing()
	}
	return r.row(table)
}

func (r resource) row(table *Service) (integration, error) {
	row, ok := table.Operation(r.operation())
	switch {
	case !r.sdk && (!ok || !row.Optimized):
		return integration{}, notRecognized(r.text)
	case !ok:
		return integration{}, unsupported("%s: the operation %s of %s is not supported; there are %s",
			r.text, r.action, r.service, actions(table))
	case r.pattern != requestResponse && table.Protocol == (Protocol{}):
		return integration{}, notRecognized(r.text)
	case r.pattern == runJob || r.pattern == runJobParsed:
		if r.sdk || row.Job == nil || r.pattern == runJobParsed && row.Job.Parsed == nil {
			return integration{}, notRecognized(r.text)
		}
	}
	return integration{r, table, row}, nil
}

func actions(table *Service) string {
	names := make([]string, len(table.Operations))
	for i, o := range table.Operations {
		names[i] = lowerFirst(o.Name)
	}
	return strings.Join(names, ", ")
}

func unsupported(format string, args ...any) error {
	return fault.New(fault.Unsupported, format, args...)
}

// Run carries out a task. A task without an answer after a crash is submitted again with the same idempotency token; one
// whose first half was answered is only awaited.
func (i *Integrations) Run(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	ctx = origin.With(ctx, origin.Origin{
		Execution: task.Execution.ARN, MapRun: task.MapRun, State: task.State, Task: task.Scheduled,
	})
	if i.activity != nil && task.Activity() {
		return i.activity(ctx, task)
	}
	c, err := i.resolve(task.Resource)
	if err != nil {
		return value.Value{}, taskError(machine.Starting, runtimeError, fault.MessageOf(err))
	}
	answer := task.Submitted
	if answer.IsZero() {
		answer, err = c.submit(c.patience(ctx), task)
		if err != nil {
			return value.Value{}, c.submitFailure(err, task)
		}
		if c.pattern == requestResponse {
			return answer, nil
		}
		submitted(answer)
	}
	if c.pattern == waitForTaskToken {
		// The token's holder ends the task through the engine; this side only holds the place.
		<-ctx.Done()
		return value.Value{}, nil
	}
	return c.await(ctx, answer)
}

// Refuse says why Step Functions would not call the service of a task: the parameters do not have the shape of its request.
// A Resource that cannot be resolved is Run's matter.
func (i *Integrations) Refuse(task machine.ScheduleTask) (reason string, refused bool) {
	if i.activity != nil && task.Activity() {
		return "", false
	}
	c, err := i.resolve(task.Resource)
	if err != nil {
		return "", false
	}
	if _, _, bad := c.row.read(c.request(task.Parameters), ""); bad != nil {
		return unusable(bad, task.Parameters), true
	}
	return "", false
}

// patience is the context of the first half. A job's submission is not called off: its answer tells what to cancel.
func (c integration) patience(ctx context.Context) context.Context {
	if c.row.Job == nil || c.pattern == requestResponse {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

func (c integration) submit(ctx context.Context, task engine.Task) (value.Value, error) {
	ctx = context.WithValue(ctx, executionKey{}, task.Execution.Name)
	response, err := c.row.Call(ctx, c.request(task.Parameters), token(task))
	if err == nil && !c.sdk && c.row.Adapted != nil {
		response, err = c.row.Adapted.Answer(response)
	}
	if err != nil {
		return value.Value{}, err
	}
	return c.print(response)
}

// request is what the operation is called with for a task's parameters.
func (c integration) request(parameters value.Value) value.Value {
	if c.function {
		parameters = value.OfMembers(
			value.Member{Key: "FunctionName", Value: value.OfString(c.text)}, value.Member{Key: "Payload", Value: parameters},
		)
	}
	if c.sdk || c.row.Adapted == nil || parameters.Kind() != value.Object {
		return parameters
	}
	return c.row.Adapted.Request(parameters)
}

// tokens is the name space of the idempotency tokens that the door makes.
var tokens = uuid.MustParse("5c1f64d0-31ad-4c5f-9d35-7a1f0a7b7f4e")

// token is the same for every try to carry out one task, so that a service can tell a repetition after a crash.
func token(task engine.Task) string {
	return uuid.NewSHA1(tokens, []byte(task.Execution.ARN+"\n"+strconv.FormatInt(int64(task.Task), 10))).String()
}

// print gives a response the form of the integration: aws-sdk answers have the service's members only, optimized ones
// tell about the HTTP exchange too.
func (c integration) print(response any) (value.Value, error) {
	if c.sdk {
		return encode(response, isoTime)
	}
	v, err := encode(response, milliTime)
	if err != nil {
		return value.Value{}, err
	}
	if c.function {
		payload, _ := v.Get("Payload")
		return payload, nil
	}
	if c.table.Protocol == (Protocol{}) {
		return v, nil
	}
	return withMetadata(v, c.table.Protocol.ContentType), nil
}

// await is the second half of a .sync task. A job that nobody waits for any more is cancelled, except when the engine closes,
// which it says with the cause Unavailable: then the next engine awaits the job again.
func (c integration) await(ctx context.Context, answer value.Value) (value.Value, *engine.TaskError) {
	result, err := c.row.Job.Await(ctx, answer)
	if ctx.Err() != nil {
		if fault.KindOf(context.Cause(ctx)) != fault.Unavailable {
			_ = c.row.Job.Cancel(context.WithoutCancel(ctx), answer)
		}
		return value.Value{}, nil
	}
	if err != nil {
		return value.Value{}, c.failure(err)
	}
	v, err := encode(result, milliTime)
	if err != nil {
		return value.Value{}, c.failure(err)
	}
	if c.pattern == runJobParsed {
		v = parsed(v, c.row.Job.Parsed)
	}
	return v, nil
}

// parsed replaces members that hold JSON texts by what they say. A text that is no JSON stays.
func parsed(v value.Value, names []string) value.Value {
	for _, name := range names {
		text, ok := v.Get(name)
		if !ok {
			continue
		}
		if inner, err := value.Parse(text.Str()); err == nil {
			v = v.With(name, inner)
		}
	}
	return v
}
