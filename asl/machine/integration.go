package machine

import (
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/value"
)

// family is the set of history events that a task writes.
type family uint8

const (
	serviceTask family = iota
	lambdaTask
	activityTask
)

// integration is what a task's Resource selects.
type integration struct {
	family       family
	resource     string // the whole ARN for functions and activities, else "publish.waitForTaskToken"
	resourceType string // such as sns or aws-sdk:s3; empty for functions and activities
	callback     bool
}

func integrationOf(resource string) integration {
	a, err := arn.Parse(resource)
	switch {
	case err != nil:
		return integration{resource: resource}
	case a.Service == "lambda":
		return integration{family: lambdaTask, resource: resource}
	case a.Service == "states" && strings.HasPrefix(a.Resource, "activity:"):
		return integration{family: activityTask, resource: resource}
	}
	prefix, rest := "", a.Resource
	if after, ok := strings.CutPrefix(rest, "aws-sdk:"); ok {
		prefix, rest = "aws-sdk:", after
	}
	service, action, _ := strings.Cut(rest, ":")
	return integration{
		resource: action, resourceType: prefix + service,
		callback: strings.HasSuffix(action, ".waitForTaskToken"),
	}
}

// Activity reports whether the task waits for a worker of an activity.
func (c ScheduleTask) Activity() bool { return integrationOf(c.Resource).family == activityTask }

// name is how AWS calls the task in errors about its result.
func (i integration) name() string {
	if i.family == serviceTask {
		return i.resourceType
	}
	return i.resource
}

// kinds are the words that the events of a family begin with.
var kinds = map[family]string{serviceTask: "Task", lambdaTask: "LambdaFunction", activityTask: "Activity"}

// event returns the type of an event of the task, such as ActivityTimedOut, and the member that holds its details.
func (i integration) event(what string) (kind, key string) {
	kind = kinds[i.family] + what
	return kind, strings.ToLower(kind[:1]) + kind[1:] + "EventDetails"
}

// identify puts in what every event of a service task carries.
func (i integration) identify(details []value.Member) []value.Member {
	if i.family != serviceTask {
		return details
	}
	return append(details, text("resource", i.resource), text("resourceType", i.resourceType))
}
