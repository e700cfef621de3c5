package template

import (
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/s3/notify"
)

// notificationForm is how the notifications of a bucket are written: in a template, or in the API's way, which the CDK uses.
type notificationForm struct {
	// lists are the members with notifications and, in them, the members with the ARN.
	lists  map[string]string
	events string
	// key and rules lead from Filter to the rules.
	key, rules string
}

var (
	templateNotifications = notificationForm{
		map[string]string{"TopicConfigurations": "Topic", "LambdaConfigurations": "Function", "QueueConfigurations": "Queue"}, "Event", "S3Key", "Rules",
	}
	apiNotifications = notificationForm{
		map[string]string{"TopicConfigurations": "TopicArn", "LambdaFunctionConfigurations": "LambdaFunctionArn", "QueueConfigurations": "QueueArn"},
		"Events", "Key", "FilterRules",
	}
)

// notify reads a NotificationConfiguration into a bucket.
func (e *evaluator) notify(b *Bucket, n *node, form notificationForm) {
	if toBus := n.get("EventBridgeConfiguration"); toBus != nil {
		enabled := toBus.get("EventBridgeEnabled")
		b.EventBridge = enabled == nil || enabled.text() == "true"
	}
	for _, f := range fieldsOf(n) {
		member, ok := form.lists[f.key]
		if !ok {
			if f.key != "EventBridgeConfiguration" {
				e.find(f.at, "unknown member %s of a NotificationConfiguration%s", f.key, suggest(f.key, keysOf(form.lists)))
			}
			continue
		}
		for _, one := range f.value.items {
			e.addNotification(b, e.notification(one, member, form), one.at)
		}
	}
}

// addNotification gives a bucket one more notification, if it can have it.
func (e *evaluator) addNotification(b *Bucket, rule notify.Rule, at fault.Position) {
	if rule.ID == "" {
		rule.ID = b.LogicalID + "-" + strconv.Itoa(len(b.Notifications)+1)
	}
	all := append(slices.Clone(b.Notifications), rule)
	if err := notify.Check(all); err != nil {
		e.report(fault.New(fault.KindOf(err), "the notifications of the bucket %s", b.LogicalID).Because(err).At(at))
		return
	}
	b.Notifications = all
}

func keysOf(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	return names
}

func (e *evaluator) notification(n *node, member string, form notificationForm) notify.Rule {
	r := notify.Rule{ID: n.get("Id").orEmpty()}
	r.Target, _ = e.member(n, member)
	if events := n.get(form.events); events != nil && events.isScalar() {
		r.Events = []string{events.text()}
	} else if events != nil {
		for _, event := range events.items {
			r.Events = append(r.Events, event.text())
		}
	}
	rules := n.get("Filter").get(form.key).get(form.rules)
	if rules == nil {
		return r
	}
	for _, rule := range rules.items {
		text, _ := e.member(rule, "Value")
		switch name := rule.get("Name").orEmpty(); strings.ToLower(name) {
		case "prefix":
			r.Prefix = text
		case "suffix":
			r.Suffix = text
		default:
			e.find(rule.at, "a filter rule's Name is prefix or suffix, not %q", name)
		}
	}
	return r
}

// bucketNotifications joins the Custom::S3BucketNotifications of the CDK to their buckets, when all buckets are known.
func (e *evaluator) bucketNotifications(s *Stack) {
	for _, r := range e.resources {
		if r.kind != "Custom::S3BucketNotifications" || !e.wanted(r) {
			continue
		}
		properties := e.eval(r.properties)
		if properties == nil {
			continue
		}
		name := properties.get("BucketName").orEmpty()
		found := false
		for i := range s.Buckets {
			if s.Buckets[i].Name == name {
				e.notify(&s.Buckets[i], properties.get("NotificationConfiguration"), apiNotifications)
				found = true
			}
		}
		if !found {
			e.warn(r.at, "the notifications "+r.id+" are of a bucket outside this template: "+name)
		}
	}
}
