package main

import (
	"time"

	"github.com/stepwell/stepwell/console/view"
)

func loadTabs(current int) []view.TabLink {
	tabs := []view.TabLink{{Link: view.Link{Text: "History", URL: "/console/loads"}}, {Link: view.Link{Text: "Auto-copy jobs", URL: "/console/loads/jobs"}}, {Link: view.Link{Text: "Rejected rows", URL: "/console/loads/errors"}}}
	tabs[current].Current = true
	return tabs
}

func loadEntries() []entry {
	load := view.Load{Query: 4192, URL: "/console/loads/4192", StatementURL: "/console/statements/4192", Status: "loaded", Table: "stg_store_sales", Source: view.Link{Text: "s3://sales-data/store_sales/2026-03-02/", URL: "/console/buckets/sales-data"},
		Started: at(9, 20, 50), Took: 364 * time.Millisecond, Format: "txt", Rows: 210_000, Files: 4, Bytes: 2_539_012}
	failed := load
	failed.Query, failed.Status, failed.Rows, failed.Errors, failed.Table, failed.Job = 4170, "failed", 0, 1207, hostileTable, &view.Link{Text: "nightly_" + hostileTable, URL: "/console/loads/jobs/x"}
	groups := rejectedGroups()
	page := func(title string, content view.Content) view.Page {
		return view.Page{Title: title, Section: view.LoadsSection, User: view.User{Name: "dana", Run: true}, Content: content}
	}
	under := func(p view.Page) view.Page {
		p.Crumbs = []view.Link{{Text: "Loads", URL: "/console/loads"}}
		return p
	}
	detail := view.LoadDetail{Load: failed, SQL: view.SQL{Text: "copy public.stg_store_sales from 's3://sales-data/store_sales/' iam_role default maxerror 10"}, Groups: groups, ErrorsURL: "/console/sql?text=x",
		FileList: []view.LoadedFile{{Name: view.Link{Text: "s3://sales-data/store_sales/part-0001.gz", URL: "/console/buckets/x/object?key=x"}, Bytes: 634_753, Lines: 52_500, Took: 92 * time.Millisecond}}, MoreFiles: true}
	detail.ErrorOfItsOwn, detail.From = "Load into table 'stg_store_sales' failed. Check 'stl_load_errors' system table for details.", trail
	job := view.CopyJob{Name: "nightly_numbers", URL: "/console/loads/jobs/nightly_numbers", Status: "active", Source: view.Link{Text: "s3://sales-data/jobs/", URL: "/console/buckets/sales-data?prefix=jobs"}, Loaded: 1204, Failed: 2, Bytes: 81 << 20,
		Waiting: 3, Last: at(9, 12, 0), Message: `s3://sales-data/jobs/h.txt: line 1, column "n": Invalid digit, Value 'x', Pos 0, Type: Integer`}
	paused := view.CopyJob{Name: hostileTable, URL: "/console/loads/jobs/x", Status: "paused", Source: view.Link{Text: "s3://sales-data/odd/", URL: "/console/buckets/x"}, Waiting: -1}
	file := view.JobFile{Name: view.Link{Text: "s3://sales-data/jobs/h.txt", URL: "/console/buckets/x/object?key=x"}, Size: 1812, Status: "failed", Modified: at(9, 11, 58), Enqueued: at(9, 12, 0), LoadURL: "/console/loads/4170"}
	waiting := file
	waiting.Status, waiting.Enqueued, waiting.LoadURL = "waiting", time.Time{}, ""
	return []entry{
		{"loads", page("Loads", view.Loads{Tabs: loadTabs(0), List: []view.Load{load, failed}, Pager: view.Pager{Next: "/console/loads?before=4170"}})},
		{"loads-empty", page("Loads", view.Loads{Tabs: loadTabs(0), Failed: true})},
		{"load", under(page("Load 4170", detail))},
		{"load-errors", page("Rejected rows", view.LoadErrors{Tabs: loadTabs(2), Groups: groups, More: true})},
		{"load-errors-empty", page("Rejected rows", view.LoadErrors{Tabs: loadTabs(2)})},
		{"copy-jobs", page("Auto-copy jobs", view.CopyJobs{Tabs: loadTabs(1), List: []view.CopyJob{job, paused}})},
		{"copy-jobs-empty", page("Auto-copy jobs", view.CopyJobs{Tabs: loadTabs(1)})},
		{"copy-job", under(page("nightly_numbers", view.CopyJobDetail{CopyJob: job, SQL: view.SQL{Text: "copy mart.numbers from 's3://sales-data/jobs/' iam_role 'arn:aws:iam::123456789012:role/load'"}, WaitingFiles: []view.JobFile{waiting},
			Files: []view.JobFile{file}, Messages: []view.JobMessage{{At: at(9, 12, 0), Text: job.Message}}, LoadsURL: "/console/loads?job=nightly_numbers"}))},
		{"copy-job-paused", under(page("paused", view.CopyJobDetail{CopyJob: paused, Note: "The specified bucket does not exist: s3://sales-data"}))},
	}
}

func rejectedGroups() []view.RejectedGroup {
	group := view.RejectedGroup{Query: 4170, LoadURL: "/console/loads/4170", File: view.Link{Text: "s3://sales-data/bad/a.txt", URL: "/console/buckets/x/object?key=x"}, Column: "n", Type: "int4", Code: 1207,
		Reason: "Invalid digit, Value 'x', Pos 0, Type: Integer", Rows: 1204, At: at(9, 12, 0), Line: 2, Raw: "x|two|2026-01-02", Field: "x"}
	long := group
	long.Column, long.Type, long.Code, long.Reason, long.Rows = hostileTable, "varchar(12)", 1204, "String length exceeds DDL length", 3
	long.Raw, long.Field, long.Position = "3|\"a <b>name</b> that is too long\"|2026-01-03", "a <b>name</b> that is too long", 2
	return []view.RejectedGroup{group, long}
}
