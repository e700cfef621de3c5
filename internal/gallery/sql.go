package main

import (
	"fmt"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

func sqlEntries() []entry {
	limits := []view.Option{{Value: "1m", Text: "1 minute"}, {Value: "10m", Text: "10 minutes", Chosen: true}, {Value: "2h", Text: "2 hours"}}
	history := []view.Statement{statementRow(4208, "select * from item", "failed", 31*time.Millisecond), statementRow(4207, "select count(*) from public.store_sales", "succeeded", 4*time.Millisecond)}
	page := func(w view.Worksheet) view.Page {
		w.Limits = limits
		return view.Page{Title: "SQL", Section: view.SQLSection, User: view.User{Name: "dana", Run: !w.ReadOnly}, Content: w}
	}
	text := "select * from public.item;\n\n-- one that fails\nselect i_item_id, nosuch from public.item where i_item_id = 'AAAA'"
	grid := &view.Grid{Columns: []view.GridColumn{{Name: "i_item_sk", Type: "bigint", Right: true}, {Name: "i_item_desc", Type: "varchar(200)"}, {Name: "i_current_price", Type: "numeric(7,2)", Right: true},
		{Name: hostileTable, Type: "super"}}, Total: 4178}
	for i := range 40 {
		grid.Rows = append(grid.Rows, []view.Cell{{Text: fmt.Sprint(i + 1)}, view.NewCell("small kettle <b>" + fmt.Sprint(i) + "</b>"), {Text: fmt.Sprintf("%d.%02d", 20+i, i)}, {Null: i%3 == 0, Text: `{"a":1}`}})
	}
	grid.Rows[2][1].Cut = 5 << 20
	done := &view.SQLRun{ID: "x", Started: at(9, 29, 50), Took: 22 * time.Millisecond, Limit: 10 * time.Minute,
		Results: []view.SQLResult{
			{Number: 1, SQL: view.SQL{Text: "select * from public.item"}, Tag: "SELECT", URL: "/console/statements/x", Took: 18 * time.Millisecond, Grid: grid},
			{Number: 2, SQL: view.SQL{Text: "call public.sp_check()"}, Tag: "CALL", URL: "/console/statements/x", Took: time.Millisecond, Notices: []view.Notice{{Level: "INFO", Text: "all 210000 lines arrived"}}},
			{Number: 3, SQL: view.SQL{Text: "select 1 where false"}, Tag: "SELECT", URL: "/console/statements/x", Took: time.Millisecond, Grid: &view.Grid{Columns: []view.GridColumn{{Name: "?column?", Type: "integer", Right: true}}}},
		},
		Error: `column "nosuch" does not exist in item`, Code: "42703", Source: view.SQL{Text: text, Line: 4, Column: 19}, Notices: []view.Notice{{Level: "WARNING", Text: "this is the last chance"}}}
	busy := &view.SQLRun{ID: "x", Running: true, Started: at(9, 29, 20), Took: 40 * time.Second, Limit: 10 * time.Minute}
	planned := &view.SQLRun{ID: "x", Started: at(9, 29, 50), Took: 2 * time.Millisecond, Plan: []string{"┌───────────────────────────┐", "│         PROJECTION        │", "└─────────────┬─────────────┘"}}
	return []entry{
		{"sql", page(view.Worksheet{Text: text, Run: done, History: history})},
		{"sql-running", page(view.Worksheet{Text: "select count(*) from public.store_sales a, public.store_sales b", Run: busy, History: history})},
		{"sql-plan", page(view.Worksheet{Text: "select i_category, count(*) from public.item group by 1", Run: planned})},
		{"sql-empty", page(view.Worksheet{ReadOnly: true})},
	}
}
