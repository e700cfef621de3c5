package main

import (
	"github.com/stepwell/stepwell/console/view"
)

func schedulePage(title string, content view.Content) view.Page {
	return within(view.Link{Text: "Schedules and rules", URL: "/console/schedules"}, view.SchedulesSection, title, content)
}

var letters = []view.Letter{{
	At: at(3, 31, 0), From: view.Link{Text: "nightly", URL: "/console/schedules/default/nightly"}, Target: view.Link{Text: "RefreshSales", URL: machineHead.URL},
	Reason: "StateMachineDoesNotExist: State Machine Does Not Exist: 'arn:aws:states:us-east-1:123456789012:stateMachine:RefreshSales'", Attempts: "0",
	Input: view.Document{Full: `{"run_date":"2026-03-01","note":"<b>bold</b>"}`},
}}

func scheduleEntries() []entry {
	sales := view.Link{Text: "RefreshSales", URL: machineHead.URL}
	nightly, disabled, onFile := triggers[0], triggers[0], triggers[1]
	nightly.Targets, onFile.Targets = []view.Link{sales}, []view.Link{sales, {Text: "load_files", URL: "/console/functions/load_files"}}
	disabled.Text, disabled.State = "a-schedule-with-a-name-that-is-as-long-as-names-of-schedules-ca", "DISABLED"
	list := view.Schedules{
		Plans: []view.PlanRow{
			{Trigger: nightly, Kind: "schedule", Zone: "Europe/Berlin", Last: at(3, 30, 0)},
			{Trigger: view.Trigger{Link: disabled.Link, When: "rate(5 minutes)", State: "DISABLED", Targets: []view.Link{{Text: "redshiftdata:executeStatement"}}}, Kind: "rule"},
		},
		Rules: []view.Trigger{onFile}, Letters: letters,
	}
	schedule := view.Schedule{
		Kind: "schedule", Name: "nightly", Group: "default", ARN: "arn:aws:scheduler:us-east-1:123456789012:schedule/default/nightly", URL: "/console/schedules/default/nightly",
		State: "ENABLED", Description: "loads yesterday's sales", Expression: "cron(30 3 * * ? *)", Zone: "Europe/Berlin", Flexible: "15 min", Last: at(2, 30, 0), Created: at(1, 0, 0), Changed: at(1, 5, 0),
		Targets: []view.ScheduleTarget{{Link: sales, Input: view.Document{Full: `{"run_date":"<aws.scheduler.scheduled-time>"}`}, Retry: "at most 185 retries, for at most 86400 s"}},
		Outcomes: []view.OutcomeRow{
			{At: at(2, 30, 1), Target: sales, Result: view.Link{Text: "3a1e5a16-9a5c-5e4e-8b53-7f0f3d0f7f3c", URL: "/console/executions/x"}, Attempt: 1, Status: "reached"},
			{At: at(1, 31, 0), Target: sales, Attempt: 3, Status: "given up", Error: "StateMachineDoesNotExist: State Machine Does Not Exist"},
			{At: at(1, 30, 0), Target: sales, Attempt: 2, Status: "failed", Error: "disk full"},
		},
		Letters: letters,
	}
	for day := 1; day <= 5; day++ {
		schedule.Next = append(schedule.Next, at(2, 30, 0).AddDate(0, 0, day))
	}
	rule := view.Schedule{
		Kind: "rule", Name: "on-file", Group: "default", ARN: "arn:aws:events:us-east-1:123456789012:rule/on-file", URL: "/console/rules/default/on-file", State: "DISABLED",
		Pattern: view.Document{Full: `{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":["sales-landing"]}}}`},
	}
	return []entry{
		{"schedules", schedulePage("Schedules and rules", list)},
		{"schedules-empty", schedulePage("Schedules and rules", view.Schedules{})},
		{"schedule", schedulePage("nightly", schedule)},
		{"rule", schedulePage("on-file", rule)},
	}
}
