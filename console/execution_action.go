package console

import (
	"net/url"
	"strings"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// stopExecution ends an execution, with an error and a cause where they were typed.
func (c *Console) stopExecution(r *request) (next, notice string, err error) {
	arn := r.PathValue("arn")
	record, err := c.Engine.Describe(r.Context(), arn)
	if err != nil {
		return "", "", err
	}
	if record.Status != machine.RunningStatus {
		return "", "", fault.New(fault.Conflict, "the execution ended before it was stopped: it is %s", record.Status)
	}
	members := []value.Member{member("executionArn", value.OfString(arn))}
	for _, name := range []string{"error", "cause"} {
		if typed := strings.TrimSpace(r.PostForm.Get(name)); typed != "" {
			members = append(members, member(name, value.OfString(typed)))
		}
	}
	_, err = r.call("sfn", "StopExecution", members...)
	return executionURL(arn), "The execution is stopped.", err
}

// redriveExecution lets an execution go on from where it failed.
func (c *Console) redriveExecution(r *request) (next, notice string, err error) {
	arn := r.PathValue("arn")
	_, err = r.call("sfn", "RedriveExecution", member("executionArn", value.OfString(arn)))
	return executionURL(arn), "The execution goes on from where it ended.", err
}

// startAgain starts what an execution ran, as it is now, with the same input.
func (c *Console) startAgain(r *request) (next, notice string, err error) {
	record, err := c.Engine.Describe(r.Context(), r.PathValue("arn"))
	if err != nil {
		return "", "", err
	}
	started, err := r.start(startedAs(record.Execution), view.StartForm{Input: record.Input.Text()})
	return executionURL(started), "Started with the input of " + record.Name + ".", err
}

// startedAs is what an execution was started by: the alias, else the state machine as it is now. Its version may be what was wrong.
func startedAs(x machine.Execution) string {
	if x.StateMachineAliasARN != "" {
		return x.StateMachineAliasARN
	}
	return x.StateMachineARN
}

// editURL leads to the form of a new execution with the input of this one.
func editURL(x machine.Execution) string {
	return machineURL(x.StateMachineARN) + "/start?from=" + url.QueryEscape(x.ARN)
}
