package sns

import (
	"github.com/google/uuid"

	"github.com/stepwell/stepwell/value"
)

// deliveries are what a message means for its topic's subscriptions, and it learns their endpoints.
func (s *Service) deliveries(t *topic, m *Message, structured bool) []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Delivery
	for _, sub := range s.ofTopic(t.ARN) {
		if !sub.Confirmed {
			continue
		}
		m.Endpoints = append(m.Endpoints, sub.Protocol+":"+sub.Endpoint)
		if s.wants(sub, m) {
			list = append(list, Delivery{
				ID: uuid.Must(uuid.NewV7()).String(), SubscriptionARN: sub.ARN, Protocol: sub.Protocol, Endpoint: sub.Endpoint,
				Raw: sub.Attributes["RawMessageDelivery"] == "true", SignatureVersion: t.Attributes["SignatureVersion"],
				DisplayName: t.Attributes["DisplayName"], Message: spoken(*m, sub.Protocol, structured),
			})
		}
	}
	return list
}

// spoken returns the message as a protocol gets it: a structured one has a text for each.
func spoken(m Message, protocol string, structured bool) Message {
	m.Endpoints = nil
	if !structured {
		return m
	}
	texts, err := value.Parse(m.Text)
	if err != nil { // publish has read it
		return m
	}
	text, ok := texts.Get(protocol)
	if !ok || text.Kind() != value.String {
		text, _ = texts.Get("default")
	}
	m.Text = text.Str()
	return m
}

// wants says whether a subscription's filter policy lets a message through. The caller holds the lock.
func (s *Service) wants(sub *subscription, m *Message) bool {
	filter := s.filters[sub.ARN]
	if filter == nil {
		return true
	}
	if sub.Attributes["FilterPolicyScope"] == "MessageBody" {
		body, err := value.Parse(m.Text)
		return err == nil && body.Kind() == value.Object && filter.Match(body)
	}
	return filter.Match(attributeValues(m.Attributes))
}

// attributeValues makes an object of attributes, as filter policies see them.
func attributeValues(attributes map[string]Attribute) value.Value {
	var members []value.Member
	for name, a := range attributes {
		v := value.OfString(a.StringValue)
		if a.DataType == "Number" || a.DataType == "String.Array" {
			if parsed, err := value.Parse(a.StringValue); err == nil {
				v = parsed
			}
		}
		if a.DataType != "Binary" {
			members = append(members, value.Member{Key: name, Value: v})
		}
	}
	return value.OfMembers(members...)
}
