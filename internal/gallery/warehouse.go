package main

import (
	"fmt"

	"github.com/stepwell/stepwell/console/view"
)

func warehouseEntries() []entry {
	kinds := []view.Option{{Text: "all", Chosen: true}, {Value: "table", Text: "tables"}}
	relation := func(name, kind string, columns, rows int64) view.Relation {
		return view.Relation{Schema: "public", Name: name, URL: "/console/warehouse/public/x", Kind: kind, Columns: columns, Rows: rows}
	}
	fact := relation("store_sales", "table", 9, 210_000)
	fact.DistStyle, fact.SortKey = "KEY(ss_customer_sk)", "ss_sold_date_sk"
	fact.Writer = &view.Writer{Kind: "INSERT", URL: "/console/statements/4194", Rows: 210_000, At: at(9, 20, 50), From: trail}
	item := relation("item", "table", 7, 4178)
	item.Comment, item.DistStyle, item.SortKey = "Versions of items: <b>type 2</b>", "ALL", "i_item_id"
	odd := relation(hostileTable, "table", 1600, 0)
	list := []view.Relation{item, fact, odd, relation("v_sales", "view", 12, 0), relation("sp_load_fact_sales(date, character varying)", "procedure", 0, 0)}
	schemas := []view.Schema{{Name: "mart", URL: "/console/warehouse?schema=mart", Tables: 1}, {Name: "public", URL: "/console/warehouse?schema=public", Tables: 1204, Views: 1, Procedures: 4, Chosen: true}}
	page := func(title string, content view.Content) view.Page {
		return view.Page{Title: title, Section: view.WarehouseSection, User: view.User{Name: "dana", Run: true}, Content: content}
	}
	detail := func(d view.TableDetail) view.Page {
		p := page(d.Name, d)
		p.Crumbs = []view.Link{{Text: "Warehouse", URL: "/console/warehouse"}, {Text: "public", URL: "/console/warehouse?schema=public"}}
		return p
	}
	source := "create or replace procedure public.sp_load_fact_sales(p_run_date date)\nas $$\nbegin\n  insert into public.store_sales select * from public.stg_store_sales;\n  raise info 'done at %', p_run_date; -- for the log\nend;\n$$ language plpgsql"
	return []entry{
		{"warehouse", page("Warehouse", view.Warehouse{Schemas: schemas, Relations: list, Schema: "public", Kinds: kinds, Pager: view.Pager{Next: "/console/warehouse?after=v_sales"}})},
		{"warehouse-empty", page("Warehouse", view.Warehouse{Kinds: kinds})},
		{"warehouse-busy", page("Warehouse", view.Warehouse{Kinds: kinds, Note: "The warehouse is busy: it did not answer in 10s. Load the page again in a moment."})},
		{"table-detail", detail(factDetail(fact))},
		{"table-detail-odd", detail(view.TableDetail{Relation: odd, Size: -1, SampleNote: "The rows are not there after 3s: somebody may be changing the table now.", Definition: view.SQL{Text: "CREATE TABLE …"}})},
		{"routine", routinePage(page("sp_load_fact_sales(date)", view.Routine{Name: "sp_load_fact_sales(date)", Kind: "procedure", SQL: view.SQL{Text: source}, CallsURL: "/console/statements?text=sp_load_fact_sales"}))},
		{"lineage", lineagePage("public.store_sales", lineageEdges())},
		{"lineage-empty", lineagePage("", nil)},
	}
}

func routinePage(p view.Page) view.Page {
	p.Crumbs = []view.Link{{Text: "Warehouse", URL: "/console/warehouse"}}
	return p
}

func factDetail(fact view.Relation) view.TableDetail {
	d := view.TableDetail{Relation: fact, Size: 3 << 20, Constraints: []string{"PRIMARY KEY (ss_ticket_number, ss_line)", "FOREIGN KEY (ss_item_sk) REFERENCES public.item(i_item_sk)"},
		Definition: view.SQL{Text: "CREATE TABLE public.store_sales (\n    ss_sold_date_sk integer NOT NULL ENCODE az64\n)\nDISTSTYLE KEY DISTKEY (ss_customer_sk)\nSORTKEY (ss_sold_date_sk);"},
		QueryURL:   "/console/sql?text=x", StatementsURL: "/console/statements?table=public.store_sales", LineageURL: "/console/lineage?of=public.store_sales"}
	grid := &view.Grid{Total: 2, Rows: make([][]view.Cell, 2)}
	for i := range 14 {
		name := fmt.Sprintf("ss_column_%02d", i)
		d.Columns = append(d.Columns, view.ColumnRow{Name: name, Type: "numeric(7,2)", NotNull: i < 3, Encoding: "az64"})
		grid.Columns = append(grid.Columns, view.GridColumn{Name: name, Type: "numeric(7,2)", Right: true})
		for row := range grid.Rows {
			grid.Rows[row] = append(grid.Rows[row], view.Cell{Text: fmt.Sprint(i * 100), Null: i == 5})
		}
	}
	d.Columns[0].Keys, d.Columns[1].Keys, d.Columns[1].Comment, d.Columns[2].Default = []string{"sort 1"}, []string{"dist"}, "the customer <who> bought", "'none'::varchar"
	d.Sample = grid
	edges := lineageEdges()
	d.Up, d.Down = edges[4:7], edges[7:]
	return d
}

func lineageEdges() []view.Edge {
	edge := func(source, target string, rows int64) view.Edge {
		return view.Edge{Source: view.Link{Text: source, URL: "/console/lineage?of=x"}, Target: view.Link{Text: target, URL: "/console/lineage?of=x"}, URL: "/console/statements/x", Rows: rows, At: at(9, 20, 50), From: trail}
	}
	return []view.Edge{
		edge("s3://sales-data/base/", "public.customer", 20_000), edge("s3://sales-data/base/", "public.item", 4000), edge("s3://sales-data/item/", "public.item", 178),
		edge("s3://sales-data/store_sales/", "public.stg_store_sales", 210_000), edge("public.stg_store_sales", "public.store_sales", 210_000), edge("public.item", "public.store_sales", 210_000),
		edge("public.customer", "public.store_sales", 210_000), edge("public.store_sales", "s3://exports-"+hostileTable, 12), edge("public.store_sales", "mart.daily", -1), edge("mart.daily", "public.item", 3),
	}
}

func lineagePage(of string, edges []view.Edge) view.Page {
	p := view.Page{Title: "Lineage", Section: view.LineageSection, Live: "statement", Content: view.Lineage{Of: of, Edges: edges, Hidden: len(edges) * 3, Places: []string{"public.item", "public.store_sales"}}}
	if of != "" {
		p.Crumbs = []view.Link{{Text: "Lineage", URL: "/console/lineage"}}
	}
	return p
}
