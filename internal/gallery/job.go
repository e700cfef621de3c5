package main

import (
	"fmt"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

// jobLog is the log of a script.
var jobLog = []view.LogLine{
	{At: at(9, 0, 1), Message: "fetching s3://scripts/load_sales.sql"}, {At: at(9, 0, 2), Message: "SELECT 1"},
	{At: at(9, 0, 3), Message: "psql:load_sales.sql:14: ERROR:  Load into table 'stage_sales' failed. Check 'stl_load_errors' system table for details."},
	{At: at(9, 0, 3), Message: "WARNING: a line with <script>alert('x')</script> and a very long tail " + fmt.Sprint(time.Hour) + " that goes on and on so that it has to be broken somewhere on a narrow screen"},
}

func jobRows() []view.JobRow {
	row := func(name, status, reason string, size int64, took time.Duration) view.JobRow {
		return view.JobRow{Link: view.Link{Text: name, URL: "/console/jobs/5d3c"}, Status: status, Definition: "rsql-load:3", Reason: reason, Size: size, Created: at(9, 0, 0), Took: took}
	}
	return []view.JobRow{
		row("load-sales-2026-03-02", "RUNNING", "", 0, 31*time.Second), row("load-regions", "PENDING", "", 40, -1),
		row("load-items", "FAILED", "Essential container in task exited", 0, 4200*time.Millisecond), row("load-customers", "SUCCEEDED", "", 0, 900*time.Millisecond),
	}
}

func jobEntries() []entry {
	page := func(title string, content view.Content) view.Page {
		p := view.Page{Title: title, Section: view.JobsSection, Content: content}
		if _, one := content.(view.Job); one {
			p.Crumbs = []view.Link{{Text: "Jobs", URL: "/console/jobs"}, {Text: "etl", URL: "/console/jobs?queue=etl"}}
		}
		return p
	}
	queues := []view.TabLink{{Link: view.Link{Text: "etl", URL: "/console/jobs?queue=etl"}, Current: true}, {Link: view.Link{Text: "reports", URL: "/console/jobs?queue=reports"}}}
	list := view.Jobs{
		Queues: queues, Queue: "etl", QueueState: "ENABLED", Jobs: jobRows(), Pager: view.Pager{Next: "/console/jobs?after=x"},
		Definitions: []view.JobDefinitionRow{{Name: "rsql-load", Revision: 3, Image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/rsql:latest", Command: "s3://scripts/load_sales.sql Ref::run_date", Status: "ACTIVE"}},
	}
	job := view.Job{
		Name: "load-items", ID: "5d3c8a5e-3d2c-4f0e-9c55-0e8f4d4b3c1f", URL: "/console/jobs/5d3c", Status: "FAILED", Reason: "Essential container in task exited",
		Queue: view.Link{Text: "etl", URL: "/console/jobs?queue=etl"}, Definition: "rsql-load:3", Image: "rsql:latest", Command: "s3://scripts/load_items.sql 2026-03-02",
		Created: at(9, 0, 0), Started: at(9, 0, 1), Stopped: at(9, 0, 5), Took: 4200 * time.Millisecond, Retries: 2, Timeout: time.Hour,
		Resources:   []view.Pair{{Name: "VCPU", Value: "1"}, {Name: "MEMORY", Value: "2048"}},
		Environment: []view.Pair{{Name: "DB_PASSWORD", Value: "•••••• (hidden)"}, {Name: "RUN_DATE", Value: "2026-03-02"}}, Parameters: []view.Pair{{Name: "run_date", Value: "2026-03-02"}},
		Attempts: []view.JobAttempt{
			{Started: at(9, 0, 1), Took: 2 * time.Second, Exit: "1", Reason: "Essential container in task exited", LogURL: "/console/logs/x"},
			{Started: at(9, 0, 3), Took: 2 * time.Second, Exit: "1", Reason: "Essential container in task exited", LogURL: "/console/logs/x"},
		},
		Dependencies: []view.Link{{Text: "9c550e8f", URL: "/console/jobs/9c55"}}, Origin: []view.Link{{Text: "refresh-2026-03-02-22", URL: "/console/executions/x"}, {Text: "Load items", URL: "/console/executions/x?state=Load+items"}},
		Statements: view.Link{Text: "The statements that it ran", URL: "/console/statements?job=5d3c"}, Log: jobLog, LogURL: "/console/logs/x?stream=y",
	}
	running := view.Job{
		Name: "load-regions", ID: "77aa", URL: "/console/jobs/77aa", Status: "PENDING", Queue: job.Queue, Definition: "rsql-load:3", Image: "rsql:latest", Created: at(9, 0, 0), Took: -1, Retries: 1,
		Counts: []view.Pair{{Name: "RUNNING", Value: "4"}, {Name: "SUCCEEDED", Value: "36"}}, Children: jobRows()[:1],
	}
	return []entry{
		{"jobs", page("Jobs", list)}, {"jobs-empty", page("Jobs", view.Jobs{})}, {"jobs-filtered", page("Jobs", view.Jobs{Queues: queues, Queue: "etl", QueueState: "DISABLED", Filter: view.JobFilter{Status: "FAILED"}})},
		{"job", page("load-items", job)}, {"job-array", page("load-regions", running)},
	}
}
