package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

// sampleRuns are the last runs of a state machine, of which some failed.
func sampleRuns(failed ...int) []view.Run {
	var all []view.Run
	for i := range 24 {
		status := "SUCCEEDED"
		if slices.Contains(failed, i) {
			status = "FAILED"
		}
		all = append(all, view.Run{Name: fmt.Sprintf("refresh-2026-03-02-%02d", i), URL: "/console/executions/x", Status: status,
			Started: at(i/3, 20*(i%3), 4), Took: time.Duration(40+(i*37)%55) * time.Second})
	}
	return all
}

func overviewEntries() []entry {
	running := sampleRuns()
	running[23].Status = "RUNNING"
	return []entry{
		{"overview", view.Page{Title: "Overview", Section: view.OverviewSection, Live: "execution", Content: view.Overview{
			Running: 1, FailedToday: 2, SucceededToday: 1184, StoppedToday: 1, Now: runningNow(), Failures: failures(), Next: nextRuns(), Loads: loadDays(),
			Machines: []view.MachineCard{
				{Name: "RefreshSales", URL: "/console/machines/RefreshSales", Type: "STANDARD", Runs: sampleRuns(7, 15)},
				{Name: "LoadVendors", URL: "/console/machines/LoadVendors", Type: "STANDARD", Runs: running},
				{Name: "Audit", URL: "/console/machines/Audit", Type: "EXPRESS"},
			},
		}}},
		{"overview-empty", view.Page{Title: "Overview", Section: view.OverviewSection, Content: view.Overview{}}},
	}
}

func runningNow() []view.RunRow {
	row := runRows()[0]
	row.Machine = view.Link{Text: "LoadVendors", URL: "/console/machines/LoadVendors"}
	return []view.RunRow{row}
}

func failures() []view.FailedRun {
	machine := view.Link{Text: "RefreshSales", URL: "/console/machines/RefreshSales"}
	failed := func(i int, reason string) view.FailedRun {
		run := sampleRuns(7, 15)[i]
		return view.FailedRun{RunRow: view.RunRow{Run: run, Machine: machine, Error: "States.TaskFailed"}, Cause: reason,
			State: view.Link{Text: "load_store_sales_fact", URL: run.URL + "?state=load_store_sales_fact"}}
	}
	return []view.FailedRun{
		failed(15, `ERROR: Load into table 'stage_store_sales' failed. Check 'stl_load_errors' system table for details.`),
		failed(7, `<b>division</b> by zero in a sentence that is much longer than what fits into a line of a table on any screen, and still goes on for a while after that`),
	}
}

func nextRuns() []view.Trigger {
	next := triggers[0]
	next.Targets = []view.Link{{Text: "RefreshSales", URL: "/console/machines/RefreshSales"}}
	hourly := view.Trigger{Link: view.Link{Text: "vacuum", URL: "/console/schedules/maintenance/vacuum"}, When: "rate(1 hour)", State: "ENABLED", Next: at(10, 0, 0), Targets: []view.Link{{Text: "redshiftdata:executeStatement"}}}
	return []view.Trigger{hourly, next}
}

func loadDays() []view.LoadDay {
	var days []view.LoadDay
	for i, rows := range []int64{180_000, 210_000, 0, 205_310, 64, 198_000, 210_412} {
		days = append(days, view.LoadDay{Day: at(0, 0, 0).AddDate(0, 0, i-6), Rows: rows, Bytes: rows * 61, Loads: min(rows, 3), Errors: rows % 7})
	}
	return days
}
