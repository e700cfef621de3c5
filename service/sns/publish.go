package sns

import (
	"context"
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

func invalid(format string, args ...any) error {
	return fault.Invalidf("Invalid parameter: "+format, args...).WithCode(codeInvalidParameter)
}

func (s *Service) publish(ctx context.Context, r *publishRequest) (*publishResponse, error) {
	topic, err := s.topic(r)
	if err != nil {
		return nil, err
	}
	if err := r.check(topic); err != nil {
		return nil, err
	}
	m := Message{
		ID: uuid.NewString(), TopicARN: topic.ARN, Subject: r.Subject, Text: r.Message, Attributes: r.MessageAttributes,
		Time: time.Now().UTC(), Endpoints: topic.Endpoints,
	}
	response, fresh := s.accept(topic, r, m)
	if !fresh {
		return &response, nil
	}
	for _, deliver := range s.subscribers {
		if err := deliver(ctx, m); err != nil {
			return nil, err
		}
	}
	return &response, nil
}

// topic finds the topic that a request names.
func (s *Service) topic(r *publishRequest) (Topic, error) {
	name, given := "TopicArn", r.TopicArn
	switch {
	case r.PhoneNumber != "":
		return Topic{}, fault.New(fault.Unsupported, "publishing to a phone number is not supported").WithCode(codeInvalidParameter)
	case r.TopicArn != "" && r.TargetArn != "":
		return Topic{}, invalid("Both TopicArn and TargetArn cannot be specified in the request")
	case r.TopicArn == "" && r.TargetArn == "":
		return Topic{}, invalid("TopicArn or TargetArn Reason: no value for required parameter")
	case r.TopicArn == "":
		name, given = "TargetArn", r.TargetArn
	}
	if _, err := arn.Parse(given); err != nil {
		return Topic{}, invalid("%s Reason: An ARN must have at least 6 elements, not %d", name, strings.Count(given, ":")+1)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	topic, ok := s.topics[given]
	if !ok {
		return Topic{}, fault.New(fault.NotFound, "Topic does not exist").WithCode(codeNotFound)
	}
	return topic, nil
}

const (
	maxMessage = 256 << 10 // bytes
	maxSubject = 100       // characters
)

func (r *publishRequest) check(topic Topic) error {
	switch {
	case r.Message == "":
		return invalid("Empty message")
	case len(r.Message) > maxMessage:
		return invalid("Message too long")
	case utf8.RuneCountInString(r.Subject) > maxSubject || strings.ContainsAny(r.Subject, "\r\n"):
		return invalid("Subject")
	case topic.FIFO && r.MessageGroupId == "":
		return invalid("The MessageGroupId parameter is required for FIFO topics")
	case !topic.FIFO && r.MessageDeduplicationId != "":
		return invalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	}
	return r.checkStructure()
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

// accept gives a message its answer. It is not fresh when a FIFO topic has had it within five minutes.
func (s *Service) accept(topic Topic, r *publishRequest, m Message) (response publishResponse, fresh bool) {
	response.MessageId = m.ID
	if !topic.FIFO {
		return response, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, old := range s.recent {
		if m.Time.Sub(old.at) > deduplication {
			delete(s.recent, key)
		}
	}
	key := topic.ARN + "\n" + r.MessageDeduplicationId
	if old, ok := s.recent[key]; ok && r.MessageDeduplicationId != "" {
		return old.response, false
	}
	s.sequence++
	response.SequenceNumber = fmt.Sprintf("1%019d", s.sequence)
	s.recent[key] = sent{response, m.Time}
	return response, true
}
