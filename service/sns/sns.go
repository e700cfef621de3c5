// Package sns is the Amazon SNS service: topics, subscriptions with filter policies, and durable delivery to them. What was
// published is delivered after a crash as well. It opens no connection itself: how a message reaches an endpoint is a
// Transport (packages mail and web below this one, or a function of the caller).
//
//	s, err := sns.Open(ctx, records, sns.Options{Region: …, Account: …, Transports: map[string]sns.Transport{"email": …}})
//	arn, err := s.Declare(ctx, sns.Declared{Name: "alerts", …})
//	table := s.Table()
package sns

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/pattern"
	"github.com/stepwell/stepwell/service"
)

// Options is what a service needs of the world.
type Options struct {
	Region, Account string
	// Transports carry messages, by the protocol of the subscription. A protocol without one cannot be subscribed.
	Transports map[string]Transport
	// Observers are told every message before its publication is answered. An error makes the publication fail.
	Observers []Observer
	// DeadLetter keeps what could not be delivered; nil: it is only logged.
	DeadLetter func(d Delivery, reason error) error
	Log        *slog.Logger
}

// Observer learns of the messages of all topics.
type Observer func(ctx context.Context, m Message) error

// Service holds topics and subscriptions, and delivers.
type Service struct {
	options Options

	topicRecords        service.Stored[topic]
	subscriptionRecords service.Stored[subscription]
	outbox              outbox

	mu            sync.Mutex
	topics        map[string]*topic        // by ARN
	subscriptions map[string]*subscription // by ARN
	filters       map[string]*pattern.Pattern
	sequence      uint64
	recent        map[string]sent // by topic and deduplication id
}

// Message is one published message.
type Message struct {
	ID         string               `json:"MessageId"`
	TopicARN   string               `json:"TopicArn"`
	Subject    string               `json:"Subject,omitempty"`
	Text       string               `json:"Message"`
	Attributes map[string]Attribute `json:"MessageAttributes,omitempty"`
	Time       time.Time            `json:"Timestamp"`
	// Sequence is the number that a FIFO topic gave the message.
	Sequence string `json:"SequenceNumber,omitempty"`
	Group    string `json:"MessageGroupId,omitempty"`
	// Endpoints are the confirmed subscriptions of the topic, as protocol:endpoint.
	Endpoints []string `json:"Endpoints,omitempty"`
}

// Attribute is one message attribute.
type Attribute struct {
	BinaryValue []byte `json:",omitempty"`
	DataType    string `aws:"required"`
	StringValue string `json:",omitempty"`
}

// Open returns the service over its records and goes on with the deliveries that a former process left.
func Open(ctx context.Context, records service.Records, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		options:             o,
		topicRecords:        service.Stored[topic]{Records: records, Kind: "sns.topic"},
		subscriptionRecords: service.Stored[subscription]{Records: records, Kind: "sns.subscription"},
		topics:              map[string]*topic{}, subscriptions: map[string]*subscription{},
		filters: map[string]*pattern.Pattern{}, recent: map[string]sent{},
	}
	if err := s.load(ctx); err != nil {
		return nil, err
	}
	return s, s.outbox.open(ctx, service.Stored[Delivery]{Records: records, Kind: "sns.delivery"}, o)
}

func (s *Service) load(ctx context.Context) error {
	topics, err := s.topicRecords.All(ctx)
	if err != nil {
		return err
	}
	for i := range topics {
		s.topics[topics[i].ARN] = &topics[i]
	}
	subscriptions, err := s.subscriptionRecords.All(ctx)
	if err != nil {
		return err
	}
	for i := range subscriptions {
		s.subscriptions[subscriptions[i].ARN] = &subscriptions[i]
		if err := s.compile(&subscriptions[i]); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the attempts that are under way once they are done or the context ends. What is not delivered stays in the records.
func (s *Service) Close(ctx context.Context) { s.outbox.close(ctx) }

const (
	codeNotFound         = "NotFound"
	codeInvalidParameter = "InvalidParameter"
	codeResourceNotFound = "ResourceNotFound"
	codeTagLimit         = "TagLimitExceeded"
	codeEmptyBatch       = "EmptyBatchRequest"
	codeTooMany          = "TooManyEntriesInBatchRequest"
	codeNotDistinct      = "BatchEntryIdsNotDistinct"
	codeTooLong          = "BatchRequestTooLong"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf("Invalid parameter: "+format, args...).WithCode(codeInvalidParameter)
}

func notFound(what string) error {
	return fault.New(fault.NotFound, "%s does not exist", what).WithCode(codeNotFound)
}

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
			{Code: codeResourceNotFound, Status: 404},
			{Code: codeTagLimit, Status: 400},
			{Code: codeEmptyBatch, Status: 400},
			{Code: codeTooMany, Status: 400},
			{Code: codeNotDistinct, Status: 400},
			{Code: codeTooLong, Status: 400},
		},
		Operations: s.operations(),
	}
}

const exampleTopic = `"arn:aws:sns:us-east-1:123456789012:alerts"`

func (s *Service) operations() []service.Operation {
	subscription := `{"SubscriptionArn": "arn:aws:sns:us-east-1:123456789012:alerts:6b0e71bd-7e97-4d97-80ce-4a0994e55286"`
	topicErrors := []string{codeNotFound, codeInvalidParameter}
	return []service.Operation{
		{Name: "CreateTopic", Behaviour: service.Do(s.createTopic), Errors: []string{codeInvalidParameter, codeTagLimit},
			Example: `{"Name": "loads"}`},
		{Name: "GetTopicAttributes", Behaviour: service.Do(s.topicAttributes), Errors: topicErrors, Example: `{"TopicArn": ` + exampleTopic + `}`},
		{Name: "SetTopicAttributes", Behaviour: service.Do(s.setTopicAttributes), Errors: topicErrors,
			Example: `{"TopicArn": ` + exampleTopic + `, "AttributeName": "DisplayName", "AttributeValue": "Alerts"}`,
			Differs: "policies are stored, not enforced"},
		{Name: "ListTopics", Behaviour: service.Do(s.listTopics), Errors: []string{codeInvalidParameter}, Example: `{}`},
		{Name: "TagResource", Behaviour: service.Do(s.tag), Errors: []string{codeResourceNotFound, codeTagLimit, codeInvalidParameter},
			Example: `{"ResourceArn": ` + exampleTopic + `, "Tags": [{"Key": "team", "Value": "sales"}]}`},
		{Name: "ListTagsForResource", Behaviour: service.Do(s.listTags), Errors: []string{codeResourceNotFound, codeInvalidParameter},
			Example: `{"ResourceArn": ` + exampleTopic + `}`},
		{Name: "UntagResource", Behaviour: service.Do(s.untag), Errors: []string{codeResourceNotFound, codeInvalidParameter},
			Example: `{"ResourceArn": ` + exampleTopic + `, "TagKeys": ["team"]}`},
		{Name: "Subscribe", Behaviour: service.Do(s.subscribe), Errors: topicErrors,
			Example: `{"TopicArn": ` + exampleTopic + `, "Protocol": "file", "Endpoint": "alerts.jsonl"}`,
			Differs: "file writes to a file of the data folder and states starts a state machine; sms, sqs, firehose and application are refused"},
		{Name: "ConfirmSubscription", Behaviour: service.Do(s.confirm), Errors: topicErrors,
			Example: `{"TopicArn": ` + exampleTopic + `, "Token": "2336412f37fb687f5d51e6e2425c464de257eb6c6d3a9f7b3c6e1d1f1d1e1c1b"}`},
		{Name: "GetSubscriptionAttributes", Behaviour: service.Do(s.subscriptionAttributes), Errors: topicErrors, Example: subscription + `}`},
		{Name: "SetSubscriptionAttributes", Behaviour: service.Do(s.setSubscriptionAttributes), Errors: topicErrors,
			Example: subscription + `, "AttributeName": "RawMessageDelivery", "AttributeValue": "false"}`},
		{Name: "ListSubscriptions", Behaviour: service.Do(s.listSubscriptions), Errors: []string{codeInvalidParameter}, Example: `{}`},
		{Name: "ListSubscriptionsByTopic", Behaviour: service.Do(s.listSubscriptionsByTopic), Errors: topicErrors,
			Example: `{"TopicArn": ` + exampleTopic + `}`},
		{Name: "Publish", Behaviour: service.Do(s.publish), Optimized: true, Errors: topicErrors,
			Example: `{"TopicArn": ` + exampleTopic + `, "Subject": "Load", "Message": {"rows": 5}}`},
		{Name: "PublishBatch", Behaviour: service.Do(s.publishBatch), Errors: append([]string{codeEmptyBatch, codeTooMany, codeNotDistinct, codeTooLong}, topicErrors...),
			Example: `{"TopicArn": ` + exampleTopic + `, "PublishBatchRequestEntries": [{"Id": "1", "Message": "loaded"}]}`},
		{Name: "Unsubscribe", Behaviour: service.Do(s.unsubscribe), Errors: topicErrors, Example: subscription + `}`},
		{Name: "DeleteTopic", Behaviour: service.Do(s.deleteTopic), Errors: []string{codeInvalidParameter}, Example: `{"TopicArn": ` + exampleTopic + `}`},
	}
}
