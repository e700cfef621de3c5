package console

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) topicArea() area {
	const one = "/console/topics/{arn}"
	return area{
		pages: []page{{"/console/topics", c.topics}, {one, c.topic}},
		posts: []raw{{one + "/publish", api.Run, c.publish}},
	}
}

func topicURL(arn string) string { return "/console/topics/" + url.PathEscape(arn) }

func (c *Console) topics(r *request) (view.Page, error) {
	answer, pager, err := r.listed("sns", "ListTopics", "NextToken")
	shown := view.Topics{Pager: pager}
	for _, t := range items(answer, "Topics") {
		arn := text(t, "TopicArn")
		described, err := r.call("sns", "GetTopicAttributes", member("TopicArn", value.OfString(arn)))
		if err != nil {
			return view.Page{}, err
		}
		attributes, _ := described.Get("Attributes")
		shown.Topics = append(shown.Topics, view.TopicRow{
			Link: view.Link{Text: nameOf(arn), URL: topicURL(arn)}, Subscriptions: text(attributes, "SubscriptionsConfirmed"), Pending: text(attributes, "SubscriptionsPending"),
		})
	}
	return view.Page{Title: "Topics", Section: view.TopicsSection, Content: shown}, err
}

func (c *Console) topic(r *request) (view.Page, error) { return c.topicWith(r, view.PublishForm{}) }

// topicWith is a topic's page with its form as it was typed.
func (c *Console) topicWith(r *request, form view.PublishForm) (view.Page, error) {
	arn := r.PathValue("arn")
	topic := member("TopicArn", value.OfString(arn))
	described, err := r.call("sns", "GetTopicAttributes", topic)
	if err != nil {
		return view.Page{}, err
	}
	t := view.Topic{Name: nameOf(arn), ARN: arn, URL: topicURL(arn), Form: form}
	attributes, _ := described.Get("Attributes")
	for _, m := range attributes.Members() {
		switch m.Key {
		case "TopicArn", "Policy", "EffectiveDeliveryPolicy", "SubscriptionsConfirmed", "SubscriptionsPending", "SubscriptionsDeleted": // long, or shown elsewhere
			continue
		}
		if m.Value.Str() != "" {
			t.Attributes = append(t.Attributes, view.Pair{Name: m.Key, Value: masked(m.Key, m.Value.Str())})
		}
	}
	slices.SortFunc(t.Attributes, func(a, b view.Pair) int { return cmp.Compare(a.Name, b.Name) })
	subscriptions, err := r.call("sns", "ListSubscriptionsByTopic", topic)
	if err != nil {
		return view.Page{}, err
	}
	for _, s := range items(subscriptions, "Subscriptions") {
		t.Subscriptions = append(t.Subscriptions, r.subscription(s))
	}
	if t.Messages, err = c.messages(arn); err == nil {
		t.Letters, err = c.letters("sns", arn, letterOfTopic)
	}
	crumbs := []view.Link{{Text: "Topics", URL: "/console/topics"}}
	return view.Page{Title: t.Name, Section: view.TopicsSection, Crumbs: crumbs, Content: t}, err
}

func (r *request) subscription(s value.Value) view.SubscriptionRow {
	row := view.SubscriptionRow{Protocol: text(s, "Protocol"), Endpoint: targetLink(text(s, "Endpoint")), State: "confirmed"}
	arn := text(s, "SubscriptionArn")
	described, err := r.call("sns", "GetSubscriptionAttributes", member("SubscriptionArn", value.OfString(arn)))
	attributes, _ := described.Get("Attributes")
	if err != nil || text(attributes, "PendingConfirmation") == "true" { // an unconfirmed one has no ARN to ask with
		row.State = "pending confirmation"
	}
	row.Endpoint.Text = masked("", row.Endpoint.Text)
	row.Filter = text(attributes, "FilterPolicy")
	return row
}

// letterOfTopic is a message that did not reach an endpoint, and its topic.
func letterOfTopic(letter value.Value) (view.Letter, string) {
	arn := text(letter, "TopicArn")
	at, _ := time.Parse(time.RFC3339, text(letter, "GivenUp"))
	attempts, _ := letter.Get("Attempts")
	return view.Letter{
		At: at, From: view.Link{Text: nameOf(arn), URL: topicURL(arn)}, Target: view.Link{Text: masked("", text(letter, "Endpoint"))}, Reason: text(letter, "Reason"),
		Attempts: attempts.Spelling(), Input: view.Document{Full: text(letter, "Message")},
	}, arn
}

// publish publishes a message; when it is refused, the form comes back as it was typed.
func (c *Console) publish(w http.ResponseWriter, r *request) error {
	arn, form := r.PathValue("arn"), view.PublishForm{Subject: r.PostForm.Get("subject"), Text: r.PostForm.Get("text")}
	members := []value.Member{member("TopicArn", value.OfString(arn)), member("Message", value.OfString(form.Text))}
	if form.Subject != "" {
		members = append(members, member("Subject", value.OfString(form.Subject)))
	}
	_, err := r.call("sns", "Publish", members...)
	if err == nil {
		r.session.tell("Published.")
		http.Redirect(w, r.Request, topicURL(arn), http.StatusSeeOther)
		return nil
	}
	if fault.KindOf(err) == fault.Internal {
		return err
	}
	form.Error = err.Error()
	p, again := c.topicWith(r, form)
	if again != nil {
		return again
	}
	c.show(w, r, statuses[fault.KindOf(err)], p)
	return nil
}
