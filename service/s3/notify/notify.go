// Package notify has the rules by which a bucket tells of its objects: which event of which object is told to whom. It reads no
// configuration and tells nobody.
//
//	err := notify.Check(rules)
//	told := rule.Matches("ObjectCreated:Put", "in/a.csv")
package notify

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
)

// Rule is one notification of a bucket.
type Rule struct {
	ID string
	// Target is the ARN of a topic, a function or a queue.
	Target string
	// Events are those of S3: s3:ObjectCreated:*, s3:ObjectRemoved:Delete …
	Events []string
	// Prefix and Suffix are those of the keys that are meant.
	Prefix, Suffix string
}

// known are the events of S3. Besides those of objects created and removed, nothing here makes any.
var known = []string{
	"s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectCreated:Post", "s3:ObjectCreated:Copy", "s3:ObjectCreated:CompleteMultipartUpload",
	"s3:ObjectRemoved:*", "s3:ObjectRemoved:Delete", "s3:ObjectRemoved:DeleteMarkerCreated",
	"s3:ObjectRestore:*", "s3:ObjectRestore:Post", "s3:ObjectRestore:Completed", "s3:ObjectRestore:Delete",
	"s3:ReducedRedundancyLostObject", "s3:Replication:*", "s3:Replication:OperationFailedReplication", "s3:Replication:OperationMissedThreshold",
	"s3:Replication:OperationReplicatedAfterThreshold", "s3:Replication:OperationNotTracked", "s3:LifecycleExpiration:*",
	"s3:LifecycleExpiration:Delete", "s3:LifecycleExpiration:DeleteMarkerCreated", "s3:LifecycleTransition", "s3:IntelligentTiering",
	"s3:ObjectTagging:*", "s3:ObjectTagging:Put", "s3:ObjectTagging:Delete", "s3:ObjectAcl:Put",
}

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode("InvalidArgument")
}

// Check says whether rules are S3's, and whether one event of one object can be told by two of them, which S3 refuses. A rule for
// a queue is Unsupported.
func Check(rules []Rule) error {
	for i := range rules {
		if err := rules[i].check(); err != nil {
			return err
		}
		for _, other := range rules[:i] {
			if rules[i].overlaps(&other) {
				return invalid("Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping " +
					"for the same event type.")
			}
		}
	}
	return nil
}

func (r *Rule) check() error {
	to, err := arn.Parse(r.Target)
	switch {
	case err == nil && to.Service == "sqs":
		return fault.New(fault.Unsupported, "notifications to queues are not supported: %s", r.Target).WithCode("NotImplemented")
	case err != nil || to.Service != "sns" && to.Service != "lambda":
		return invalid("The ARN could not be parsed: %q is no topic and no function", r.Target)
	case len(r.Events) == 0:
		return invalid("a notification to %s has no event", r.Target)
	}
	for _, event := range r.Events {
		if !slices.Contains(known, event) {
			return invalid("The event '%s' is not supported for notifications", event)
		}
	}
	return nil
}

// Matches reports whether an event, without s3: before it, of an object is told.
func (r *Rule) Matches(event, key string) bool {
	return strings.HasPrefix(key, r.Prefix) && strings.HasSuffix(key, r.Suffix) &&
		slices.ContainsFunc(r.Events, func(wanted string) bool { return covers(wanted, "s3:"+event) })
}

// covers reports whether an event is the other one or has it among its kinds.
func covers(event, other string) bool {
	kinds, all := strings.CutSuffix(event, "*")
	return event == other || all && strings.HasPrefix(other, kinds)
}

func (r *Rule) overlaps(other *Rule) bool {
	either := func(has func(a, b string) bool, a, b string) bool { return has(a, b) || has(b, a) }
	if !either(strings.HasPrefix, r.Prefix, other.Prefix) || !either(strings.HasSuffix, r.Suffix, other.Suffix) {
		return false
	}
	for _, a := range r.Events {
		for _, b := range other.Events {
			if either(covers, a, b) {
				return true
			}
		}
	}
	return false
}
