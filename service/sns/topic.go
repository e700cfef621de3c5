package sns

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// topic is a topic's record.
type topic struct {
	ARN        string
	Attributes map[string]string
	Tags       map[string]string
}

func (t *topic) fifo() bool { return strings.HasSuffix(t.ARN, ".fifo") }

func (t *topic) contentBased() bool { return t.Attributes["ContentBasedDeduplication"] == "true" }

func (s *Service) topicARN(name string) string {
	return "arn:aws:sns:" + s.options.Region + ":" + s.options.Account + ":" + name
}

// putTopic makes a topic durable, then known. The caller holds the lock.
func (s *Service) putTopic(ctx context.Context, t *topic) error {
	if err := s.topicRecords.Put(ctx, t.ARN, *t); err != nil {
		return err
	}
	s.topics[t.ARN] = t
	return nil
}

type createTopicRequest struct {
	Attributes           map[string]string
	DataProtectionPolicy string
	Name                 string `aws:"required"`
	Tags                 []tag
}

type topicResponse struct{ TopicArn string }

var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (s *Service) createTopic(ctx context.Context, r *createTopicRequest) (*topicResponse, error) {
	base, fifo := strings.CutSuffix(r.Name, ".fifo")
	if !topicName.MatchString(base) || len(r.Name) > 256 {
		return nil, invalid("Topic Name")
	}
	attributes := maps.Clone(r.Attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	if fifo != (attributes["FifoTopic"] == "true") {
		return nil, invalid("Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256 characters long.")
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if err := checkTopicAttribute(name, attributes[name]); err != nil {
			return nil, err
		}
	}
	if r.DataProtectionPolicy != "" {
		attributes["DataProtectionPolicy"] = r.DataProtectionPolicy
	}
	tags, err := mergeTags(nil, r.Tags)
	if err != nil {
		return nil, err
	}
	return s.addTopic(ctx, &topic{ARN: s.topicARN(r.Name), Attributes: attributes, Tags: tags})
}

// addTopic answers with a topic that is there if it was made with the same request.
func (s *Service) addTopic(ctx context.Context, t *topic) (*topicResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.topics[t.ARN]; ok {
		for name, text := range t.Attributes {
			if old.Attributes[name] != text {
				return nil, invalid("Attributes Reason: Topic already exists with different attributes")
			}
		}
		if len(t.Tags) > 0 && !maps.Equal(t.Tags, old.Tags) {
			return nil, invalid("Tags Reason: Topic already exists with different tags")
		}
		return &topicResponse{t.ARN}, nil
	}
	return &topicResponse{t.ARN}, s.putTopic(ctx, t)
}

// topicAttributeNames are the attributes that a caller may set, with whether the text is JSON.
var topicAttributeNames = map[string]bool{
	"DeliveryPolicy": true, "Policy": true, "DisplayName": false, "FifoTopic": false, "ContentBasedDeduplication": false, "KmsMasterKeyId": false,
	"TracingConfig": false, "SignatureVersion": false, "FifoThroughputScope": false, "ArchivePolicy": true, "DataProtectionPolicy": true,
	"HTTPSuccessFeedbackRoleArn": false, "HTTPSuccessFeedbackSampleRate": false, "HTTPFailureFeedbackRoleArn": false,
	"LambdaSuccessFeedbackRoleArn": false, "LambdaSuccessFeedbackSampleRate": false, "LambdaFailureFeedbackRoleArn": false,
}

func checkTopicAttribute(name, text string) error {
	isJSON, known := topicAttributeNames[name]
	if !known {
		return invalid("AttributeName")
	}
	if isJSON {
		if _, err := value.Parse(text); err != nil && text != "" {
			return invalid("%s: it is not JSON: %v", name, err)
		}
	}
	if (name == "FifoTopic" || name == "ContentBasedDeduplication") && text != "true" && text != "false" ||
		name == "SignatureVersion" && text != "1" && text != "2" {
		return invalid("Attributes Reason: %s: Invalid value [%s]", name, text)
	}
	return nil
}

type topicRequest struct {
	TopicArn string `aws:"required"`
}

type attributesResponse struct{ Attributes map[string]string }

func (s *Service) topicAttributes(_ context.Context, r *topicRequest) (*attributesResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.topics[r.TopicArn]
	if !ok {
		return nil, notFound("Topic")
	}
	confirmed, pending := 0, 0
	for _, sub := range s.subscriptions {
		switch {
		case sub.TopicARN != t.ARN:
		case sub.Confirmed:
			confirmed++
		default:
			pending++
		}
	}
	attributes := map[string]string{
		"TopicArn": t.ARN, "Owner": s.options.Account, "DisplayName": "", "SubscriptionsConfirmed": strconv.Itoa(confirmed),
		"SubscriptionsPending": strconv.Itoa(pending), "SubscriptionsDeleted": "0",
		"EffectiveDeliveryPolicy": `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":60,"numRetries":49,"numNoDelayRetries":3,"backoffFunction":"exponential"},"disableSubscriptionOverrides":false}}`,
		"Policy":                  s.defaultPolicy(t.ARN),
	}
	maps.Copy(attributes, t.Attributes)
	return &attributesResponse{attributes}, nil
}

func (s *Service) defaultPolicy(arn string) string {
	return `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},` +
		`"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",` +
		`"SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"` + arn + `","Condition":{"StringEquals":{"AWS:SourceOwner":"` + s.options.Account + `"}}}]}`
}

type setTopicAttributesRequest struct {
	AttributeName  string `aws:"required"`
	AttributeValue string
	TopicArn       string `aws:"required"`
}

type empty struct{}

func (s *Service) setTopicAttributes(ctx context.Context, r *setTopicAttributesRequest) (*empty, error) {
	if err := checkTopicAttribute(r.AttributeName, r.AttributeValue); err != nil {
		return nil, err
	}
	if r.AttributeName == "FifoTopic" {
		return nil, invalid("AttributeName")
	}
	return &empty{}, s.changeTopic(ctx, r.TopicArn, notFound("Topic"), func(t *topic) error {
		t.Attributes = maps.Clone(t.Attributes)
		if t.Attributes == nil {
			t.Attributes = map[string]string{}
		}
		t.Attributes[r.AttributeName] = r.AttributeValue
		return nil
	})
}

// changeTopic makes a change of a topic durable, then known. A topic that is not there is answered with missing.
func (s *Service) changeTopic(ctx context.Context, arn string, missing error, change func(t *topic) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.topics[arn]
	if !ok {
		return missing
	}
	changed := *old
	if err := change(&changed); err != nil {
		return err
	}
	return s.putTopic(ctx, &changed)
}

type listTopicsRequest struct{ NextToken string }

type listTopicsResponse struct {
	NextToken string
	Topics    []topicResponse
}

// longestList is how many topics or subscriptions one page holds.
const longestList = 100

func (s *Service) listTopics(_ context.Context, r *listTopicsRequest) (*listTopicsResponse, error) {
	s.mu.Lock()
	arns := slices.Sorted(maps.Keys(s.topics))
	s.mu.Unlock()
	page, next, ok := service.Page(arns, r.NextToken, nil, longestList)
	if !ok {
		return nil, invalid("NextToken")
	}
	answer := &listTopicsResponse{NextToken: next, Topics: []topicResponse{}}
	for _, arn := range page {
		answer.Topics = append(answer.Topics, topicResponse{arn})
	}
	return answer, nil
}

// deleteTopic also removes the topic's subscriptions. To delete what is not there is no error.
func (s *Service) deleteTopic(ctx context.Context, r *topicRequest) (*empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.topicRecords.Delete(ctx, r.TopicArn); err != nil {
		return nil, err
	}
	delete(s.topics, r.TopicArn)
	for _, sub := range s.ofTopic(r.TopicArn) {
		if err := s.dropSubscription(ctx, sub.ARN); err != nil {
			return nil, err
		}
	}
	return &empty{}, nil
}
