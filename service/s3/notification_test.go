package s3_test

import (
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/s3/notify"
)

// What is written is read again.
func TestNotificationDocument(t *testing.T) {
	rules := []notify.Rule{
		{ID: "a", Target: "arn:aws:sns:us-east-1:1:t", Events: []string{"s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"}},
		{ID: "b", Target: "arn:aws:lambda:us-east-1:1:function:f:live", Events: []string{"s3:ObjectCreated:Put"}, Prefix: "in/<", Suffix: ".csv"},
	}
	for _, bus := range []bool{true, false} {
		got, asked := s3.Notifications(s3.NotificationDocument(rules, bus))
		if !reflect.DeepEqual(got, rules) || asked != bus {
			t.Errorf("got %+v, %t", got, asked)
		}
	}
	for _, document := range []string{"", "<", "<NotificationConfiguration/>", "<Other><EventBridgeConfiguration/></Other>"} {
		if rules, bus := s3.Notifications([]byte(document)); len(rules) > 0 || bus {
			t.Errorf("%s asks for %+v, %t", document, rules, bus)
		}
	}
	document := `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EventBridgeConfiguration></EventBridgeConfiguration></NotificationConfiguration>`
	if _, bus := s3.Notifications([]byte(document)); !bus {
		t.Error("a document of the API does not ask for events")
	}
}

func TestNotificationRecord(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	id := regexp.MustCompile(`"(x-amz-[a-z0-9-]+)":"[0-9a-fA-F]+"`)
	const before = `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventTime":"2027-01-15T08:00:00.000Z","eventName":`
	const between = `,"userIdentity":{"principalId":"1"},"requestParameters":{"sourceIPAddress":"127.0.0.1"},` +
		`"responseElements":{"x-amz-request-id":<id>,"x-amz-id-2":<id>},"s3":{"s3SchemaVersion":"1.0","configurationId":"n",` +
		`"bucket":{"name":"sales","ownerIdentity":{"principalId":"1"},"arn":"arn:aws:s3:::sales"},"object":`
	for want, change := range map[string]bucket.Change{
		before + `"ObjectCreated:Copy"` + between + `{"key":"in/a+b%3D%C3%A9.csv","size":5,"eTag":"e","sequencer":"0018FAE27693B40000"}}}]}`: {
			Bucket: "sales", Object: bucket.Object{Key: "in/a b=é.csv", Size: 5, ETag: "e"}, Operation: bucket.CopyOperation},
		before + `"ObjectRemoved:Delete"` + between + `{"key":"a","sequencer":"0018FAE27693B40000"}}}]}`: {
			Bucket: "sales", Object: bucket.Object{Key: "a"}, Deleted: true},
	} {
		record := s3.NotificationRecord(change, "n", at, "us-east-1", "1")
		if got := id.ReplaceAllString(record.Compact(), `"$1":<id>`); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}
