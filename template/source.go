package template

import (
	"strings"

	"github.com/stepwell/stepwell/value"
)

// source is a kind of event of SAM that starts a machine or a function: which resource it stands for, and which of its
// properties that resource and its target have. What CloudFormation calls otherwise stands behind a colon.
type source struct {
	kind, own, target string
}

const (
	ruleTarget     = "Input InputPath InputTransformer RetryPolicy DeadLetterConfig"
	scheduleTarget = "Input RetryPolicy DeadLetterConfig RoleArn"
)

var (
	patternSource = source{"AWS::Events::Rule", "RuleName:Name Pattern:EventPattern EventBusName State", ruleTarget}
	sources       = map[string]source{
		"Schedule": {"AWS::Events::Rule", "Name Schedule:ScheduleExpression Description State", ruleTarget + " RoleArn"},
		"ScheduleV2": {"AWS::Scheduler::Schedule", "Name ScheduleExpression ScheduleExpressionTimezone Description State " +
			"StartDate EndDate FlexibleTimeWindow GroupName KmsKeyArn", scheduleTarget},
		"EventBridgeRule": patternSource,
		"CloudWatchEvent": patternSource,
	}
)

// sources are the rules and schedules that SAM makes of a resource's Events; their target is the resource itself.
func (e *evaluator) sources(r *resource, properties *node, arn string) []Declaration {
	var all []Declaration
	for _, f := range fieldsOf(properties.get("Events")) {
		kind := f.value.get("Type").orEmpty()
		from, ok := sources[kind]
		if !ok {
			e.warn(f.at, "the event "+f.key+" ("+kind+") does not start "+r.id+" here yet")
			continue
		}
		made := from.declare(e.options.StackName+"-"+r.id+f.key, arn, f.value.get("Properties"))
		all = append(all, Declaration{Resource{r.id + f.key, from.kind, f.at}, made})
	}
	return all
}

// declare makes the properties of the resource behind an event.
func (s source) declare(name, arn string, given *node) value.Value {
	target := value.OfMembers(value.Member{Key: "Arn", Value: value.OfString(arn)})
	own := value.OfMembers(value.Member{Key: "Name", Value: value.OfString(name)})
	own, target = taken(own, given, s.own), taken(target, given, s.target)
	if enabled := given.get("Enabled"); enabled != nil && enabled.text() == "false" {
		own = own.With("State", value.OfString("DISABLED"))
	}
	if s.kind == "AWS::Events::Rule" {
		id := "Target"
		if named := given.get("Target").get("Id"); named != nil {
			id = named.text()
		}
		return own.With("Targets", value.OfItems([]value.Value{target.With("Id", value.OfString(id))}))
	}
	if _, ok := own.Get("FlexibleTimeWindow"); !ok {
		own = own.With("FlexibleTimeWindow", value.OfMembers(value.Member{Key: "Mode", Value: value.OfString("OFF")}))
	}
	if _, ok := target.Get("RoleArn"); !ok {
		target = target.With("RoleArn", value.OfString(arn+"/StartRole")) // SAM makes one; roles mean nothing here
	}
	return own.With("Target", target)
}

// taken adds those of the named properties that are there.
func taken(to value.Value, from *node, names string) value.Value {
	for name := range strings.FieldsSeq(names) {
		name, other, renamed := strings.Cut(name, ":")
		if !renamed {
			other = name
		}
		if v := from.get(name); v != nil {
			to = to.With(other, v.value())
		}
	}
	return to
}
