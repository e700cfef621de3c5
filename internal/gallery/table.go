package main

import (
	"fmt"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

func tableEntries() []entry {
	runs := view.TableRow{Name: "audit_runs", URL: "/console/tables/audit_runs", Status: "ACTIVE", Keys: []string{"JobID"}, Items: 60, Bytes: 16_589}
	config := view.TableRow{Name: hostileTable, URL: "/console/tables/x", Status: "CREATING", Keys: []string{"pk", "sk"}, Indexes: 2}
	tabs := func(current int) []view.TabLink {
		tabs := []view.TabLink{{Link: view.Link{Text: "Items", URL: "/console/tables/audit_runs"}}, {Link: view.Link{Text: "Runs", URL: "/console/tables/audit_runs/runs"}}}
		tabs[current].Current = true
		return tabs
	}
	items := view.Table{TableRow: runs, Tabs: tabs(0), Columns: []string{"JobID", "JobState", "JobStart", "Execution", "Note"}, Pager: view.Pager{Next: "/console/tables/audit_runs?after=x"}}
	audit := view.Audit{Table: view.Table{TableRow: runs, Tabs: tabs(1)}, States: []view.AuditState{{State: "Failed", Runs: 2, Bad: true}, {State: "Ready", Runs: 50}, {State: "Running", Runs: 3}, {Runs: 1}}, Cut: true}
	for i := range 8 {
		arn := fmt.Sprintf("arn:aws:states:eu-west-1:123456789012:execution:RefreshSales:refresh-%d", i)
		cells := []view.ItemCell{{Text: fmt.Sprint(100 + i)}, {Text: "Ready"}, {Text: "2026-03-02 08:16:03"}, {Text: arn, URL: "/console/executions/x"}, {Missing: i%3 == 0, Text: "<script>alert(1)</script>"}}
		items.Rows = append(items.Rows, view.ItemRow{Cells: cells, JSON: view.Text{Full: "{\n  \"JobID\": 100\n}"}, More: i % 3})
		run := view.AuditRun{Key: fmt.Sprint(100 + i), State: []string{"Ready", "Failed", "Running", ""}[i%4], Start: at(8, 16, i), End: at(8, 26, 11), Took: 10*time.Minute + 8*time.Second,
			Others: []view.AuditField{{Name: "Execution", Text: arn, URL: "/console/executions/x"}, {Name: "JobName", Text: "load <b>of the day</b>"}}}
		if i%4 == 2 {
			run.End, run.Took = time.Time{}, -1
		}
		audit.Runs = append(audit.Runs, run)
	}
	audit.Runs[3].Start, audit.Runs[3].StartText, audit.Runs[3].Took = time.Time{}, "yesterday", -1
	page := func(title string, content view.Content) view.Page {
		return view.Page{Title: title, Section: view.TablesSection, Crumbs: []view.Link{{Text: "Tables", URL: "/console/tables"}}, Content: content}
	}
	return []entry{
		{"tables", view.Page{Title: "Tables", Section: view.TablesSection, Content: view.Tables{List: []view.TableRow{runs, config}}}},
		{"tables-empty", view.Page{Title: "Tables", Section: view.TablesSection, Content: view.Tables{}}},
		{"table", page("audit_runs", items)},
		{"table-empty", page("config", view.Table{TableRow: config})},
		{"audit", page("audit_runs: runs", audit)},
		{"audit-empty", page("config: runs", view.Audit{Table: view.Table{TableRow: config, Tabs: tabs(1)}})},
	}
}
