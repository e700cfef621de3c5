package sns

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"maps"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/pattern"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// subscription is a subscription's record.
type subscription struct {
	ARN, TopicARN, Protocol, Endpoint string
	Attributes                        map[string]string
	Confirmed                         bool
	// Declared says that a template has said it last.
	Declared bool `json:",omitempty"`
	// Token is what the endpoint's owner confirms with.
	Token string
}

func newSubscription(topicARN, protocol, endpoint string, attributes map[string]string, confirmed bool) *subscription {
	return &subscription{
		ARN: topicARN + ":" + uuid.Must(uuid.NewV7()).String(), TopicARN: topicARN, Protocol: protocol, Endpoint: endpoint, Attributes: attributes,
		Confirmed: confirmed, Token: newToken(),
	}
}

func newToken() string {
	var random [64]byte
	_, _ = rand.Read(random[:]) // never fails
	return hex.EncodeToString(random[:])
}

// putSubscription makes a subscription durable, then known. The caller holds the lock.
func (s *Service) putSubscription(ctx context.Context, sub *subscription) error {
	if err := s.subscriptionRecords.Put(ctx, sub.ARN, *sub); err != nil {
		return err
	}
	s.subscriptions[sub.ARN] = sub
	return s.compile(sub)
}

// compile reads a subscription's filter policy. The caller holds the lock.
func (s *Service) compile(sub *subscription) error {
	delete(s.filters, sub.ARN)
	policy := sub.Attributes["FilterPolicy"]
	if emptyPolicy(policy) {
		return nil
	}
	filter, err := pattern.Parse(policy)
	if err != nil {
		return invalid("FilterPolicy: %v", err)
	}
	s.filters[sub.ARN] = filter
	return nil
}

// emptyPolicy says whether a policy removes the filter.
func emptyPolicy(policy string) bool { return policy == "" || strings.TrimSpace(policy) == "{}" }

func (s *Service) dropSubscription(ctx context.Context, arn string) error {
	if err := s.subscriptionRecords.Delete(ctx, arn); err != nil {
		return err
	}
	delete(s.subscriptions, arn)
	delete(s.filters, arn)
	return nil
}

// ofTopic returns the subscriptions of a topic, ordered by ARN. The caller holds the lock.
func (s *Service) ofTopic(topicARN string) []*subscription {
	var list []*subscription
	for _, sub := range s.subscriptions {
		if sub.TopicARN == topicARN {
			list = append(list, sub)
		}
	}
	slices.SortFunc(list, func(a, b *subscription) int { return cmp.Compare(a.ARN, b.ARN) })
	return list
}

// find returns the subscription of an endpoint, nil when there is none.
func (s *Service) find(topicARN, protocol, endpoint string) *subscription {
	for _, sub := range s.ofTopic(topicARN) {
		if sub.Protocol == protocol && sub.Endpoint == endpoint {
			return sub
		}
	}
	return nil
}

type subscribeRequest struct {
	Attributes            map[string]string
	Endpoint              string
	Protocol              string `aws:"required"`
	ReturnSubscriptionArn bool
	TopicArn              string `aws:"required"`
}

type subscribeResponse struct{ SubscriptionArn string }

const pendingConfirmation = "pending confirmation"

// needConfirmation are the protocols whose endpoints may belong to somebody else.
var needConfirmation = []string{"http", "https", "email", "email-json"}

func (s *Service) subscribe(ctx context.Context, r *subscribeRequest) (*subscribeResponse, error) {
	if err := s.checkSubscribe(r); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.topics[r.TopicArn]; !ok {
		return nil, notFound("Topic")
	}
	sub := s.find(r.TopicArn, r.Protocol, r.Endpoint)
	switch {
	case sub == nil:
		sub = newSubscription(r.TopicArn, r.Protocol, r.Endpoint, r.Attributes, !slices.Contains(needConfirmation, r.Protocol))
		if err := s.putSubscription(ctx, sub); err != nil {
			return nil, err
		}
	case sub.Confirmed && !includes(sub.Attributes, r.Attributes):
		return nil, invalid("Attributes Reason: Subscription already exists with different attributes")
	}
	if sub.Confirmed {
		return &subscribeResponse{sub.ARN}, nil
	}
	if err := s.outbox.add(ctx, s.confirmation(sub)); err != nil {
		return nil, err
	}
	if r.ReturnSubscriptionArn {
		return &subscribeResponse{sub.ARN}, nil
	}
	return &subscribeResponse{pendingConfirmation}, nil
}

// confirmation is the delivery that asks an endpoint's owner to confirm.
func (s *Service) confirmation(sub *subscription) Delivery {
	return Delivery{
		ID: uuid.NewString(), SubscriptionARN: sub.ARN, Protocol: sub.Protocol, Endpoint: sub.Endpoint, Token: sub.Token,
		Message: Message{
			ID: uuid.NewString(), TopicARN: sub.TopicARN, Time: time.Now().UTC(),
			Text: "You have chosen to subscribe to the topic " + sub.TopicARN + ".\nTo confirm the subscription, visit the SubscribeURL included in this message.",
		},
	}
}

func (s *Service) checkSubscribe(r *subscribeRequest) error {
	if _, ok := s.options.Transports[r.Protocol]; !ok {
		return invalid("Protocol Reason: nothing here delivers to %q; there are %s", r.Protocol, strings.Join(slices.Sorted(maps.Keys(s.options.Transports)), ", "))
	}
	if err := checkEndpoint(r.Protocol, r.Endpoint); err != nil {
		return err
	}
	if strings.HasSuffix(r.TopicArn, ".fifo") && slices.Contains(needConfirmation, r.Protocol) {
		return invalid("Invalid protocol type: %s", r.Protocol)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Attributes)) {
		if err := checkSubscriptionAttribute(name, r.Attributes[name]); err != nil {
			return err
		}
	}
	return nil
}

var fileName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}$`)

func checkEndpoint(protocol, endpoint string) error {
	switch protocol {
	case "email", "email-json":
		if address, err := mail.ParseAddress(endpoint); err != nil || address.Address != endpoint {
			return invalid("Email address")
		}
	case "http", "https":
		if u, err := url.Parse(endpoint); err != nil || u.Scheme != protocol || u.Host == "" {
			return invalid("Endpoint must match the specified protocol")
		}
	case "lambda", "states":
		if a, err := arn.Parse(endpoint); err != nil || a.Service != protocol {
			return invalid("%s endpoint ARN", protocol)
		}
	case "file":
		if !fileName.MatchString(endpoint) {
			return invalid("Endpoint Reason: the endpoint of the protocol file is the plain name of a file")
		}
	}
	return nil
}

func checkSubscriptionAttribute(name, text string) error {
	switch name {
	case "FilterPolicy":
		if emptyPolicy(text) {
			return nil
		}
		if _, err := pattern.Parse(text); err != nil {
			return invalid("FilterPolicy: %v", err)
		}
	case "FilterPolicyScope":
		if text != "MessageAttributes" && text != "MessageBody" {
			return invalid("FilterPolicyScope: Invalid value [%s]. Please use either MessageBody or MessageAttributes", text)
		}
	case "RawMessageDelivery":
		if text != "true" && text != "false" {
			return invalid("Attributes Reason: RawMessageDelivery: Invalid value [%s]. Must be true or false.", text)
		}
	case "DeliveryPolicy", "RedrivePolicy", "ReplayPolicy":
		if _, err := value.Parse(text); err != nil && text != "" {
			return invalid("%s: it is not JSON: %v", name, err)
		}
	case "SubscriptionRoleArn":
	default:
		return invalid("AttributeName")
	}
	return nil
}

type confirmRequest struct {
	AuthenticateOnUnsubscribe string
	Token                     string `aws:"required"`
	TopicArn                  string `aws:"required"`
}

func (s *Service) confirm(ctx context.Context, r *confirmRequest) (*subscribeResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.topics[r.TopicArn]; !ok {
		return nil, notFound("Topic")
	}
	for _, sub := range s.ofTopic(r.TopicArn) {
		if subtle.ConstantTimeCompare([]byte(sub.Token), []byte(r.Token)) == 1 {
			confirmed := *sub
			confirmed.Confirmed = true
			return &subscribeResponse{sub.ARN}, s.putSubscription(ctx, &confirmed)
		}
	}
	return nil, invalid("Token")
}

type subscriptionRequest struct {
	SubscriptionArn string `aws:"required"`
}

func (s *Service) unsubscribe(ctx context.Context, r *subscriptionRequest) (*empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := checkSubscriptionARN(r.SubscriptionArn); err != nil {
		return nil, err
	}
	return &empty{}, s.dropSubscription(ctx, r.SubscriptionArn)
}

func checkSubscriptionARN(text string) error {
	if a, err := arn.Parse(text); err != nil || a.Service != "sns" || strings.Count(text, ":") != 6 {
		return invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not %d", strings.Count(text, ":")+1)
	}
	return nil
}

// subscriptionOf returns a known subscription. The caller holds the lock.
func (s *Service) subscriptionOf(arn string) (*subscription, error) {
	if err := checkSubscriptionARN(arn); err != nil {
		return nil, err
	}
	sub, ok := s.subscriptions[arn]
	if !ok {
		return nil, notFound("Subscription")
	}
	return sub, nil
}

func (s *Service) subscriptionAttributes(_ context.Context, r *subscriptionRequest) (*attributesResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscriptionOf(r.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	attributes := map[string]string{
		"SubscriptionArn": sub.ARN, "TopicArn": sub.TopicARN, "Protocol": sub.Protocol, "Endpoint": sub.Endpoint, "Owner": s.options.Account,
		"PendingConfirmation": "true", "ConfirmationWasAuthenticated": "false", "RawMessageDelivery": "false",
		"SubscriptionPrincipal": "arn:aws:iam::" + s.options.Account + ":user/local",
	}
	if sub.Confirmed {
		attributes["PendingConfirmation"], attributes["ConfirmationWasAuthenticated"] = "false", "true"
	}
	if s.filters[sub.ARN] != nil {
		attributes["FilterPolicyScope"] = "MessageAttributes"
	}
	maps.Copy(attributes, sub.Attributes)
	return &attributesResponse{attributes}, nil
}

type setSubscriptionAttributesRequest struct {
	AttributeName   string `aws:"required"`
	AttributeValue  string
	SubscriptionArn string `aws:"required"`
}

func (s *Service) setSubscriptionAttributes(ctx context.Context, r *setSubscriptionAttributesRequest) (*empty, error) {
	if err := checkSubscriptionAttribute(r.AttributeName, r.AttributeValue); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscriptionOf(r.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	changed := *sub
	changed.Attributes = maps.Clone(sub.Attributes)
	if changed.Attributes == nil {
		changed.Attributes = map[string]string{}
	}
	changed.Attributes[r.AttributeName] = r.AttributeValue
	if r.AttributeName == "FilterPolicy" && emptyPolicy(r.AttributeValue) {
		delete(changed.Attributes, "FilterPolicy")
	}
	return &empty{}, s.putSubscription(ctx, &changed)
}

type listSubscriptionsRequest struct{ NextToken string }

type listSubscriptionsByTopicRequest struct {
	NextToken string
	TopicArn  string `aws:"required"`
}

type listSubscriptionsResponse struct {
	NextToken     string
	Subscriptions []listedSubscription
}

type listedSubscription struct {
	Endpoint, Owner, Protocol, SubscriptionArn, TopicArn string
}

func (s *Service) listSubscriptions(_ context.Context, r *listSubscriptionsRequest) (*listSubscriptionsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.SortedFunc(maps.Values(s.subscriptions), func(a, b *subscription) int { return cmp.Compare(a.ARN, b.ARN) })
	return s.listed(list, r.NextToken)
}

func (s *Service) listSubscriptionsByTopic(_ context.Context, r *listSubscriptionsByTopicRequest) (*listSubscriptionsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.topics[r.TopicArn]; !ok {
		return nil, notFound("Topic")
	}
	return s.listed(s.ofTopic(r.TopicArn), r.NextToken)
}

func (s *Service) listed(list []*subscription, token string) (*listSubscriptionsResponse, error) {
	page, next, ok := service.Page(list, token, nil, longestList)
	if !ok {
		return nil, invalid("NextToken")
	}
	answer := &listSubscriptionsResponse{NextToken: next, Subscriptions: []listedSubscription{}}
	for _, sub := range page {
		shown := sub.ARN
		if !sub.Confirmed {
			shown = "PendingConfirmation"
		}
		answer.Subscriptions = append(answer.Subscriptions, listedSubscription{sub.Endpoint, s.options.Account, sub.Protocol, shown, sub.TopicARN})
	}
	return answer, nil
}
