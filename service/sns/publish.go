package sns

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

type publishRequest struct {
	Message                string `aws:"json"`
	MessageAttributes      map[string]Attribute
	MessageDeduplicationId string
	MessageGroupId         string
	MessageStructure       string
	PhoneNumber            string
	Subject                string
	TargetArn              string
	TopicArn               string
}

type publishResponse struct {
	MessageId      string
	SequenceNumber string
}

func (s *Service) publish(ctx context.Context, r *publishRequest) (*publishResponse, error) {
	t, err := s.target(r)
	if err != nil {
		return nil, err
	}
	if err := r.check(t); err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	m := Message{
		ID: id.String(), TopicARN: t.ARN, Subject: r.Subject, Text: r.Message, Attributes: r.MessageAttributes, Time: time.Now().UTC(),
		Group: r.MessageGroupId,
	}
	response, fresh := s.accept(t, r, &m)
	if !fresh {
		return &response, nil
	}
	return &response, s.distribute(ctx, t, m, r.MessageStructure == "json")
}

// distribute tells the observers and puts a delivery for every subscription that wants the message into the outbox.
func (s *Service) distribute(ctx context.Context, t *topic, m Message, structured bool) error {
	deliveries := s.deliveries(t, &m, structured)
	for _, observe := range s.options.Observers {
		if err := observe(ctx, m); err != nil {
			return err
		}
	}
	for _, d := range deliveries {
		if err := s.outbox.add(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// target finds the topic that a request names.
func (s *Service) target(r *publishRequest) (*topic, error) {
	name, given := "TopicArn", r.TopicArn
	switch {
	case r.PhoneNumber != "":
		return nil, fault.New(fault.Unsupported, "publishing to a phone number is not supported").WithCode(codeInvalidParameter)
	case r.TopicArn != "" && r.TargetArn != "":
		return nil, invalid("Both TopicArn and TargetArn cannot be specified in the request")
	case r.TopicArn == "" && r.TargetArn == "":
		return nil, invalid("TopicArn or TargetArn Reason: no value for required parameter")
	case r.TopicArn == "":
		name, given = "TargetArn", r.TargetArn
	}
	if _, err := arn.Parse(given); err != nil {
		return nil, invalid("%s Reason: An ARN must have at least 6 elements, not %d", name, strings.Count(given, ":")+1)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.topics[given]
	if !ok {
		return nil, notFound("Topic")
	}
	return t, nil
}

const (
	maxMessage = 256 << 10 // bytes
	maxSubject = 100       // characters
)

func (r *publishRequest) check(t *topic) error {
	switch {
	case r.Message == "":
		return invalid("Empty message")
	case r.size() > maxMessage:
		return invalid("Message too long")
	case utf8.RuneCountInString(r.Subject) > maxSubject || strings.ContainsAny(r.Subject, "\r\n"):
		return invalid("Subject")
	case t.fifo() && r.MessageGroupId == "":
		return invalid("The MessageGroupId parameter is required for FIFO topics")
	case t.fifo() && r.MessageDeduplicationId == "" && !t.contentBased():
		return invalid("The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	case !t.fifo() && r.MessageDeduplicationId != "":
		return invalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	}
	if err := checkAttributes(r.MessageAttributes); err != nil {
		return err
	}
	return r.checkStructure()
}

// size is what counts against the limit: the text and the attributes, in bytes.
func (r *publishRequest) size() int {
	size := len(r.Message)
	for name, a := range r.MessageAttributes {
		size += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return size
}

func checkAttributes(attributes map[string]Attribute) error {
	for name, a := range attributes {
		kind, _, _ := strings.Cut(a.DataType, ".")
		isText := kind == "String" || kind == "Number"
		switch {
		case !isText && kind != "Binary":
			return invalid("The message attribute '%s' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.", name)
		case isText && a.StringValue == "", kind == "Binary" && len(a.BinaryValue) == 0:
			return invalid("The message attribute '%s' must contain non-empty message attribute value for message attribute type '%s'.", name, a.DataType)
		case kind == "Number" && !isNumber(a.StringValue):
			return invalid("Could not cast message attribute '%s' value to number.", name)
		}
	}
	return nil
}

func isNumber(text string) bool {
	v, err := value.Parse(text)
	return err == nil && v.Kind() == value.Number
}

func (r *publishRequest) checkStructure() error {
	switch r.MessageStructure {
	case "":
		return nil
	case "json":
		v, err := value.Parse(r.Message)
		if err != nil {
			return invalid("Message Structure - JSON message body failed to parse")
		}
		if text, ok := v.Get("default"); !ok || text.Kind() != value.String {
			return invalid("Message Structure - No default entry in JSON message body")
		}
		return nil
	}
	return invalid("MessageStructure")
}

// deduplication is how long a FIFO topic remembers a message.
const deduplication = 5 * time.Minute

// sent is what a FIFO topic answered for a deduplication id.
type sent struct {
	response publishResponse
	at       time.Time
}

// accept gives a message its answer. It is not fresh when a FIFO topic has had it within five minutes.
func (s *Service) accept(t *topic, r *publishRequest, m *Message) (response publishResponse, fresh bool) {
	response.MessageId = m.ID
	if !t.fifo() {
		return response, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, old := range s.recent {
		if m.Time.Sub(old.at) > deduplication {
			delete(s.recent, key)
		}
	}
	key := t.ARN + "\n" + r.deduplicationID()
	if old, ok := s.recent[key]; ok {
		return old.response, false
	}
	s.sequence++
	response.SequenceNumber = fmt.Sprintf("1%019d", s.sequence)
	m.Sequence = response.SequenceNumber
	s.recent[key] = sent{response, m.Time}
	return response, true
}

// deduplicationID is the caller's, or of the message's content.
func (r *publishRequest) deduplicationID() string {
	if r.MessageDeduplicationId != "" {
		return r.MessageDeduplicationId
	}
	sum := sha256.Sum256([]byte(r.Message))
	return hex.EncodeToString(sum[:])
}
