package main

import (
	"fmt"
	"html/template"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/graph"
	"github.com/stepwell/stepwell/console/view"
)

// definition is that of the state machine of these pages. Like one in a template, it stands some lines below the top.
const definition = `


      {
        "Comment": "Refresh of the sales warehouse for one business day",
        "StartAt": "Which day?",
        "States": {
          "Which day?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.run_date", "IsPresent": true, "Next": "Dimensions"}],
            "Default": "Nothing to do"
          },
          "Dimensions": {
            "Type": "Parallel",
            "Branches": [
              {"StartAt": "Customers", "States": {"Customers": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "Parameters": {"Sql": "call load_customers()", "ClusterIdentifier": "sales", "Database": "dev"}, "End": true}}},
              {"StartAt": "Items", "States": {"Items": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement", "Parameters": {"Sql": "call load_items()", "ClusterIdentifier": "sales", "Database": "dev"}, "End": true}}}
            ],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Tell somebody"}],
            "Next": "Sales"
          },
          "Sales": {"Type": "Pass", "Result": {"rows": 210000, "late": false}, "End": true},
          "Tell somebody": {"Type": "Fail", "Error": "LoadFailed"},
          "Nothing to do": {"Type": "Succeed"}
        }
      }
`

var machineHead = view.MachineHead{
	Name: "RefreshSales", ARN: "arn:aws:states:us-east-1:123456789012:stateMachine:RefreshSales", URL: "/console/machines/RefreshSales", Type: "STANDARD",
}

func headOf(tab view.MachineTab) view.MachineHead {
	h := machineHead
	h.Tab = tab
	return h
}

// picture is the graph of the definition.
func picture() template.HTML {
	m, err := asl.Parse(definition, asl.Options{File: "definition.json"})
	if err != nil {
		panic(err) // the definition is part of the program
	}
	return template.HTML(graph.SVG(m, graph.Options{Title: "RefreshSales", Bare: true, Link: func(string) string { return "/console/machines/RefreshSales/definition#line-8" }}))
}

func machinePage(title string, content view.Content) view.Page {
	return within(view.Link{Text: "State machines", URL: "/console/machines"}, view.MachinesSection, title, content)
}

var triggers = []view.Trigger{
	{Link: view.Link{Text: "nightly", URL: "/console/schedules/default/nightly"}, When: "cron(30 3 * * ? *)", State: "ENABLED", Next: at(3, 30, 0).AddDate(0, 0, 1)},
	{Link: view.Link{Text: "on-file", URL: "/console/rules/default/on-file"}, When: `{"source":["aws.s3"],"detail":{"bucket":{"name":["sales-landing"]}}}`, State: "DISABLED"},
}

func runRows() []view.RunRow {
	var rows []view.RunRow
	for i, status := range []string{"RUNNING", "SUCCEEDED", "FAILED", "SUCCEEDED", "ABORTED", "TIMED_OUT", "SUCCEEDED"} {
		row := view.RunRow{Run: view.Run{Name: fmt.Sprintf("refresh-2026-03-02-%02d", 23-i), URL: "/console/executions/x", Status: status, Started: at(9-i, 14, 7), Took: time.Duration(31+i*13) * time.Second}}
		switch status {
		case "FAILED":
			row.Error = "Redshift.StatementFailed"
		case "SUCCEEDED":
			row.As, row.Redrives = "live", int64(i%3)
		}
		rows = append(rows, row)
	}
	rows[5].Name = `<script>alert("name")</script>-and-a-name-that-is-as-long-as-names-of-executions-can-be-8`
	return rows
}

func machineEntries() []entry {
	card := view.MachineCard{Name: "RefreshSales", URL: "/console/machines/RefreshSales", Type: "STANDARD", Runs: sampleRuns(7, 15)}
	row := view.MachineRow{MachineCard: card, Running: 1, Succeeded: 18423, Failed: 2}
	long := view.MachineRow{MachineCard: view.MachineCard{Name: "a-state-machine-with-a-name-as-long-as-names-of-state-machines-can-be-in-eighty-c", URL: "/console/machines/long", Type: "EXPRESS"}}
	page := view.Machine{MachineHead: headOf(view.RunsTab), MachineRow: row, Days: 30, Rows: runRows(), Graph: picture(), Triggers: triggers, Pager: view.Pager{Next: "/console/machines/RefreshSales?after=1"}}
	filtered := page
	filtered.Rows, filtered.Pager, filtered.Triggers, filtered.Filter = nil, view.Pager{}, nil, view.RunFilter{Status: "FAILED", Name: "refresh-2025", From: "2025-01-01T00:00"}
	never := view.Machine{MachineHead: headOf(view.RunsTab), MachineRow: view.MachineRow{MachineCard: view.MachineCard{Name: "RefreshSales", URL: machineHead.URL}}, Days: 30, Problem: "The definition cannot be drawn: definition.yaml:7:15: Missing 'Next' target: Lod (state \"Check\")"}
	return append([]entry{
		{"machines", machinePage("State machines", view.Machines{Machines: []view.MachineRow{row, long}, Days: 30, Pager: view.Pager{Next: "/console/machines?after=x"}})},
		{"machines-empty", machinePage("State machines", view.Machines{})},
		{"machine", machinePage("RefreshSales", page)},
		{"machine-filtered", machinePage("RefreshSales", filtered)},
		{"machine-new", machinePage("RefreshSales", never)},
	}, machinePartEntries()...)
}

func machinePartEntries() []entry {
	source := view.Source{Text: definition, URL: "/console/machines/RefreshSales/definition.txt"}
	wrong := source
	wrong.Remarks = []view.Remark{
		{Line: 11, Column: 24, Severity: "ERROR", Text: "Missing 'Default' target: Nothing to do (did you mean \"Nothing\"?)"},
		{Line: 21, Column: 20, Severity: "WARNING", Text: "The variable <rows> is never read"}, {Severity: "ERROR", Text: "The definition has no StartAt"},
	}
	start := view.MachineStart{MachineHead: machineHead, Form: view.StartForm{Input: "{\n  \"run_date\": \"2026-03-02\"\n}"}, Source: view.Link{Text: "refresh-2026-03-02-22", URL: "/console/executions/x"},
		Targets: []view.Option{{Value: "a", Text: "as it is now"}, {Value: "b", Text: "alias live", Chosen: true}, {Value: "c", Text: "version 2"}}}
	refused := start
	refused.Form = view.StartForm{Name: "again", Input: "{\n  \"run_date\": 2026-03-02\n}", Error: "The input is not JSON: line 2, column 19: expected , or }"}
	versions := view.MachineVersions{
		MachineHead: headOf(view.VersionsTab), Compared: true,
		Versions: []view.VersionRow{
			{Number: "2", Description: "loads items too", Created: at(7, 0, 0), Revision: "5f1c6e2e-86f5-4aa4-b7f4-5d77aa5d8c2a", Compare: "/console/machines/RefreshSales/versions?from=2#changes"},
			{Number: "1", Created: at(6, 30, 0), Revision: "0d0bd2b8-0b5c-4a5d-a7c0-9d0d43b2be76", Compare: "/console/machines/RefreshSales/versions?from=1#changes"},
		},
		Aliases: []view.AliasRow{{Name: "live", Routes: []string{"version 2, 90 %", "version 1, 10 %"}, Updated: at(8, 0, 0), Description: "what runs at night"}},
		From:    []view.Option{{Text: "as it is now"}, {Value: "2", Text: "version 2"}, {Value: "1", Text: "version 1", Chosen: true}},
		To:      []view.Option{{Text: "as it is now"}, {Value: "2", Text: "version 2", Chosen: true}, {Value: "1", Text: "version 1"}},
		Difference: view.Difference("{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Pass\",\n      \"Next\": \"B\"\n    }\n  }\n}",
			"{\n  \"StartAt\": \"A\",\n  \"States\": {\n    \"A\": {\n      \"Type\": \"Pass\",\n      \"Result\": {\"rows\": 5},\n      \"End\": true\n    }\n  }\n}"),
	}
	details := view.MachineDetails{
		MachineHead: headOf(view.DetailsTab), Created: at(6, 0, 0), Status: "ACTIVE", Role: "arn:aws:iam::123456789012:role/sales-pipeline", Level: "ALL",
		LogGroup: view.Link{Text: "/aws/vendedlogs/states/RefreshSales", URL: "/console/logs/x"}, DataLogged: true, Triggers: triggers,
		Tags: []view.Pair{{Name: "team", Value: "sales"}, {Name: "cost-center", Value: "4711"}},
	}
	return []entry{
		{"definition", machinePage("RefreshSales", view.MachineDefinition{MachineHead: headOf(view.DefinitionTab), Source: source, Graph: picture(), Valid: true, Checked: "The definition is valid."})},
		{"definition-wrong", machinePage("RefreshSales", view.MachineDefinition{MachineHead: headOf(view.DefinitionTab), Source: wrong, Checked: "The definition has 2 mistakes.", Indented: true})},
		{"versions", machinePage("RefreshSales", versions)},
		{"versions-none", machinePage("RefreshSales", view.MachineVersions{MachineHead: headOf(view.VersionsTab)})},
		{"machine-details", machinePage("RefreshSales", details)},
		{"machine-start", machinePage("Start RefreshSales", start)},
		{"machine-start-refused", machinePage("Start RefreshSales", refused)},
	}
}
