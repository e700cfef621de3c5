package main

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/graph"
	"github.com/stepwell/stepwell/console/view"
)

// pipeline is the definition that the pictures of the gallery show.
const pipeline = `{"Comment": "Refresh of the sales warehouse", "StartAt": "Deploy procedures", "States": {
	"Deploy procedures": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:batchExecuteStatement", "Next": "Load dimensions"},
	"Load dimensions": {"Type": "Parallel", "Next": "Load store_sales", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Tell of the failure"}], "Branches": [
		{"StartAt": "Load customer_address", "States": {"Load customer_address": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "End": true}}},
		{"StartAt": "Load item", "States": {"Load item": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "Retry": [{"ErrorEquals": ["States.TaskFailed"]}], "Next": "Wait for item"}, "Wait for item": {"Type": "Wait", "Seconds": 5, "End": true}}}]},
	"Load store_sales": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "Next": "Loaded?"},
	"Loaded?": {"Type": "Choice", "Choices": [{"Variable": "$.Status", "StringEquals": "FINISHED", "Next": "Check every day"}], "Default": "Tell of the failure"},
	"Check every day": {"Type": "Map", "ItemsPath": "$.days", "Next": "Done", "ItemProcessor": {"StartAt": "Check one day", "States": {"Check one day": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "End": true}}}},
	"Done": {"Type": "Succeed"},
	"Tell of the failure": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Give up"},
	"Give up": {"Type": "Fail", "Error": "LoadFailed"}}}`

const runURL = "/console/executions/arn%3Aaws%3Astates%3Aus-east-1%3A123456789012%3Aexecution%3ARefreshSales%3Anightly-2026-03-02"

// coloured draws the definition; statuses are "STATE status" lines.
func coloured(chosen, statuses string) template.HTML {
	definition, err := asl.Parse(pipeline, asl.Options{})
	if err != nil {
		panic(err) // the definition is part of the program
	}
	of := map[string]graph.Status{}
	for line := range strings.Lines(statuses) {
		line = strings.TrimSpace(line)
		if at := strings.LastIndexByte(line, ' '); at > 0 {
			of[line[:at]] = graph.Status(line[at+1:])
		}
	}
	return template.HTML(graph.SVG(definition, graph.Options{
		Title: "RefreshSales", Bare: true, Status: of, Chosen: chosen, Link: func(state string) string { return view.ExecutionTab(runURL, view.GraphTab, state, 0) },
	}))
}

const factLoad = `insert into public.store_sales (ss_sold_date_sk, ss_item_sk, ss_quantity, ss_net_paid)
select d.d_date_sk, i.i_item_sk, s.quantity, s.net_paid
from stg.store_sales s
join public.date_dim d on d.d_date = s.sold_date
join public.item i on i.i_item_id = s.item_id and i.is_current
where s.sold_date = '2026-03-02' -- one day at a time`

func failedSQL() *view.StatementWork {
	return &view.StatementWork{
		ID: "1843", URL: "/console/statements/1843", State: view.Link{Text: "Load store_sales", URL: view.ExecutionTab(runURL, view.GraphTab, "Load store_sales", 0)},
		Status: "failed", SQL: view.SQL{Text: factLoad, Line: 2, Column: 36}, Took: 340 * time.Millisecond, Rows: -1,
		Error: `column "quantity" does not exist in s`, Code: "42703", PlanURL: runURL + "?plan=1843#plan",
	}
}

func baseExecution(status string) view.Execution {
	x := view.Execution{
		Base: runURL, Name: "nightly-2026-03-02", ARN: "arn:aws:states:us-east-1:123456789012:execution:RefreshSales:nightly-2026-03-02", Status: status,
		Machine: view.Link{Text: "RefreshSales", URL: "/console/machines/x"}, Version: "prod", Started: at(2, 0, 0), Took: 74 * time.Second,
		By: []view.Link{{Text: "schedule default/nightly", URL: "/console/schedules"}}, CanStart: true, EditURL: "/console/machines/x/start", Tab: view.GraphTab,
	}
	for _, s := range []struct {
		name, kind, status string
		visits, retries    int
		took               time.Duration
		rows               int64
	}{
		{"Deploy procedures", "Task", "succeeded", 1, 0, 1200 * time.Millisecond, 0},
		{"Load dimensions", "Parallel", "succeeded", 1, 0, 38 * time.Second, 0},
		{"Load customer_address", "Task", "succeeded", 1, 0, 12 * time.Second, 20025},
		{"Load item", "Task", "succeeded", 1, 2, 33 * time.Second, 4178},
		{"Wait for item", "Wait", "succeeded", 1, 0, 5 * time.Second, 0},
		{"Load store_sales", "Task", "succeeded", 1, 0, 21 * time.Second, 210000},
		{"Loaded?", "Choice", "succeeded", 1, 0, 0, 0},
		{"Check every day", "Map", "succeeded", 1, 0, 9 * time.Second, 0},
		{"Check one day", "Task", "succeeded", 31, 0, 48 * time.Second, 0},
		{"Done", "Succeed", "succeeded", 1, 0, 0, 0},
		{"Tell of the failure", "Task", "", 0, 0, 0, 0},
		{"Give up", "Fail", "", 0, 0, 0, 0},
	} {
		row := view.StateRow{Name: s.name, Type: s.kind, Status: s.status, Visits: s.visits, Retries: s.retries, Took: s.took, Rows: s.rows, SQL: time.Duration(s.rows) * 90 * time.Microsecond}
		if s.status != "" {
			row.URL = view.ExecutionTab(runURL, view.GraphTab, s.name, 0)
		}
		x.States = append(x.States, row)
	}
	return x
}

const allGreen = `Deploy procedures succeeded
	Load dimensions succeeded
	Load customer_address succeeded
	Load item succeeded
	Wait for item succeeded
	Load store_sales succeeded
	Loaded? succeeded
	Check every day succeeded
	Check one day succeeded
	Done succeeded`

func executionPage(x view.Execution) view.Page {
	return view.Page{
		Title: x.Name, Section: view.MachinesSection, Live: "execution:" + x.ARN, Content: x, User: view.User{Name: "dana", Run: true},
		Crumbs: []view.Link{{Text: "State machines", URL: "/console/machines"}, x.Machine},
	}
}

func executionEntries() []entry {
	return []entry{
		{"execution", executionPage(succeededExecution())},
		{"execution-failed", executionPage(failedExecution())},
		{"execution-running", executionPage(runningExecution())},
		{"execution-timeline", executionPage(timelineExecution())},
		{"execution-events", executionPage(eventsExecution())},
		{"execution-data", executionPage(dataExecution())},
		{"execution-compare", executionPage(comparedExecution())},
		{"execution-hostile", executionPage(hostileExecution())},
		{"mapRun", mapRunPage(sampleMapRun())},
		{"mapRun-running", mapRunPage(runningMapRun())},
		{"mapRun-empty", mapRunPage(view.MapRun{Base: "/console/mapruns/x", Label: "1a2b3c4d", Status: "SUCCEEDED", Started: at(2, 0, 0), Execution: view.Link{Text: "nightly", URL: runURL}})},
	}
}

func succeededExecution() view.Execution {
	x := baseExecution("SUCCEEDED")
	x.Graph = coloured("", allGreen)
	return x
}

func failedExecution() view.Execution {
	x := baseExecution("FAILED")
	x.Took, x.CanRedrive, x.Redrives, x.Redriven = 42*time.Second, true, 1, at(2, 20, 0)
	x.Graph = coloured("Load store_sales", strings.NewReplacer("Load store_sales succeeded", "Load store_sales failed", "Loaded? succeeded", "", "Check every day succeeded", "",
		"Check one day succeeded", "", "Done succeeded", "").Replace(allGreen))
	for i := range x.States {
		if i >= 5 {
			x.States[i] = view.StateRow{Name: x.States[i].Name, Type: x.States[i].Type}
		}
	}
	x.States[5] = view.StateRow{Name: "Load store_sales", Type: "Task", URL: runURL, Status: "failed", Chosen: true, Visits: 1, Retries: 1, Took: 2400 * time.Millisecond, SQL: 660 * time.Millisecond, Failed: 2}
	cause := view.Unfold(`{"Id": "0c7a9e7e-3b9c-4a33-9d0c-8c5b7f1d2a11", "Status": "FAILED", "Error": "ERROR: column \"quantity\" does not exist in s", "QueryString": "insert into public.store_sales …", "ResultRows": -1}`)
	x.Failure = &view.ExecutionFailure{State: view.Link{Text: "Load store_sales", URL: runURL}, Error: "States.TaskFailed", Cause: cause, Statements: []view.StatementWork{*failedSQL()}}
	x.Visit = &view.StateVisit{
		Name: "Load store_sales", Type: "Task", Resource: "redshiftdata:executeStatement", Status: "failed", Number: 1, Visits: 1, Close: runURL + "?state=",
		Began: at(2, 0, 39), Ended: at(2, 0, 42), Took: 2400 * time.Millisecond, Error: "States.TaskFailed",
		Attempts: []view.AttemptRow{
			{Number: 1, Status: "failed", Took: 320 * time.Millisecond, Error: "States.TaskFailed", Message: `ERROR: column "quantity" does not exist in s`},
			{Number: 2, Status: "failed", Took: 340 * time.Millisecond, Waited: 1700 * time.Millisecond, Error: "States.TaskFailed", Message: `ERROR: column "quantity" does not exist in s`},
		},
		Work: []view.Work{{Kind: "SQL statement", Started: at(2, 0, 41), Link: view.Link{Text: "load-store-sales", URL: "/console/statements/1843"}, Status: "failed", Took: 340 * time.Millisecond, Statement: failedSQL()}},
		Parts: []view.Part{
			{Title: "Input", Open: true, Text: view.Document{Full: `{"run_date": "2026-03-02", "bucket": "s3://sales-data/", "days": ["2026-03-01", "2026-03-02"]}`}},
			{Title: "Parameters", Text: view.Document{Full: `{"Database": "dev", "Sql": "insert …"}`}},
		},
	}
	return x
}

func runningExecution() view.Execution {
	x := baseExecution("RUNNING")
	x.Took, x.CanStop = 31*time.Second, true
	x.Running = []view.Link{{Text: "Load customer_address", URL: runURL}, {Text: "Load item", URL: runURL}}
	x.Graph = coloured("Load item", "Deploy procedures succeeded\nLoad dimensions running\nLoad customer_address succeeded\nLoad item running")
	x.Visit = &view.StateVisit{
		Name: "Load item", Type: "Task", Resource: "redshiftdata:executeStatement", Status: "running", Number: 3, Visits: 4, Path: []string{"Load dimensions", "branch 2"},
		Earlier: runURL, Later: runURL, Close: runURL, Began: at(2, 0, 12), Took: 19 * time.Second,
		Work: []view.Work{
			{Kind: "SQL statement", Link: view.Link{Text: "load-item", URL: "/console/statements/12"}, Status: "running", Took: 19 * time.Second, Statement: &view.StatementWork{
				ID: "12", URL: "/console/statements/12", Status: "running", SQL: view.SQL{Text: "call public.sp_load_dim_item('2026-03-02', 's3://sales-data/')"}, Rows: -1, Took: 19 * time.Second, Waited: 3 * time.Second,
				Notices: "INFO:  Load into table 'item' completed, 153 record(s) loaded successfully.",
				Inner: []view.StatementWork{
					{URL: "/console/statements/13", Status: "succeeded", SQL: view.SQL{Text: "copy stg.item from 's3://sales-data/item/2026-03-02/' iam_role default csv gzip"}, Rows: 4178, Took: 4 * time.Second},
					{URL: "/console/statements/14", Status: "running", SQL: view.SQL{Text: "merge into public.item using stg.item on item.i_item_id = stg.item.i_item_id when matched then update set is_current = false"}, Rows: -1, Took: 15 * time.Second},
				},
				MoreInner: 3,
			}},
			{Kind: "Job", Link: view.Link{Text: "validate-item", URL: "/console/jobs/x"}, Status: "RUNNING", Took: 2 * time.Second, Log: "12:00:31 reading 4178 rows\n12:00:33 checking keys …\n", LogURL: "/console/logs/x"},
		},
		MapRun: &view.MapRunBar{URL: "/console/mapruns/x", Status: "RUNNING", Succeeded: 6200, Failed: 31, Running: 400, Total: 10000},
	}
	return x
}

func timelineExecution() view.Execution {
	x := baseExecution("SUCCEEDED")
	x.Tab = view.TimelineTab
	second := time.Second
	t := &view.Timeline{Total: 74 * second}
	add := func(depth int, name, kind, status string, spans ...view.Span) {
		row := view.TimelineRow{Depth: depth, Name: name, Type: kind, Status: status, Visits: 1, Spans: spans}
		if kind != "" {
			row.URL = runURL
		}
		for _, s := range spans {
			row.Took += s.To - s.From
		}
		t.Rows = append(t.Rows, row)
	}
	span := func(from, to float64, kind string) view.Span {
		return view.Span{From: time.Duration(from * float64(second)), To: time.Duration(to * float64(second)), Kind: kind, Text: kind}
	}
	around := func(from, to float64, kind string) view.Span { s := span(from, to, kind); s.Around = true; return s }
	add(0, "Deploy procedures", "Task", "succeeded", span(0, 1.2, "succeeded"))
	add(0, "Load dimensions", "Parallel", "succeeded", around(1.2, 40, "succeeded"))
	add(1, "branch 1", "", "succeeded", around(1.2, 13, "succeeded"))
	add(2, "Load customer_address", "Task", "succeeded", span(1.2, 2, "queue"), span(2, 13, "succeeded"))
	add(1, "branch 2", "", "succeeded", around(1.2, 40, "succeeded"))
	add(2, "Load item", "Task", "succeeded", span(1.2, 8, "failed"), span(8, 10, "wait"), span(10, 19, "failed"), span(19, 23, "wait"), span(23, 35, "succeeded"))
	add(2, "Wait for item", "Wait", "succeeded", span(35, 40, "succeeded pause"))
	add(0, "Load store_sales", "Task", "succeeded", span(40, 61, "succeeded"), span(41, 60, "sql"))
	add(0, "Loaded?", "Choice", "succeeded", span(61, 61, "succeeded"))
	add(0, "Check every day", "Map", "caught", around(61, 73.8, "caught"))
	for i := range 4 {
		status := []string{"succeeded", "failed", "aborted", "running"}[i]
		add(1, "#"+strconv.Itoa(i), "", status, around(61+float64(i), 67+float64(2*i), status))
		add(2, "Check one day", "Task", status, span(61+float64(i), 67+float64(2*i), status))
	}
	add(0, "A state with a name that goes on and on until eighty characters are reached <b>!", "Succeed", "succeeded", span(73.9, 74, "succeeded"))
	t.Rows[5].Retries, t.Rows[5].Chosen, t.Hidden = 2, true, 54
	x.Timeline = t
	return x
}

func eventsExecution() view.Execution {
	x := baseExecution("FAILED")
	x.Failure = &view.ExecutionFailure{Error: "States.Runtime", Cause: view.Unfold("the state did not like its input")}
	x.NoRedrive = "Execution has exceeded its redrivable period and cannot be redriven"
	x.Tab = view.EventsTab
	l := &view.EventList{Total: 25000, Matching: 1240, Types: []string{"ExecutionStarted", "TaskFailed", "TaskScheduled"}, Steps: []string{"Deploy procedures", "Load item"},
		Filter: view.EventFilter{Step: "Load item", Newest: true}, Pager: view.Pager{First: runURL, Next: runURL}}
	for i, kind := range []string{"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskFailed", "TaskStateExited"} {
		row := view.EventRow{ID: int64(24000 + i), Type: kind, Step: view.Link{Text: "Load item", URL: runURL}, At: at(2, 0, i), Elapsed: time.Duration(i*i*i) * 310 * time.Millisecond, URL: runURL, Failed: kind == "TaskFailed"}
		if i == 0 {
			row.Step = view.Link{}
		}
		if i > 1 && i < 5 {
			row.Resource = "redshiftdata:executeStatement"
		}
		if row.Failed {
			row.Details = &view.Document{Full: `{"resourceType": "aws-sdk:redshiftdata", "resource": "executeStatement", "error": "RedshiftData.ValidationException", "cause": "Database name must not be empty"}`}
		}
		l.Rows = append(l.Rows, row)
	}
	x.Events = l
	return x
}

func dataExecution() view.Execution {
	x := baseExecution("SUCCEEDED")
	x.Tab = view.DataTab
	x.Input = &view.Document{Full: `{"run_date": "2026-03-02"}`}
	x.Output = &view.Document{Full: `{"text": "` + strings.Repeat("sold, ", 4000) + `"}`, URL: runURL + "/data/output"}
	return x
}

func hostileExecution() view.Execution {
	x := baseExecution("ABORTED")
	name := `<script>alert(1)</script>` + "\u202e" + strings.Repeat("long", 14)
	x.Name, x.Version, x.Machine.Text = name, "", name
	x.Failure = &view.ExecutionFailure{Error: `"><img src=x onerror=alert(1)>`, Cause: view.Unfold(`{"errorMessage": "<b>stop</b>", "errorType": "KeyError", "stackTrace": ["  File \"f.py\", line 1, in handler\n", "<script>"]}`)}
	x.NoRedrive = "Execution is EXPRESS and cannot be redriven"
	x.Note = "The definition that this execution ran cannot be drawn."
	x.States = []view.StateRow{{Name: name, Type: "Task", URL: "/console/x", Status: "aborted", Visits: 1200, Retries: 1, Took: 3 * time.Hour}}
	return x
}
