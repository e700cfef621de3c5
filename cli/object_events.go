package cli

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/events"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/value"
)

// notificationDocument is what buckets call the document that says whom they tell of their objects.
const notificationDocument = "notification"

// objectChanged tells those who want to know of an object that changed: the event bus, topics and functions. Topics and functions are
// told durably before the writer has its answer.
func (b *bus) objectChanged(buckets *buckets) func(context.Context, bucket.Change) {
	return func(ctx context.Context, c bucket.Change) {
		document, err := buckets.Configuration(ctx, c.Bucket, notificationDocument)
		if err != nil || len(document) == 0 {
			return
		}
		rules, toBus := s3.Notifications(document)
		toBus = toBus && b.events.Wanted()
		if c.Object.ETag == "" && !c.Deleted && (toBus || len(rules) > 0) {
			if o, err := buckets.Head(ctx, c.Bucket, c.Object.Key); err == nil {
				c.Object.ETag = o.ETag
			}
		}
		now := time.Now()
		if toBus {
			kind, detail := s3.ChangeEvent(c, now, project.Account)
			b.events.Tell(events.Event{
				Source: "aws.s3", DetailType: kind, Time: now, Resources: []string{bucketARN(c.Bucket)}, Detail: detail,
				Execution: service.ExecutionOf(ctx),
			})
		}
		for _, rule := range rules {
			if !rule.Matches(s3.EventName(c), c.Object.Key) {
				continue
			}
			record := s3.NotificationRecord(c, rule.ID, now, project.Region, project.Account)
			if err := b.notify(ctx, c.Bucket, rule.Target, record); err != nil {
				b.log.Error("notification lost", "bucket", c.Bucket, "key", c.Object.Key, "target", rule.Target, "error", err)
			}
		}
	}
}

// notify has a topic or a function told something by a bucket.
func (b *bus) notify(ctx context.Context, name, to string, record value.Value) error {
	return b.courier.Add(context.WithoutCancel(ctx), target.Invocation{
		ID: uuid.NewString(), From: bucketARN(name), Input: record.Compact(), Depth: b.courier.Depth(service.ExecutionOf(ctx)),
		Target: target.Target{ARN: to, Parameters: value.OfMembers(named("Subject", "Amazon S3 Notification"))},
	})
}

func bucketARN(name string) string { return "arn:aws:s3:::" + name }

// templateNotification is what buckets call the document that their template has last asked for.
const templateNotification = "notification-of-template"

// notifyOf has a bucket tell those whom its template names. What clients have asked for stays until the template changes.
func (l *local) notifyOf(ctx context.Context, b *template.Bucket) error {
	var wanted []byte
	if len(b.Notifications) > 0 || b.EventBridge {
		wanted = s3.NotificationDocument(b.Notifications, b.EventBridge)
	}
	last, err := l.buckets.Configuration(ctx, b.Name, templateNotification)
	if err != nil || string(last) == string(wanted) {
		return err
	}
	if err := l.buckets.Configure(ctx, b.Name, notificationDocument, wanted); err != nil {
		return err
	}
	return l.buckets.Configure(ctx, b.Name, templateNotification, wanted)
}
