package s3

import (
	"encoding/hex"
	"encoding/xml"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/s3/notify"
	"github.com/stepwell/stepwell/value"
)

// NotificationConfiguration is the document that says whom a bucket tells of its objects.
type NotificationConfiguration struct {
	XMLName                    xml.Name       `xml:"NotificationConfiguration"`
	TopicConfiguration         []notification `xml:",omitempty"`
	QueueConfiguration         []notification `xml:",omitempty"`
	CloudFunctionConfiguration []notification `xml:",omitempty"`
	EventBridgeConfiguration   *struct{}      `xml:",omitempty"`
}

type notification struct {
	ID            string   `xml:"Id"`
	Topic         string   `xml:",omitempty"`
	Queue         string   `xml:",omitempty"`
	CloudFunction string   `xml:",omitempty"`
	Event         []string `xml:"Event"`
	Filter        *filter  `xml:",omitempty"`
}

type filter struct {
	S3Key struct{ FilterRule []filterRule }
}

type filterRule struct{ Name, Value string }

// Check says why a document cannot be kept, and names what its writer has not named.
func (n *NotificationConfiguration) Check() error {
	var rules []notify.Rule
	for service, list := range map[string][]notification{
		"sns": n.TopicConfiguration, "sqs": n.QueueConfiguration, "lambda": n.CloudFunctionConfiguration,
	} {
		for i := range list {
			if list[i].ID == "" {
				list[i].ID = uuid.NewString()
			}
			if err := list[i].check(service); err != nil {
				return err
			}
			rules = append(rules, list[i].rule())
		}
	}
	return notify.Check(rules)
}

// check looks at what only the document shows: rules are checked when they are all known.
func (n *notification) check(service string) error {
	target := n.rule().Target
	if to, err := arn.Parse(target); err != nil || to.Service != service {
		return fault.Invalidf("The ARN could not be parsed: %q is none of %s", target, service).WithCode("InvalidArgument")
	}
	if len(n.Event) == 0 {
		return fault.Invalidf("The XML you provided was not well-formed or did not validate against our published schema").WithCode("MalformedXML")
	}
	if n.Filter == nil {
		return nil
	}
	for _, rule := range n.Filter.S3Key.FilterRule {
		if name := strings.ToLower(rule.Name); name != "prefix" && name != "suffix" {
			return fault.Invalidf("filter rule name must be either prefix or suffix").WithCode("InvalidArgument")
		}
	}
	return nil
}

// rule is a notification as the rules have it.
func (n *notification) rule() notify.Rule {
	r := notify.Rule{ID: n.ID, Target: n.Topic + n.Queue + n.CloudFunction, Events: n.Event}
	if n.Filter == nil {
		return r
	}
	for _, rule := range n.Filter.S3Key.FilterRule {
		switch strings.ToLower(rule.Name) {
		case "prefix":
			r.Prefix = rule.Value
		case "suffix":
			r.Suffix = rule.Value
		}
	}
	return r
}

// Notifications reads the document of a bucket about notifications, and whether it asks for events on EventBridge. What is no such
// document asks for nothing.
func Notifications(document []byte) (rules []notify.Rule, bus bool) {
	var n NotificationConfiguration
	if len(document) == 0 || xml.Unmarshal(document, &n) != nil {
		return nil, false
	}
	for _, one := range append(n.TopicConfiguration, n.CloudFunctionConfiguration...) {
		rules = append(rules, one.rule())
	}
	return rules, n.EventBridgeConfiguration != nil
}

// NotificationDocument is the document of a bucket that asks for these notifications and, if bus is set, for events on EventBridge.
func NotificationDocument(rules []notify.Rule, bus bool) []byte {
	n := NotificationConfiguration{}
	if bus {
		n.EventBridgeConfiguration = &struct{}{}
	}
	for _, r := range rules {
		one := notification{ID: r.ID, Event: r.Events, Filter: &filter{}}
		for _, rule := range []filterRule{{"prefix", r.Prefix}, {"suffix", r.Suffix}} {
			if rule.Value != "" {
				one.Filter.S3Key.FilterRule = append(one.Filter.S3Key.FilterRule, rule)
			}
		}
		if len(one.Filter.S3Key.FilterRule) == 0 {
			one.Filter = nil
		}
		if strings.Contains(r.Target, ":lambda:") {
			one.CloudFunction = r.Target
			n.CloudFunctionConfiguration = append(n.CloudFunctionConfiguration, one)
		} else {
			one.Topic = r.Target
			n.TopicConfiguration = append(n.TopicConfiguration, one)
		}
	}
	document, err := xml.Marshal(n)
	if err != nil {
		panic(err) // it holds nothing but texts
	}
	return document
}

// EventName is S3's word for a change, without s3: before it.
func EventName(c bucket.Change) string {
	if c.Deleted {
		return "ObjectRemoved:Delete"
	}
	return "ObjectCreated:" + string(c.Operation)
}

// NotificationRecord is what a topic or a function is told of a change: one record. Rule is the id of the notification.
func NotificationRecord(c bucket.Change, rule string, at time.Time, region, account string) value.Value {
	object := []value.Member{text("key", escapedKey(c.Object.Key))}
	if !c.Deleted {
		object = append(object, value.Member{Key: "size", Value: value.OfInt(c.Object.Size)}, text("eTag", c.Object.ETag))
	}
	object = append(object, text("sequencer", sequencer(at)))
	principal := value.OfMembers(text("principalId", account))
	request := uuid.New()
	record := value.OfMembers(
		text("eventVersion", "2.1"), text("eventSource", "aws:s3"), text("awsRegion", region),
		text("eventTime", at.UTC().Format("2006-01-02T15:04:05.000Z")), text("eventName", EventName(c)),
		value.Member{Key: "userIdentity", Value: principal},
		value.Member{Key: "requestParameters", Value: value.OfMembers(text("sourceIPAddress", "127.0.0.1"))},
		value.Member{Key: "responseElements", Value: value.OfMembers(
			text("x-amz-request-id", strings.ToUpper(hex.EncodeToString(request[:8]))), text("x-amz-id-2", hex.EncodeToString(request[:])))},
		value.Member{Key: "s3", Value: value.OfMembers(
			text("s3SchemaVersion", "1.0"), text("configurationId", rule),
			value.Member{Key: "bucket", Value: value.OfMembers(
				text("name", c.Bucket), value.Member{Key: "ownerIdentity", Value: principal}, text("arn", "arn:aws:s3:::"+c.Bucket))},
			value.Member{Key: "object", Value: value.OfMembers(object...)})},
	)
	return value.OfMembers(value.Member{Key: "Records", Value: value.OfItems([]value.Value{record})})
}

// escapedKey is a key as S3 writes it in records: percent-encoded, + for a blank, slashes as they are.
func escapedKey(key string) string {
	return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
}
