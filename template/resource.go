package template

import (
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// resource is one entry of Resources, before its properties are resolved.
type resource struct {
	id, kind   string
	at         fault.Position
	properties *node
	body       *node
}

func resourcesOf(root *node) []*resource {
	var all []*resource
	for _, f := range fieldsOf(root.get("Resources")) {
		all = append(all, &resource{
			id: f.key, kind: f.value.get("Type").orEmpty(), at: f.at, body: f.value, properties: f.value.get("Properties"),
		})
	}
	return all
}

func (e *evaluator) byID(id string) *resource {
	for _, r := range e.resources {
		if r.id == id {
			return r
		}
	}
	return nil
}

// resource finds a resource by its logical id. Nil and true: it exists, but not under the present conditions, which has been
// reported.
func (e *evaluator) resource(id string, at fault.Position, function string) (*resource, bool) {
	r := e.byID(id)
	if r == nil {
		return e.implied(id)
	}
	if !e.wanted(r) {
		e.find(at, "%s: the resource %q is not there: its condition %s is false", function, id, r.body.get("Condition").orEmpty())
		return nil, true
	}
	return r, true
}

// implied finds a resource that SAM makes beside another: the role of a function or state machine without one, and what
// starts it at an event, with that one's role.
func (e *evaluator) implied(id string) (*resource, bool) {
	for _, r := range e.resources {
		rest, ok := strings.CutPrefix(id, r.id)
		if !ok || !strings.HasPrefix(r.kind, "AWS::Serverless::") {
			continue
		}
		event, isRole := strings.CutSuffix(rest, "Role")
		if event != "" && r.properties.get("Events").get(event) == nil {
			continue
		}
		kind := "AWS::Serverless::Event"
		if isRole {
			kind = "AWS::IAM::Role"
		}
		return &resource{id: id, kind: kind, at: r.at, body: r.body}, true
	}
	return nil, false
}

// wanted reports whether the condition of a resource or output holds.
func (e *evaluator) wanted(r *resource) bool {
	condition := r.body.get("Condition")
	if condition == nil {
		return true
	}
	yes, sound := e.condition(condition)
	return yes || !sound
}

// name returns the physical name: the property that the type has for it, or one made of the logical id.
func (e *evaluator) name(r *resource) string {
	if name, ok := e.names[r.id]; ok {
		return name
	}
	e.names[r.id] = r.id // also what a name that refers to itself sees
	row, known := catalogue[r.kind]
	property := row.name
	if !known {
		property = "Name"
	}
	name, ok := e.member(r.properties, property)
	switch {
	case ok:
	case r.kind == "AWS::S3::Bucket":
		name = strings.ToLower(e.options.StackName + "-" + r.id)
	case row.ref == machineARN && len(e.files) == 1: // of a nested stack, several can be there
		name = r.id
	default:
		name = e.options.StackName + "-" + r.id
	}
	e.names[r.id] = name
	return name
}

func (e *evaluator) fill(text string, r *resource) string {
	text = strings.NewReplacer("{name}", e.name(r), "{id}", r.id, "{region}", e.options.Region, "{account}", e.options.AccountID).Replace(text)
	if strings.Contains(text, "{function}") {
		text = strings.ReplaceAll(text, "{function}", e.functionOf(r))
	}
	return propertyVariable.ReplaceAllStringFunc(text, func(m string) string {
		property, _ := e.member(r.properties, m[1:len(m)-1])
		return property
	})
}

var propertyVariable = regexp.MustCompile(`\{[A-Z][A-Za-z]*\}`)

// identity is what Ref answers for a resource.
func (e *evaluator) identity(r *resource) string {
	if answer, ok := e.options.Answers[r.id]; ok {
		return answer.ID
	}
	if ref := catalogue[r.kind].ref; ref != "" {
		return e.fill(ref, r)
	}
	return e.name(r)
}

// attribute is what Fn::GetAtt answers. Types whose attributes are not listed have every attribute: they mean nothing here,
// so a value that names what it stands for serves.
func (e *evaluator) attribute(r *resource, name string) (string, bool) {
	if answer, ok := e.options.Answers[r.id]; ok {
		return answer.attribute(name)
	}
	row := catalogue[r.kind]
	if text, ok := row.attributes[name]; ok {
		return e.fill(text, r), true
	}
	if row.attributes != nil {
		return "", false
	}
	if name == "Arn" {
		return e.fill("arn:aws:"+serviceOf(r.kind)+":{region}:{account}:{name}", r), true
	}
	return r.id + "." + name, true
}

func serviceOf(kind string) string {
	parts := strings.Split(kind, "::")
	if len(parts) < 2 {
		return "local"
	}
	return strings.ToLower(parts[1])
}

// stack resolves every resource and output.
func (e *evaluator) stack() *Stack {
	s := &Stack{}
	resources := e.root.get("Resources")
	if resources == nil || resources.kind != value.Object {
		e.find(e.root.at, "the template has no Resources")
		return s
	}
	for _, r := range e.resources {
		e.dependsOn(r)
		if e.wanted(r) {
			e.add(s, r)
		}
	}
	e.subscriptions(s)
	e.bucketNotifications(s)
	e.joinedEvents(s)
	for _, f := range fieldsOf(e.root.get("Outputs")) {
		e.output(s, f)
	}
	s.Lives = e.lives()
	e.nestedLives(s)
	s.Warnings = append(s.Warnings, e.warnings...)
	return s
}

func (e *evaluator) dependsOn(r *resource) {
	n := r.body.get("DependsOn")
	if n == nil {
		return
	}
	names := []*node{n}
	if n.kind == value.Array {
		names = n.items
	}
	for _, one := range names {
		if id := one.scalar.Str(); e.byID(id) == nil {
			e.unresolved(id, one.at, "DependsOn")
		}
	}
}

// add resolves a resource and puts it where it belongs.
func (e *evaluator) add(s *Stack, r *resource) {
	if strings.HasPrefix(r.id, forEach) {
		e.report(fault.New(fault.Unsupported, "the function Fn::ForEach is not supported").At(r.at))
		return
	}
	if r.kind == "" {
		e.find(r.at, "the resource %q has no Type", r.id)
		return
	}
	properties := &node{at: r.at, kind: value.Object}
	if r.properties != nil {
		if properties = e.eval(r.properties); properties == nil {
			return
		}
	}
	switch r.kind {
	case "AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine":
		if m, ok := e.stateMachine(r, properties); ok {
			s.StateMachines = append(s.StateMachines, m)
			s.Declarations = append(s.Declarations, e.sources(r, properties, m.ARN)...)
		}
	case "AWS::S3::Bucket":
		b := Bucket{LogicalID: r.id, Name: e.name(r), Position: r.at}
		e.notify(&b, properties.get("NotificationConfiguration"), templateNotifications)
		s.Buckets = append(s.Buckets, b)
	case "AWS::SNS::Topic":
		s.Topics = append(s.Topics, e.topic(r, properties))
	case "AWS::Batch::ComputeEnvironment", "AWS::Batch::JobQueue", "AWS::Batch::JobDefinition", "AWS::Logs::LogGroup",
		"AWS::Events::EventBus", "AWS::Events::Rule", "AWS::Scheduler::Schedule", "AWS::Scheduler::ScheduleGroup",
		"AWS::DynamoDB::Table", "AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::SecretsManager::Secret", "AWS::SSM::Parameter":
		named := properties.value().With(catalogue[r.kind].name, value.OfString(e.name(r)))
		s.Declarations = append(s.Declarations, Declaration{Resource{r.id, r.kind, r.at}, named})
	case "AWS::Lambda::Function", "AWS::Lambda::LayerVersion", "AWS::Serverless::Function", "AWS::Serverless::LayerVersion":
		s.Declarations = append(s.Declarations, e.code(r, properties))
		if r.kind == "AWS::Serverless::Function" {
			s.Declarations = append(s.Declarations, e.sources(r, properties, e.startedFunction(r))...)
		}
	case "AWS::Serverless::SimpleTable":
		s.Declarations = append(s.Declarations, e.simpleTable(r, properties))
	case "AWS::CloudFormation::Stack", "AWS::Serverless::Application":
		e.addNested(s, r)
	case "AWS::SNS::Subscription": // joined to its topic when all topics are known
	default:
		switch {
		case e.cdkResource(s, r, properties):
		case IsCustom(r.kind):
			e.custom(s, r, properties)
		default:
			e.accept(s, r)
		}
	}
}

func (e *evaluator) accept(s *Stack, r *resource) {
	s.Accepted = append(s.Accepted, Resource{r.id, r.kind, r.at})
	switch {
	case hasPrefix(r.kind, later):
		e.warn(r.at, "the resource "+r.id+" ("+r.kind+") is not carried out here yet")
	case !hasPrefix(r.kind, meaningless):
		known := make([]string, 0, len(catalogue))
		for kind := range catalogue {
			known = append(known, kind)
		}
		e.warn(r.at, "the resource "+r.id+" has the unknown type "+r.kind+suggest(r.kind, known))
	}
}

func (e *evaluator) topic(r *resource, properties *node) Topic {
	t := Topic{
		LogicalID: r.id, Name: e.name(r), ARN: e.identity(r), Position: r.at,
		Attributes: properties.texts("DisplayName", "FifoTopic", "ContentBasedDeduplication", "SignatureVersion", "KmsMasterKeyId"),
	}
	if list := properties.get("Subscription"); list != nil {
		for _, one := range list.items {
			t.Subscriptions = append(t.Subscriptions, subscription(one))
		}
	}
	return t
}

func subscription(n *node) Subscription {
	s := Subscription{
		Protocol:   n.get("Protocol").orEmpty(),
		Attributes: n.texts("FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "DeliveryPolicy"),
	}
	if endpoint := n.get("Endpoint"); endpoint != nil {
		s.Endpoint = endpoint.text()
	}
	return s
}

// texts returns the members of an object that are there, by their names; what is no text is its JSON.
func (n *node) texts(names ...string) map[string]string {
	out := map[string]string{}
	for _, name := range names {
		switch member := n.get(name); {
		case member == nil:
		case member.isScalar():
			out[name] = member.text()
		default:
			out[name] = member.value().Compact()
		}
	}
	return out
}

// subscriptions joins AWS::SNS::Subscription resources to their topics.
func (e *evaluator) subscriptions(s *Stack) {
	for _, r := range e.resources {
		if r.kind != "AWS::SNS::Subscription" || !e.wanted(r) {
			continue
		}
		properties := e.eval(r.properties)
		arn := properties.get("TopicArn").orEmpty()
		found := properties == nil
		for i := range s.Topics {
			if s.Topics[i].ARN == arn {
				s.Topics[i].Subscriptions = append(s.Topics[i].Subscriptions, subscription(properties))
				found = true
			}
		}
		if !found {
			e.warn(r.at, "the subscription "+r.id+" is of a topic outside this template: "+arn)
		}
	}
}

func (e *evaluator) output(s *Stack, f field) {
	if condition := f.value.get("Condition"); condition != nil {
		if yes, sound := e.condition(condition); sound && !yes {
			return
		}
	}
	n := f.value.get("Value")
	if n == nil {
		e.find(f.at, "the output %q has no Value", f.key)
		return
	}
	o := Output{Name: f.key, Description: f.value.get("Description").orEmpty()}
	o.Export, _ = e.member(f.value.get("Export"), "Name")
	if v := e.eval(n); v != nil && v != noValue {
		o.Value = v.value()
		if o.Export != "" && v.isScalar() {
			e.exports[o.Export] = v.text()
		}
		s.Outputs = append(s.Outputs, o)
	}
}
