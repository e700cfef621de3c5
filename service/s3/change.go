package s3

import (
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/value"
)

// NotifiesBus reports whether a bucket's document about notifications asks for events on EventBridge.
func NotifiesBus(document []byte) bool {
	var asked struct {
		EventBridgeConfiguration *struct{}
	}
	return len(document) > 0 && xml.Unmarshal(document, &asked) == nil && asked.EventBridgeConfiguration != nil
}

// BusNotification is the document of a bucket that asks for events on EventBridge and for nothing else.
const BusNotification = `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><EventBridgeConfiguration/></NotificationConfiguration>`

// ChangeEvent returns the detail type and the detail of the event that EventBridge gets about a change of an object. How the
// object was written is not known: the reason is PutObject.
func ChangeEvent(c bucket.Change, at time.Time, account string) (detailType string, detail value.Value) {
	text := func(name, text string) value.Member { return value.Member{Key: name, Value: value.OfString(text)} }
	object := []value.Member{text("key", c.Object.Key)}
	if !c.Deleted {
		object = append(object, value.Member{Key: "size", Value: value.OfInt(c.Object.Size)}, text("etag", c.Object.ETag))
	}
	object = append(object, text("sequencer", fmt.Sprintf("00%016X", at.UnixNano())))
	id := uuid.New()
	members := []value.Member{
		text("version", "0"), {Key: "bucket", Value: value.OfMembers(text("name", c.Bucket))}, {Key: "object", Value: value.OfMembers(object...)},
		text("request-id", hex.EncodeToString(id[:8])), text("requester", account), text("source-ip-address", "127.0.0.1"),
	}
	if c.Deleted {
		return "Object Deleted", value.OfMembers(append(members, text("reason", "DeleteObject"), text("deletion-type", "Permanently Deleted"))...)
	}
	return "Object Created", value.OfMembers(append(members, text("reason", "PutObject"))...)
}
