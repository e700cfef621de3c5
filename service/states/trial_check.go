package states

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/mock"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// trialName is the name that AWS gives to a state that is tested without the machine around it.
const trialName = "StateName"

// trial checks a request and prepares the state.
func (s *Service) trial(r *testStateRequest) (*trial, error) {
	input, err := jsonOr(r.Input, value.EmptyObject())
	if err != nil {
		return nil, fault.Invalidf("Invalid State Machine Execution Input: '%v'", err).WithCode("InvalidExecutionInput")
	}
	definition, name, err := r.definition()
	if err != nil {
		return nil, err
	}
	options := machine.TrialOptions{State: name}
	execution := s.execution(r.RoleArn, input)
	t, ok := machine.NewTrial(definition, execution, options)
	if !ok {
		return nil, invalid("State not found in definition")
	}
	if err := r.checkMock(t.State()); err != nil {
		return nil, err
	}
	mocked, err := r.mocked(t.State())
	if err != nil {
		return nil, err
	}
	if err := r.options(&options, mocked); err != nil {
		return nil, err
	}
	t, _ = machine.NewTrial(definition, execution, options)
	return &trial{t, execution, mocked}, nil
}

// definition reads the definition: of a machine when the request names a state, else of one state.
func (r *testStateRequest) definition() (m *asl.StateMachine, name string, err error) {
	if name = r.StateName; name != "" {
		m, err = asl.Parse(r.Definition, asl.Options{Mocked: true})
	} else {
		name = trialName
		m, err = asl.ParseState(r.Definition, name, asl.Options{Mocked: true})
	}
	if findings, ok := err.(asl.Findings); ok {
		err = fault.New(fault.KindOf(findings), "%s", findings.AWS()).WithCode("InvalidDefinition")
	}
	return m, name, err
}

func jsonOr(text string, otherwise value.Value) (value.Value, error) {
	if text == "" {
		return otherwise, nil
	}
	return value.Parse(text)
}

// checkMock says whether the state needs a mock, or may not have one.
func (r *testStateRequest) checkMock(state *asl.State) error {
	forks := state.Type == asl.MapType || state.Type == asl.ParallelType
	switch {
	case r.Mock == nil && forks:
		return fault.Invalidf("TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]").
			WithCode("InvalidDefinition")
	case r.Mock == nil && state.Type == asl.TaskType:
		return r.checkTask(state.Task.Resource)
	case r.Mock == nil:
		return r.checkUnmocked()
	case !forks && state.Type != asl.TaskType:
		return invalid("State type '%s' is not supported when a mock is specified", state.Type)
	case r.RevealSecrets:
		return invalid("TestState does not support RevealSecrets when a mock is specified.")
	}
	return nil
}

// waits are the ends of resources whose tasks wait for more than an answer.
var waits = []string{".sync", ".sync:2", ".waitForTaskToken"}

func (r *testStateRequest) checkTask(resource string) error {
	if r.RoleArn == "" {
		return invalid("RoleArn must be specified when testing a Task state")
	}
	for _, end := range waits {
		if strings.HasSuffix(resource, end) {
			return invalid("TestState does not support '%s' service integrations when a mock is not specified", end)
		}
	}
	if (machine.ScheduleTask{Resource: resource}).Activity() {
		return invalid("TestState does not support Activity tasks when a mock is not specified")
	}
	return r.checkUnmocked()
}

func (r *testStateRequest) checkUnmocked() error {
	if r.Context != "" {
		return invalid("TestState does not support Context when a mock is not specified.")
	}
	return nil
}

// options reads what the state is tried with.
func (r *testStateRequest) options(o *machine.TrialOptions, m *mocked) (err error) {
	if o.Variables, err = jsonOr(r.Variables, value.Value{}); err != nil || !o.Variables.IsZero() && o.Variables.Kind() != value.Object {
		return invalid("Variables must be a valid JSON object")
	}
	if o.Context, err = readContext(r.Context); err != nil {
		return err
	}
	if m != nil {
		o.Fork = machine.ForkAnswer{Result: m.result, Error: m.name, Cause: m.cause}
	}
	c := r.StateConfiguration
	if c == nil {
		return nil
	}
	o.Retries, o.FailedItems = c.RetrierRetryCount, c.MapIterationFailureCount
	if o.Items, err = jsonOr(c.MapItemReaderData, value.Value{}); err != nil || !o.Items.IsZero() && !iterable(o.Items) {
		return invalid("MapItemReaderData must be a valid JSON array or object")
	}
	items := o.Items
	if items.IsZero() && m != nil {
		items = m.result
	}
	if items.Kind() == value.Array && o.FailedItems > int64(items.Len()) {
		return invalid("Map iteration failure count must be less than or equal to the number of Map iterations")
	}
	return nil
}

func iterable(v value.Value) bool { return v.Kind() == value.Array || v.Kind() == value.Object }

// contextFields are the members of the context object that a caller may give.
var contextFields = map[string][]string{
	"Execution":    {"Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"},
	"State":        {"EnteredTime", "Name", "RetryCount"},
	"StateMachine": {"Id", "Name"},
	"Task":         {"Token"},
}

func readContext(text string) (value.Value, error) {
	context, err := jsonOr(text, value.EmptyObject())
	if err != nil || context.Kind() != value.Object {
		return context, invalid("Invalid Context object provided: must be a valid JSON object")
	}
	for _, part := range context.Members() {
		known, ok := contextFields[part.Key]
		switch {
		case part.Key == "Map":
			return context, invalid("Invalid Context object provided: 'Map' field is not supported when mocking a Context object")
		case !ok:
			return context, invalid("Invalid Context object provided: Field '%s' is not allowed", part.Key)
		case part.Value.Kind() != value.Object:
			return context, invalid("Invalid Context object provided: Field '%s' must be an object", part.Key)
		}
		for _, m := range part.Value.Members() {
			if !slices.Contains(known, m.Key) {
				return context, invalid("Invalid Context object provided: Field '%s' is not allowed", m.Key)
			}
		}
	}
	return context, nil
}

// mocked is what a mock answers: a result, or when that is zero, an error.
type mocked struct {
	result      value.Value
	name, cause *string
}

func (m *mocked) body(task machine.TaskID) machine.Body {
	if m.result.IsZero() {
		return machine.TaskFailed{Task: task, Error: m.name, Cause: m.cause}
	}
	return machine.TaskSucceeded{Task: task, Output: m.result}
}

// mocked reads the mock and checks that the state could have such a result; nil when there is none.
func (r *testStateRequest) mocked(state *asl.State) (*mocked, error) {
	m := r.Mock
	switch {
	case m == nil:
		return nil, nil
	case m.Result != nil && m.ErrorOutput != nil:
		return nil, invalid("A test mock should have only one of the following fields: [result, errorOutput].")
	case m.Result == nil && m.ErrorOutput == nil:
		return nil, invalid("A test mock must have one of the following fields: [result, errorOutput].")
	case m.Result == nil:
		return &mocked{name: m.ErrorOutput.Error, cause: m.ErrorOutput.Cause}, nil
	}
	result, err := value.Parse(*m.Result)
	if err != nil {
		return nil, invalid("Mocked result must be a valid JSON: %v", err)
	}
	return &mocked{result: result}, r.checkResult(state, result)
}

func (r *testStateRequest) checkResult(state *asl.State, result value.Value) error {
	mode := mock.Mode(r.Mock.FieldValidationMode)
	if mode == "" {
		mode = mock.Strict
	}
	switch {
	case state.Type == asl.TaskType:
		if err := mock.Check(state.Task.Resource, result, mode); err != nil {
			return invalid("%s", err)
		}
	case state.Type == asl.MapType && writesResults(state.Map):
		if result.Kind() != value.Object {
			return invalid("Mocked result must be a JSON object.")
		}
	case result.Kind() != value.Array:
		return invalid("Mocked result must be an array.")
	}
	return nil
}

// writesResults says whether a Map leaves its results in a bucket and answers only where they are.
func writesResults(m *asl.Map) bool {
	return m.Distributed != nil && m.Distributed.Writer != nil && m.Distributed.Writer.Resource != ""
}
