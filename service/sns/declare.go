package sns

import (
	"context"
	"maps"
	"slices"
)

// Declared is a topic of a template, with its subscriptions; nobody has to confirm those.
type Declared struct {
	Name          string
	Attributes    map[string]string
	Subscriptions []DeclaredSubscription
}

// DeclaredSubscription is a subscription of a template.
type DeclaredSubscription struct {
	Protocol, Endpoint string
	Attributes         map[string]string
}

// Declare makes sure that a topic and its subscriptions are there as a template says, and takes away the subscriptions that it said
// before and does not say now. A subscription without a transport is left out.
func (s *Service) Declare(ctx context.Context, d Declared) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	arn := s.topicARN(d.Name)
	if known, ok := s.topics[arn]; !ok || !includes(known.Attributes, d.Attributes) {
		made := topic{ARN: arn, Attributes: d.Attributes}
		if ok {
			made = *known
			made.Attributes = map[string]string{}
			maps.Copy(made.Attributes, known.Attributes)
			maps.Copy(made.Attributes, d.Attributes)
		}
		if err := s.putTopic(ctx, &made); err != nil {
			return err
		}
	}
	return s.declareSubscriptions(ctx, arn, d.Subscriptions)
}

// declareSubscriptions makes the subscriptions of a template, and ends those that it does not say any more. The caller holds the lock.
func (s *Service) declareSubscriptions(ctx context.Context, arn string, wanted []DeclaredSubscription) error {
	var kept []*subscription
	for _, want := range wanted {
		if _, ok := s.options.Transports[want.Protocol]; !ok {
			s.options.Log.Warn("subscription left out: nothing here delivers to its protocol", "topic", arn, "protocol", want.Protocol)
			continue
		}
		sub, err := s.declareSubscription(ctx, arn, want)
		if err != nil {
			return err
		}
		kept = append(kept, sub)
	}
	for _, sub := range s.ofTopic(arn) {
		if !sub.Declared || slices.Contains(kept, sub) {
			continue
		}
		if err := s.dropSubscription(ctx, sub.ARN); err != nil {
			return err
		}
	}
	return nil
}

// declareSubscription makes a subscription of a template, or changes what callers cannot know of it. The caller holds the lock.
func (s *Service) declareSubscription(ctx context.Context, topic string, want DeclaredSubscription) (*subscription, error) {
	known := s.find(topic, want.Protocol, want.Endpoint)
	switch {
	case known == nil:
		known = newSubscription(topic, want.Protocol, want.Endpoint, want.Attributes, true)
	case known.Declared && maps.Equal(known.Attributes, want.Attributes):
		return known, nil
	default:
		changed := *known
		changed.Attributes = want.Attributes
		known = &changed
	}
	known.Declared, known.Confirmed = true, true
	return known, s.putSubscription(ctx, known)
}

func includes(all, some map[string]string) bool {
	for name, text := range some {
		if all[name] != text {
			return false
		}
	}
	return true
}
