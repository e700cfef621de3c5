package s3_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/service/s3"
)

func TestChangeEvent(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	id := regexp.MustCompile(`"request-id":"[0-9a-f]{16}"`)
	for want, change := range map[string]bucket.Change{
		`Object Created {"version":"0","bucket":{"name":"sales"},"object":{"key":"in/a b.csv","size":5,"etag":"e","sequencer":"0018FAE27693B40000"},` +
			`<id>,"requester":"1","source-ip-address":"127.0.0.1","reason":"PutObject"}`: {Bucket: "sales", Object: bucket.Object{Key: "in/a b.csv", Size: 5, ETag: "e"}, Operation: bucket.PutOperation},
		`Object Deleted {"version":"0","bucket":{"name":"sales"},"object":{"key":"a","sequencer":"0018FAE27693B40000"},` +
			`<id>,"requester":"1","source-ip-address":"127.0.0.1","reason":"DeleteObject","deletion-type":"Permanently Deleted"}`: {Bucket: "sales", Object: bucket.Object{Key: "a"}, Deleted: true},
	} {
		kind, detail := s3.ChangeEvent(change, at, "1")
		if got := kind + " " + id.ReplaceAllString(detail.Compact(), "<id>"); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}
