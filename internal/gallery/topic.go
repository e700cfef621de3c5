package main

import "github.com/stepwell/stepwell/console/view"

func topicEntries() []entry {
	const arn = "arn:aws:sns:us-east-1:123456789012:etl-alerts"
	page := func(title string, content view.Content) view.Page {
		return within(view.Link{Text: "Topics", URL: "/console/topics"}, view.TopicsSection, title, content)
	}
	topic := view.Topic{
		Name: "etl-alerts", ARN: arn, URL: "/console/topics/x",
		Subscriptions: []view.SubscriptionRow{
			{Protocol: "email", Endpoint: view.Link{Text: "data-team@example.com"}, State: "confirmed"},
			{Protocol: "https", Endpoint: view.Link{Text: "https://••••••@hooks.example.com/services/alerts"}, State: "pending confirmation"},
			{Protocol: "states", Endpoint: view.Link{Text: "RefreshSales", URL: machineHead.URL}, State: "confirmed", Filter: `{"status":["FAILED"]}`},
		},
		Messages: []view.MessageRow{
			{At: at(9, 0, 0), Subject: "ETL failed", Text: view.Document{Full: `{"execution":"refresh-2026-03-02-22","error":"Redshift.StatementFailed"}`}},
			{At: at(8, 0, 0), Text: view.Document{Full: "plain text with <b>markup</b>"}},
		},
		Attributes: []view.Pair{{Name: "DisplayName", Value: "ETL"}, {Name: "Owner", Value: "123456789012"}},
		Letters:    []view.Letter{{At: at(9, 1, 0), From: view.Link{Text: "etl-alerts", URL: "/console/topics/x"}, Target: view.Link{Text: "https:https://hooks.example.com"}, Reason: "connection refused", Attempts: "4", Input: view.Document{Full: "ETL failed"}}},
	}
	refused := view.Topic{Name: "etl-alerts", ARN: arn, URL: "/console/topics/x", Form: view.PublishForm{Subject: "x", Text: "", Error: "Invalid parameter: Empty message"}}
	return []entry{
		{"topics", page("Topics", view.Topics{Topics: []view.TopicRow{{Link: view.Link{Text: "etl-alerts", URL: "/console/topics/x"}, Subscriptions: "2", Pending: "1"}}})},
		{"topics-empty", page("Topics", view.Topics{})}, {"topic", page("etl-alerts", topic)}, {"topic-refused", page("etl-alerts", refused)},
	}
}
