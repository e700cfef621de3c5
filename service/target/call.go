package target

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// call is one operation of a service, with its request.
type call struct {
	table, operation string
	request          value.Value
}

// kind is a kind of target: what its ARN looks like and which calls an invocation of it is, one behind the other.
type kind struct {
	service, resource string // the beginning of the ARN's resource
	table             string
	calls             func(i *Invocation, a arn.ARN) ([]call, error)
}

var kinds = []kind{
	{"states", "stateMachine:", "sfn", startExecution},

	{"sns", "", "sns", publish},
	{"batch", "job-queue/", "batch", submitJob},
	{"logs", "log-group:", "cloudwatchlogs", putLogEvents},
	{"redshift", "cluster:", "redshiftdata", executeStatement},
	{"redshift-serverless", "workgroup/", "redshiftdata", executeStatement},
	{"events", "event-bus/", "eventbridge", putEvents},
	{"lambda", "function:", "lambda", invokeFunction},
}

// tables are the services that targets are of, by name.
type tables map[string]*service.Service

// Check says whether something can be invoked where there are these services. The fault names what is not supported.
func Check(target string, services ...*service.Service) error {
	t := tables{}
	for _, s := range services {
		t[s.Name] = s
	}
	return t.check(target)
}

// Check says whether something can be invoked here. The fault names what is not supported.
func (c *Courier) Check(target string) error { return c.tables.check(target) }

func (t tables) check(target string) error {
	a, err := arn.Parse(target)
	if err != nil {
		return fault.Invalidf("the target %q is no ARN", target)
	}
	if a.Service == "scheduler" && strings.HasPrefix(a.Resource, universal) {
		_, err := t.universal(a)
		return err
	}
	k := kindOf(a)
	if k != nil && t[k.table] != nil {
		return nil
	}
	return fault.New(fault.Unsupported, "%s: targets of this kind are not supported", target)
}

func kindOf(a arn.ARN) *kind {
	for i := range kinds {
		if k := &kinds[i]; k.service == a.Service && strings.HasPrefix(a.Resource, k.resource) {
			return k
		}
	}
	return nil
}

// call carries an invocation out.
func (c *Courier) call(ctx context.Context, i *Invocation) error {
	if err := c.Check(i.ARN); err != nil {
		return err
	}
	calls, err := c.callsOf(i)
	if err != nil {
		return err
	}
	for _, one := range calls {
		row, ok := c.tables[one.table].Operation(one.operation)
		if !ok {
			return fault.New(fault.Unsupported, "%s has no %s here", one.table, one.operation)
		}
		_, err := row.Call(ctx, one.request, i.ID)
		if bad := (*service.BadParameters)(nil); errors.As(err, &bad) {
			return fault.Invalidf("the input does not fit %s of %s: %s", one.operation, one.table, strings.ReplaceAll(bad.Error(), " by Step Functions", ""))
		}
		if err != nil && fault.CodeOf(err) != logStreamExists {
			return err
		}
	}
	return nil
}

func (c *Courier) callsOf(i *Invocation) ([]call, error) {
	a, err := arn.Parse(i.ARN)
	if err != nil {
		return nil, err
	}
	if k := kindOf(a); k != nil {
		return k.calls(i, a)
	}
	to, err := c.tables.universal(a)
	if err != nil {
		return nil, err
	}
	input := i.Input
	if input == "" {
		input = "{}"
	}
	to.request, err = value.Parse(input)
	if err != nil {
		return nil, fault.Invalidf("the input of %s is no JSON", i.ARN).Because(err)
	}
	return []call{to}, nil
}

// universal begins the resource of the scheduler's targets that are any operation: aws-sdk:SERVICE:action.
const universal = "aws-sdk:"

func (t tables) universal(a arn.ARN) (call, error) {
	name, action, _ := strings.Cut(strings.TrimPrefix(a.Resource, universal), ":")
	if action == "" {
		return call{}, fault.Invalidf("%s names no operation: a universal target is arn:aws:scheduler:::aws-sdk:SERVICE:action", a)
	}
	for _, reading := range []string{"get", "describe", "list"} {
		if strings.HasPrefix(action, reading) {
			return call{}, fault.Invalidf("%s: a schedule cannot call an operation that only reads", a)
		}
	}
	if table := t[name]; table != nil {
		operation := strings.ToUpper(action[:1]) + action[1:]
		if _, ok := table.Operation(operation); ok {
			return call{table: name, operation: operation}, nil
		}
	}
	return call{}, fault.New(fault.Unsupported, "%s: the operation is not supported", a)
}

func text(name, s string) value.Member { return value.Member{Key: name, Value: value.OfString(s)} }

// input is what the target gets: JSON, or a text of JSON when there is nothing else to say.
func (i *Invocation) input() string {
	if i.Input == "" {
		return "{}"
	}
	return i.Input
}

func startExecution(i *Invocation, _ arn.ARN) ([]call, error) {
	return []call{{"sfn", "StartExecution", value.OfMembers(text("StateMachineArn", i.ARN), text("Input", i.input()))}}, nil
}

func publish(i *Invocation, _ arn.ARN) ([]call, error) {
	request := value.OfMembers(text("TopicArn", i.ARN), text("Message", i.input()))
	if subject, ok := i.Parameters.Get("Subject"); ok {
		request = request.With("Subject", subject)
	}
	return []call{{"sns", "Publish", request}}, nil
}

// submitJob takes the job from BatchParameters; the input may override its parameters and its container's settings.
func submitJob(i *Invocation, _ arn.ARN) ([]call, error) {
	request := i.Parameters.With("JobQueue", value.OfString(i.ARN))
	if input, err := value.Parse(i.input()); err == nil {
		for _, name := range []string{"Parameters", "ContainerOverrides"} {
			if given, ok := input.Get(name); ok {
				request = request.With(name, given)
			}
		}
	}
	return []call{{"batch", "SubmitJob", request}}, nil
}

// logStreamExists is the answer to an attempt that is not the first.
const logStreamExists = "ResourceAlreadyExistsException"

// putLogEvents writes the input into a log stream of its own.
func putLogEvents(i *Invocation, a arn.ARN) ([]call, error) {
	group := strings.TrimSuffix(strings.TrimPrefix(a.Resource, "log-group:"), ":*")
	place := []value.Member{text("LogGroupName", group), text("LogStreamName", i.ID)}
	line := value.OfMembers(text("Message", i.input()), value.Member{Key: "Timestamp", Value: value.OfInt(time.Now().UnixMilli())})
	return []call{
		{"cloudwatchlogs", "CreateLogStream", value.OfMembers(place...)},
		{"cloudwatchlogs", "PutLogEvents", value.OfMembers(place...).With("LogEvents", value.OfItems([]value.Value{line}))},
	}, nil
}

// executeStatement runs the SQL of RedshiftDataParameters; the input is not used, as on AWS.
func executeStatement(i *Invocation, a arn.ARN) ([]call, error) {
	operation := "ExecuteStatement"
	_, name, _ := strings.Cut(strings.ReplaceAll(a.Resource, "/", ":"), ":")
	member := "ClusterIdentifier"
	if a.Service == "redshift-serverless" {
		member = "WorkgroupName"
	}
	request := value.OfMembers(text(member, name))
	for _, m := range i.Parameters.Members() {
		switch m.Key {
		case "SecretManagerArn":
			m.Key = "SecretArn"
		case "Sqls":
			operation = "BatchExecuteStatement"
		}
		request = request.With(m.Key, m.Value)
	}
	return []call{{"redshiftdata", operation, request}}, nil
}

// putEvents puts the input as an event's detail onto a bus, as EventBridgeParameters say.
func putEvents(i *Invocation, _ arn.ARN) ([]call, error) {
	entry := i.Parameters.With("Detail", value.OfString(i.input())).With("EventBusName", value.OfString(i.ARN))
	return []call{{"eventbridge", "PutEvents", value.OfMembers(value.Member{Key: "Entries", Value: value.OfItems([]value.Value{entry})})}}, nil
}

func invokeFunction(i *Invocation, _ arn.ARN) ([]call, error) {
	return []call{{"lambda", "Invoke", value.OfMembers(text("FunctionName", i.ARN), text("InvocationType", "Event"), text("Payload", i.input()))}}, nil
}
