// Package sns is the Amazon SNS service: topics, and publish to subscribers inside this program. It sends nothing over
// the network: what a subscriber does with a message is the subscriber's matter (a log, a file).
//
//	s := sns.New(sns.File(path), sns.Log(logger))
//	s.Add(sns.Topic{ARN: arn})
//	table := s.Table()
package sns

import (
	"context"
	"sync"
	"time"

	"github.com/stepwell/stepwell/service"
)

// Topic is something that can be published to.
type Topic struct {
	ARN  string
	FIFO bool
	// Endpoints are the topic's subscriptions on AWS, as protocol:endpoint; they are told to subscribers.
	Endpoints []string
}

// Message is one published message.
type Message struct {
	ID         string               `json:"MessageId"`
	TopicARN   string               `json:"TopicArn"`
	Subject    string               `json:"Subject,omitempty"`
	Text       string               `json:"Message"`
	Attributes map[string]Attribute `json:"MessageAttributes,omitempty"`
	Time       time.Time            `json:"Timestamp"`
	Endpoints  []string             `json:"Endpoints,omitempty"`
}

// Attribute is one message attribute.
type Attribute struct {
	BinaryValue []byte `json:",omitempty"`
	DataType    string `aws:"required"`
	StringValue string `json:",omitempty"`
}

// Subscriber receives the messages of all topics. An error makes the publication fail.
type Subscriber func(ctx context.Context, m Message) error

// Service holds topics.
type Service struct {
	subscribers []Subscriber

	mu       sync.Mutex
	topics   map[string]Topic
	sequence uint64
	recent   map[string]sent // by topic and deduplication id
}

// sent is what a FIFO topic answered for a deduplication id.
type sent struct {
	response publishResponse
	at       time.Time
}

// New returns a service without topics.
func New(subscribers ...Subscriber) *Service {
	return &Service{subscribers: subscribers, topics: map[string]Topic{}, recent: map[string]sent{}}
}

// Add makes a topic known, or changes it.
func (s *Service) Add(t Topic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.topics[t.ARN] = t
}

const (
	codeNotFound         = "NotFound"
	codeInvalidParameter = "InvalidParameter"
)

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name:      "sns",
		SDK:       "Sns",
		Optimized: &service.Optimized{Name: "sns", Errors: "SNS", Client: "AmazonSNS"},
		Protocol: service.Protocol{
			ContentType: "text/xml", Endpoint: "sns", Namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
		},
		Errors: []service.Error{
			{Code: codeNotFound, Status: 404},
			{Code: codeInvalidParameter, Status: 400},
		},
		Operations: []service.Operation{{
			Name: "Publish", Behaviour: service.Do(s.publish), Optimized: true,
			Errors:  []string{codeNotFound, codeInvalidParameter},
			Example: `{"TopicArn": "arn:aws:sns:us-east-1:123456789012:alerts", "Subject": "Load", "Message": {"rows": 5}}`,
		}},
	}
}
