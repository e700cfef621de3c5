package s3

import (
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/value"
)

func text(name, text string) value.Member {
	return value.Member{Key: name, Value: value.OfString(text)}
}

// sequencer orders the events of one object.
func sequencer(at time.Time) string { return fmt.Sprintf("00%016X", at.UnixNano()) }

// ChangeEvent returns the detail type and the detail of the event that EventBridge gets about a change of an object.
func ChangeEvent(c bucket.Change, at time.Time, account string) (detailType string, detail value.Value) {
	object := []value.Member{text("key", c.Object.Key)}
	if !c.Deleted {
		object = append(object, value.Member{Key: "size", Value: value.OfInt(c.Object.Size)}, text("etag", c.Object.ETag))
	}
	object = append(object, text("sequencer", sequencer(at)))
	id := uuid.New()
	members := []value.Member{
		text("version", "0"), {Key: "bucket", Value: value.OfMembers(text("name", c.Bucket))}, {Key: "object", Value: value.OfMembers(object...)},
		text("request-id", hex.EncodeToString(id[:8])), text("requester", account), text("source-ip-address", "127.0.0.1"),
	}
	if c.Deleted {
		return "Object Deleted", value.OfMembers(append(members, text("reason", "DeleteObject"), text("deletion-type", "Permanently Deleted"))...)
	}
	return "Object Created", value.OfMembers(append(members, text("reason", reason(c.Operation)))...)
}

// reason is EventBridge's word for how an object was written.
func reason(o bucket.Operation) string {
	if o == bucket.CompleteMultipartUploadOperation {
		return string(o)
	}
	return string(o) + "Object"
}
