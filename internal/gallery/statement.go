package main

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

// hostileTable is a name as nobody should choose one.
const hostileTable = "we<b>ird \"name\" \u202efdp.exe & " + "a_very_long_name_that_goes_on_and_on_and_on_until_it_has_one_hundred_and_twenty_seven_bytes"

var trail = []view.Link{{Text: "schedule default/nightly"}, {Text: "refresh-2026-03-02", URL: "/console/executions/x"}, {Text: "LoadFact", URL: "/console/executions/x?state=LoadFact"}}

const mergeText = `merge into public.dim_customer
using stg_customer s on public.dim_customer.customer_id = s.customer_id
when matched then update set email = s.email, updated = '2026-03-02' -- type 1
when not matched then insert values (s.customer_id, s.email, nosuch, 'O''Brien', 12.5)`

func statementRow(id int64, text, status string, took time.Duration) view.Statement {
	return view.Statement{ID: id, URL: "/console/statements/x", Kind: "SELECT", Text: text, User: "etl_user", Status: status, Started: at(9, 20, int(id%60)), Took: took, Rows: -1, From: trail}
}

func statementEntries() []entry {
	running := statementRow(4211, "copy public.stg_store_sales from 's3://sales-data/store_sales/2026-03-02/' iam_role default gzip", "running", 84*time.Second)
	failed := statementRow(4208, strings.Join(strings.Fields(mergeText), " "), "failed", 31*time.Millisecond)
	failed.Error = `column "nosuch" does not exist in stg_customer`
	long := statementRow(4207, "select '<script>alert(1)</script>' as "+hostileTable, "succeeded", 2*time.Hour+5*time.Minute)
	long.Rows, long.From = 210_000, []view.Link{{Text: "psql"}}
	list := []view.Statement{running, failed, long}
	for i := range int64(12) {
		list = append(list, statementRow(4206-i, "insert into public.store_sales select * from public.stg_store_sales", "succeeded", time.Duration(200+i*37)*time.Millisecond))
		list[len(list)-1].Rows = 210_000
	}
	filter := view.StatementFilter{Statuses: []view.Option{{Text: "all", Chosen: true}, {Value: "failed", Text: "failed"}}, Since: []view.Option{{Text: "all", Chosen: true}, {Value: "1h", Text: "the last hour"}}}
	narrowed := filter
	narrowed.Text, narrowed.Of = "nothing <like> this", []view.HiddenField{{Name: "execution", Value: "x", Text: "execution refresh-2026-03-02"}}
	page := func(title string, content view.Content) view.Page {
		return view.Page{Title: title, Section: view.StatementSection, User: view.User{Name: "dana", Run: true}, Crumbs: []view.Link{{Text: "Statements", URL: "/console/statements"}}, Content: content}
	}
	top := func(content view.Content) view.Page {
		p := page("Statements", content)
		p.Crumbs, p.Live = nil, "statement"
		return p
	}
	return []entry{
		{"statements", top(view.Statements{Running: []view.Statement{running}, List: list, Filter: filter, Pager: view.Pager{Next: "/console/statements?before=4195"}})},
		{"statements-empty", top(view.Statements{Filter: narrowed})},
		{"statements-busy", top(view.Statements{Filter: filter, Note: "The warehouse is busy: it did not answer in 10s. Load the page again in a moment."})},
		{"statement", page("Statement 4190", callDetail())},
		{"statement-failed", page("Statement 4208", failedDetail(failed))},
		{"statement-running", page("Statement 4211", runningDetail(running))},
	}
}

func callDetail() view.StatementDetail {
	d := view.StatementDetail{
		Statement: statementRow(4190, "", "succeeded", 822*time.Millisecond), SQL: view.SQL{Text: "call public.sp_load_fact_sales('2026-03-02', 's3://sales-data/')"}, Tag: "CALL",
		Database: "dev", PID: 5, XID: 601, Ended: at(9, 20, 51), Waited: 120 * time.Millisecond, Count: 2,
		Notices: view.Text{Full: "INFO: Load into table 'stg_store_sales' completed, 210000 record(s) loaded successfully.\nINFO: store_sales: 210000 lines of 2026-03-02"},
		Reads:   []view.Link{{Text: "public.item", URL: "/console/warehouse/public/item"}, {Text: "pg_temp.keys"}}, Writes: []view.Link{{Text: "public.store_sales", URL: "/console/warehouse/public/store_sales"}},
		InnerCount: 1204, InnerURL: "/console/statements?parent=4190", DataAPI: "0f6c3a39-ccd1-4d0c-bd64-6a1f1b2c3d4e", EditURL: "/console/sql?statement=4190",
	}
	d.Kind = "CALL"
	for i, text := range []string{"drop table if exists public.stg_store_sales", "copy public.stg_store_sales from 's3://sales-data/store_sales/2026-03-02/' iam_role default delimiter '~' gzip",
		"delete from public.store_sales where ss_sold_date_sk in (select d_date_sk from public.date_dim where d_date = '2026-03-02')", "insert into public.store_sales select * from public.stg_store_sales"} {
		one := statementRow(int64(4191+i), text, "succeeded", []time.Duration{2 * time.Millisecond, 364 * time.Millisecond, 788 * time.Microsecond, 253 * time.Millisecond}[i])
		one.Started = d.Started.Add([]time.Duration{0, 5 * time.Millisecond, 380 * time.Millisecond, 400 * time.Millisecond}[i])
		one.Rows = []int64{-1, 210_000, 0, 210_000}[i]
		d.Inner = append(d.Inner, one)
	}
	return d
}

func failedDetail(row view.Statement) view.StatementDetail {
	row.Kind = "MERGE"
	return view.StatementDetail{
		Statement: row, SQL: view.SQL{Text: mergeText, Line: 4, Column: 62}, Database: "dev", PID: 7, XID: 640, Label: "nightly", Ended: at(9, 20, 9), Code: "42703",
		Parent: &view.Link{Text: "Statement 4190", URL: "/console/statements/4190"}, Reads: []view.Link{{Text: "pg_temp.stg_customer"}},
		Writes: []view.Link{{Text: "public.dim_customer", URL: "/console/warehouse/public/dim_customer"}}, EditURL: "/console/sql?statement=4208",
		PlanError: `column "nosuch" does not exist in stg_customer`,
	}
}

func runningDetail(row view.Statement) view.StatementDetail {
	row.Kind = "COPY"
	text := "copy public.stg_store_sales from 's3://sales-data/store_sales/2026-03-02/' iam_role default gzip\n" + strings.Repeat("-- a long comment\n", 700)
	return view.StatementDetail{
		Statement: row, SQL: view.SQL{Text: text, URL: "/console/statements/4211/text", Length: 5 << 20}, Database: "dev", PID: 9, XID: 641, CancelURL: "/console/statements/4211/cancel",
		EditURL: "/console/sql?statement=4211", Source: &view.Link{Text: "s3://sales-data/store_sales/2026-03-02/", URL: "/console/buckets/sales-data"},
		LoadURL: "/console/loads/4211", Files: 4, Bytes: 2_539_012, PlanURL: "/console/statements/4211?plan=1",
	}
}
