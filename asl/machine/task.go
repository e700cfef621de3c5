package machine

import (
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// task is one attempt of a Task state. Its life: scheduled, then started (history shows that when it is known), then
// submitted if the pattern is .sync or .waitForTaskToken, then succeeded, failed, timed out or dropped.
type task struct {
	command     ScheduleTask
	visit       *visit
	integration integration
	order       int64
	started     bool
	submitted   bool
	answer      value.Value // of the first half

	timeout, beat           int64 // seconds, 0 for none
	timeoutTimer, beatTimer TimerID
}

func (m *Machine) runTask(v *visit) {
	t := &task{visit: v, integration: integrationOf(v.state.Task.Resource)}
	if t.integration.callback {
		v.token = m.random.token()
	}
	if f := m.prepare(t); f != nil {
		m.fail(v, f)
		return
	}
	m.lastTask++
	t.command.Task, t.order = m.lastTask, m.nextOrder()
	if reason, refused := m.refuses(t.command); refused {
		m.fail(v, v.runtime("%s", reason))
		return
	}
	m.recordScheduled(t)
	if m.status != RunningStatus {
		return
	}
	t.command.Scheduled = m.lastEvent
	v.task = t
	m.tasks[t.command.Task] = t
	m.command(t.command)
	if t.timeout > 0 {
		t.timeoutTimer = m.setTimer(v, TimeoutTimer, m.now.Add(seconds(t.timeout)))
	}
	if t.beat > 0 {
		t.beatTimer = m.setTimer(v, HeartbeatTimer, m.now.Add(seconds(t.beat)))
	}
}

// refuses tells whether a task cannot be scheduled, and notes it in the step.
func (m *Machine) refuses(c ScheduleTask) (reason string, refused bool) {
	if reason, refused = m.replay[c.Task]; !refused && m.Refuse != nil {
		reason, refused = m.Refuse(c)
	}
	if refused {
		if m.step.Refused == nil {
			m.step.Refused = map[TaskID]string{}
		}
		m.step.Refused[c.Task] = reason
	}
	return reason, refused
}

// prepare evaluates the fields that a task is scheduled with.
func (m *Machine) prepare(t *task) *failure {
	v := t.visit
	if v.state.JSONata != nil {
		return m.prepareQuery(t)
	}
	input, parameters, f := m.parameters(v)
	if f == nil {
		t.timeout, f = m.taskSeconds(v, "TimeoutSecondsPath", v.state.Task.TimeoutSeconds, input)
	}
	if f == nil {
		t.beat, f = m.taskSeconds(v, "HeartbeatSecondsPath", v.state.Task.HeartbeatSeconds, input)
	}
	var credentials value.Value
	if f == nil {
		credentials, f = m.template(v, v.state.Task.Credentials, input, value.Value{})
	}
	return t.commanded(parameters, credentials, f)
}

// prepareQuery is prepare in JSONata mode.
func (m *Machine) prepareQuery(t *task) (f *failure) {
	v, e := t.visit, m.evaluation(t.visit)
	var parameters, credentials value.Value
	if parameters, f = e.query(v.state.JSONata.Arguments, v.input); f == nil {
		m.trial.see("afterArguments", parameters)
		t.timeout, f = e.integer(v.state.Task.TimeoutSeconds, 1, 0)
	}
	if f == nil {
		t.beat, f = e.integer(v.state.Task.HeartbeatSeconds, 1, 0)
	}
	if f == nil {
		credentials, f = e.query(v.state.JSONata.Credentials, value.Value{})
	}
	t.timeout, t.beat = min(t.timeout, defaultTimeout), min(t.beat, defaultTimeout)
	return t.commanded(parameters, credentials, f)
}

// commanded makes the command of a task whose fields are evaluated.
func (t *task) commanded(parameters, credentials value.Value, f *failure) *failure {
	if f == nil && tooLarge(parameters) {
		f = dataLimitExceeded(t.integration.name())
	}
	v := t.visit
	t.command = ScheduleTask{
		State: v.state.Name, Resource: v.state.Task.Resource, Parameters: parameters,
		Credentials: credentials, Token: v.token, Attempt: v.retries,
	}
	return f
}

// defaultTimeout is TimeoutSeconds where the definition has none; it is longer than an execution may live.
const defaultTimeout = 99_999_999

func (m *Machine) taskSeconds(v *visit, field string, n asl.Number, input value.Value) (int64, *failure) {
	found, ok, f := m.number(v, n, input)
	if f != nil || !ok {
		return 0, f
	}
	limit, ok := found.Int()
	switch {
	case !ok:
		return 0, v.runtime("The %s parameter cannot be parsed as a long value: %s == %s", field, n.Path, plain(found))
	case limit <= 0:
		return 0, v.runtime("The %s parameter references a value that is not positive: %s == %d", field, n.Path, limit)
	}
	return min(limit, defaultTimeout), nil
}

func (m *Machine) recordScheduled(t *task) {
	var details []value.Member
	if t.integration.family == serviceTask {
		details = t.integration.identify([]value.Member{text("region", m.execution.Region), text("parameters", t.command.Parameters.Text())})
	} else {
		details = []value.Member{
			text("resource", t.integration.resource), text("input", t.command.Parameters.Text()), member("inputDetails", notTruncated),
		}
	}
	if t.timeout > 0 && t.timeout < defaultTimeout {
		details = append(details, number("timeoutInSeconds", t.timeout))
	}
	if t.beat > 0 && t.integration.family != lambdaTask {
		details = append(details, number("heartbeatInSeconds", t.beat))
	}
	if role, ok := t.command.Credentials.Get("RoleArn"); ok {
		details = append(details, member("taskCredentials", value.OfMembers(member("roleArn", role))))
	}
	kind, key := t.integration.event("Scheduled")
	m.chain(t.visit.frame, kind, key, details...)
}

// recordStarted writes the Started event once: with the first news of the task, because a task may also fail to start.
func (m *Machine) recordStarted(t *task, details ...value.Member) {
	if t.started {
		return
	}
	t.started = true
	kind, key := t.integration.event("Started")
	if t.integration.family == lambdaTask {
		key = ""
	}
	m.chain(t.visit.frame, kind, key, t.integration.identify(details)...)
}

func (m *Machine) taskStarted(t *task, worker string) {
	m.putHeartbeatOff(t)
	m.recordStarted(t, workerName(t, worker)...)
}

func workerName(t *task, worker string) []value.Member {
	if t.integration.family != activityTask || worker == "" {
		return nil
	}
	return []value.Member{text("workerName", worker)}
}

func (m *Machine) taskSubmitted(t *task, answer value.Value) {
	if t.submitted {
		return
	}
	m.recordStarted(t)
	m.putHeartbeatOff(t)
	t.submitted, t.answer = true, answer
	m.chain(t.visit.frame, "TaskSubmitted", "taskSubmittedEventDetails",
		t.integration.identify([]value.Member{text("output", answer.Text()), member("outputDetails", notTruncated)})...)
}

func (m *Machine) taskSucceeded(t *task, output value.Value) {
	if t.command.Map != nil {
		m.mapRunSucceeded(t, output)
		return
	}
	if tooLarge(output) {
		f := dataLimitExceeded(t.integration.name())
		m.taskFailed(t, TaskFailed{Error: f.name, Cause: f.cause})
		return
	}
	m.dropTask(t)
	m.recordStarted(t)
	kind, key := t.integration.event("Succeeded")
	m.chain(t.visit.frame, kind, key,
		t.integration.identify([]value.Member{text("output", output.Text()), member("outputDetails", notTruncated)})...)
	m.conclude(t.visit, output)
}

// failedEvents are the words for a failure in its phase.
var failedEvents = map[FailurePhase]string{Running: "Failed", Starting: "StartFailed", Submitting: "SubmitFailed"}

func (m *Machine) taskFailed(t *task, failed TaskFailed) {
	if t.command.Map != nil {
		m.mapRunFailed(t, &failure{name: failed.Error, cause: failed.Cause})
		return
	}
	m.dropTask(t)
	f := &failure{name: failed.Error, cause: failed.Cause}
	if failed.Phase == Starting && f.name != nil && *f.name == statesRuntime {
		m.rejected(t, f)
		return
	}
	what := failedEvents[failed.Phase]
	switch {
	case failed.Phase != Starting:
		m.recordStarted(t)
	case t.integration.family == activityTask:
		what = "ScheduleFailed"
	}
	kind, key := t.integration.event(what)
	m.chain(t.visit.frame, kind, key, t.integration.identify(errorDetails(f.name, f.cause))...)
	m.fail(t.visit, f)
}

// rejected ends the execution because the task's parameters cannot be used at all.
func (m *Machine) rejected(t *task, f *failure) {
	cause := ""
	if f.cause != nil {
		cause = *f.cause
	}
	m.fail(t.visit, t.visit.runtime("%s", cause))
}

func (m *Machine) taskTimedOut(t *task, f *failure) {
	m.dropTask(t)
	m.command(CancelTask{t.command.Task})
	if t.integration.family != activityTask {
		m.recordStarted(t)
	}
	kind, key := t.integration.event("TimedOut")
	m.chain(t.visit.frame, kind, key, t.integration.identify(errorDetails(f.name, f.cause))...)
	m.fail(t.visit, f)
}

// putHeartbeatOff starts the heartbeat's time again.
func (m *Machine) putHeartbeatOff(t *task) {
	if t.beat > 0 {
		m.moveTimer(t.beatTimer, m.now.Add(seconds(t.beat)))
	}
}

// dropTask forgets a task and its timers.
func (m *Machine) dropTask(t *task) {
	delete(m.tasks, t.command.Task)
	m.cancelTimer(t.timeoutTimer)
	m.cancelTimer(t.beatTimer)
}
