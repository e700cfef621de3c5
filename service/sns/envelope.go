package sns

import (
	"encoding/base64"
	"maps"
	"slices"

	"github.com/stepwell/stepwell/value"
)

// Envelope is a delivery as JSON, the way HTTP endpoints, functions and files get it. More are members for its end: a signature,
// addresses.
func (d Delivery) Envelope(more ...value.Member) value.Value {
	kind := "Notification"
	if d.Token != "" {
		kind = "SubscriptionConfirmation"
	}
	members := []value.Member{{Key: "Type", Value: value.OfString(kind)}}
	text := func(key, text string) {
		if text != "" {
			members = append(members, value.Member{Key: key, Value: value.OfString(text)})
		}
	}
	text("MessageId", d.Message.ID)
	text("SequenceNumber", d.Message.Sequence)
	text("Token", d.Token)
	text("TopicArn", d.Message.TopicARN)
	text("Subject", d.Message.Subject)
	text("Message", d.Message.Text)
	text("Timestamp", d.Timestamp())
	if len(d.Message.Attributes) > 0 {
		members = append(members, value.Member{Key: "MessageAttributes", Value: shownAttributes(d.Message.Attributes)})
	}
	return value.OfMembers(append(members, more...)...)
}

// Timestamp is when the message was published, as envelopes and signatures spell it.
func (d Delivery) Timestamp() string { return d.Message.Time.UTC().Format("2006-01-02T15:04:05.000Z") }

func shownAttributes(attributes map[string]Attribute) value.Value {
	var members []value.Member
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		content := a.StringValue
		if len(a.BinaryValue) > 0 {
			content = base64.StdEncoding.EncodeToString(a.BinaryValue)
		}
		members = append(members, value.Member{Key: name, Value: value.OfMembers(
			value.Member{Key: "Type", Value: value.OfString(a.DataType)},
			value.Member{Key: "Value", Value: value.OfString(content)},
		)})
	}
	return value.OfMembers(members...)
}

// Event is a delivery as the event of a function or the input of a state machine.
func (d Delivery) Event() value.Value {
	return value.OfMembers(value.Member{Key: "Records", Value: value.OfItems([]value.Value{value.OfMembers(
		value.Member{Key: "EventSource", Value: value.OfString("aws:sns")},
		value.Member{Key: "EventVersion", Value: value.OfString("1.0")},
		value.Member{Key: "EventSubscriptionArn", Value: value.OfString(d.SubscriptionARN)},
		value.Member{Key: "Sns", Value: d.Envelope()},
	)})})
}
