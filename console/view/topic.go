package view

import "time"

// Topics is the list of topics.
type Topics struct {
	Topics []TopicRow
	Pager  Pager
}

// Template names the page's file.
func (Topics) Template() string { return "topics" }

// TopicRow is a topic in the list.
type TopicRow struct {
	Link
	Subscriptions, Pending string
}

// Topic is one topic.
type Topic struct {
	Name, ARN, URL string
	Subscriptions  []SubscriptionRow
	// Messages are the last ones, the newest first.
	Messages   []MessageRow
	Letters    []Letter
	Form       PublishForm
	Attributes []Pair
}

// Template names the page's file.
func (Topic) Template() string { return "topic" }

// SubscriptionRow is a subscription.
type SubscriptionRow struct {
	Protocol string
	Endpoint Link
	// State is confirmed or pending confirmation.
	State  string
	Filter string
}

// MessageRow is a message that was published.
type MessageRow struct {
	At      time.Time
	Subject string
	Text    Document
}

// PublishForm is the form of a message, as it was typed.
type PublishForm struct{ Subject, Text, Error string }
