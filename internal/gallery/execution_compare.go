package main

import (
	"strconv"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

func comparedExecution() view.Execution {
	x := baseExecution("FAILED")
	x.Tab = view.CompareTab
	c := &view.Comparison{
		Choices: []view.Option{{Value: "a", Text: "nightly-2026-03-01, 2026-03-01 02:00:00, succeeded", Chosen: true}, {Value: "b", Text: "nightly-2026-02-28, 2026-02-28 02:00:00, failed"}},
		Other:   &view.Run{Name: "nightly-2026-03-01", URL: runURL, Status: "SUCCEEDED", Took: 61 * time.Second},
		Tables: []view.TablePair{
			{Table: view.Link{Text: "public.item", URL: "/console/warehouse/public/item"}, Rows: 4178, OtherRows: 4025},
			{Table: view.Link{Text: "public.store_sales", URL: "/console/warehouse/public/store_sales"}, Rows: -1, OtherRows: 210000},
			{Table: view.Link{Text: "public.customer_address", URL: "/console/warehouse/public/customer_address"}, Rows: 20025, OtherRows: 20025},
		},
		Input:    view.Difference("{\n  \"run_date\": \"2026-03-01\",\n  \"full\": false\n}", "{\n  \"run_date\": \"2026-03-02\",\n  \"full\": false\n}"),
		NoOutput: "This one has no output.",
	}
	for i, s := range x.States {
		pair := view.StatePair{Name: s.Name, URL: s.URL, Status: s.Status, Took: s.Took, OtherStatus: "succeeded", OtherTook: s.Took * time.Duration(6+i) / 10, Longest: 48 * time.Second}
		if i == 5 {
			pair.Status = "failed"
		}
		c.States = append(c.States, pair)
	}
	x.Comparison = c
	return x
}

func mapRunPage(m view.MapRun) view.Page {
	m.Statuses = []view.Option{{Text: "all", Chosen: true}, {Value: "FAILED", Text: "failed"}}
	return view.Page{
		Title: m.Title(), Section: view.MachinesSection, Content: m, User: view.User{Name: "dana", Run: true},
		Crumbs: []view.Link{{Text: "State machines", URL: "/console/machines"}, m.Execution},
	}
}

func sampleMapRun() view.MapRun {
	five, percent := int64(5), 2.5
	m := view.MapRun{
		Base: "/console/mapruns/x", Label: "1a2b3c4d", Status: "FAILED",
		Execution: view.Link{Text: "nightly-2026-03-02", URL: runURL}, State: view.Link{Text: "Each order", URL: runURL},
		Started: at(2, 0, 0), Took: 12 * time.Minute, Redrives: 1,
		Bar:    view.MapRunBar{Status: "FAILED", Succeeded: 9200, Failed: 640, TimedOut: 10, Aborted: 150, Total: 10000, Executions: 1000},
		Limits: view.MapRunLimits{Concurrency: 40, ToleratedCount: &five, ToleratedPercentage: &percent},
		Errors: []view.ErrorGroup{
			{Error: "States.TaskFailed", Cause: `value too long for type character varying(20)`, Count: 61, First: view.Link{Text: "b3d1e2f0", URL: runURL}},
			{Error: "States.Timeout", Cause: "", Count: 1, First: view.Link{Text: "77aa90c1", URL: runURL}},
		},
		Bounded: true,
		Files:   []view.Link{{Text: "s3://results/orders/1a2b3c4d/manifest.json", URL: "/console/buckets/results?prefix=orders/1a2b3c4d/"}},
		Pager:   view.Pager{Next: "/console/mapruns/x?after=50"},
	}
	for i, status := range []string{"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"} {
		row := view.ChildRow{Run: view.Run{Name: "b3d1e2f0-9b1f-4c2e-8f5c-00000000000" + strconv.Itoa(i), URL: runURL, Status: status, Started: at(2, i, 0), Took: time.Duration(i) * 740 * time.Millisecond}, Items: 10}
		if status == "FAILED" {
			row.Error = "States.TaskFailed: value too long for type character varying(20)"
		}
		m.Children = append(m.Children, row)
	}
	return m
}

func runningMapRun() view.MapRun {
	m := sampleMapRun()
	m.Status, m.CanChange, m.Errors, m.Files, m.Redrives = "RUNNING", true, nil, nil, 0
	m.Bar = view.MapRunBar{Status: "RUNNING", Succeeded: 3100, Failed: 2, Running: 400, Total: 3502, Executions: 351}
	m.Limits = view.MapRunLimits{}
	return m
}
