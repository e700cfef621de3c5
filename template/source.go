package template

import (
	"slices"
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
			e.unstarted(r, f, kind)
			continue
		}
		made := from.declare(e.options.StackName+"-"+r.id+f.key, arn, f.value.get("Properties"))
		all = append(all, Declaration{Resource{r.id + f.key, from.kind, f.at}, made})
	}
	return all
}

// elsewhere are the events of SAM that nothing here makes.
var elsewhere = []string{"AlexaSkill", "Api", "CloudWatchLogs", "Cognito", "DocumentDB", "DynamoDB", "HttpApi", "IoTRule", "Kinesis", "MQ",
	"MSK", "SQS", "SelfManagedKafka"}

// joined are those that a bucket or a topic is told of, when all are known.
var joined = []string{"S3", "SNS"}

// unstarted says what becomes of an event that is no rule and no schedule.
func (e *evaluator) unstarted(r *resource, f field, kind string) {
	switch {
	case slices.Contains(joined, kind) && r.kind == "AWS::Serverless::Function":
	case slices.Contains(elsewhere, kind):
		e.warn(f.at, "the event "+f.key+" does not start "+r.id+": events of the type "+kind+" are not supported")
	default:
		known := append(slices.Clone(elsewhere), joined...)
		for name := range sources {
			known = append(known, name)
		}
		e.find(f.at, "the event %s of %s has the unknown type %q%s", f.key, r.id, kind, suggest(kind, known))
	}
}

// joinedEvents has the buckets and topics of S3 and SNS events call the functions of SAM.
func (e *evaluator) joinedEvents(s *Stack) {
	for _, r := range e.resources {
		if r.kind != "AWS::Serverless::Function" || !e.wanted(r) {
			continue
		}
		for _, f := range fieldsOf(r.properties.get("Events")) {
			kind := f.value.get("Type").orEmpty()
			if !slices.Contains(joined, kind) {
				continue
			}
			given := e.eval(f.value.get("Properties"))
			if given == nil {
				continue // reported with the function's other properties
			}
			if kind == "S3" {
				e.bucketEvent(s, r, f, given)
			} else {
				e.topicEvent(s, r, f, given)
			}
		}
	}
}

func (e *evaluator) bucketEvent(s *Stack, r *resource, f field, given *node) {
	name, _ := e.member(given, "Bucket")
	for i := range s.Buckets {
		if b := &s.Buckets[i]; b.Name == name {
			rule := e.notification(given, "Bucket", notificationForm{events: "Events", key: "S3Key", rules: "Rules"})
			rule.ID, rule.Target = r.id+f.key, e.startedFunction(r)
			e.addNotification(b, rule, f.at)
			return
		}
	}
	e.find(f.at, "the event %s of %s: SAM takes a bucket of the same template, not %q", f.key, r.id, name)
}

func (e *evaluator) topicEvent(s *Stack, r *resource, f field, given *node) {
	arn, _ := e.member(given, "Topic")
	for i := range s.Topics {
		if t := &s.Topics[i]; t.ARN == arn {
			t.Subscriptions = append(t.Subscriptions, Subscription{
				Protocol: "lambda", Endpoint: e.startedFunction(r),
				Attributes: given.texts("FilterPolicy", "FilterPolicyScope", "RedrivePolicy"),
			})
			return
		}
	}
	e.warn(f.at, "the event "+f.key+" of "+r.id+" is of a topic outside this template: "+arn)
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
