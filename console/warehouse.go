package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/inventory"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

func (c *Console) warehouseArea() area {
	return area{
		pages: []page{
			{"/console/warehouse", c.warehouse}, {"/console/warehouse/{schema}/{table}", c.warehouseTable}, {"/console/routines/{schema}/{name}", c.routine},
		},
		raws: []raw{
			{"/console/routines/{schema}/{name}/text", api.Read, c.routineText}, {"/console/warehouse/{schema}/{table}/definition", api.Read, c.definitionText},
		},
	}
}

func tableURL(schema, table string) string {
	return "/console/warehouse/" + url.PathEscape(schema) + "/" + url.PathEscape(table)
}

func routineURL(schema, name string) string {
	return "/console/routines/" + url.PathEscape(schema) + "/" + url.PathEscape(name)
}

// relationURL leads to a table or view named schema.name, and nowhere for what is not kept.
func relationURL(name string) string {
	schema, table, _ := strings.Cut(name, ".")
	if schema == "pg_temp" || schema == "pg_catalog" || table == "" {
		return ""
	}
	return tableURL(schema, table)
}

func relationLinks(names []string) []view.Link {
	links := make([]view.Link, len(names))
	for i, name := range names {
		links[i] = view.Link{Text: name, URL: relationURL(name)}
	}
	return links
}

// relationsPage is how many tables a list shows.
const relationsPage = 100

var relationKinds = []view.Option{{Text: "all"}, {Value: string(inventory.Table), Text: "tables"}, {Value: string(inventory.View), Text: "views"},
	{Value: string(inventory.Materialized), Text: "materialized views"}, {Value: string(inventory.Procedure), Text: "procedures"},
	{Value: string(inventory.Function), Text: "functions"}}

// warehouse lists what is in the schemas.
func (c *Console) warehouse(r *request) (view.Page, error) {
	q := r.URL.Query()
	content := view.Warehouse{Part: q.Get("q"), Schema: q.Get("schema")}
	var known bool
	if content.Kinds, known = chosen(relationKinds, q.Get("kind")); !known {
		return view.Page{}, fault.Invalidf("there is no kind %q", oneLine(q.Get("kind")))
	}
	err := r.look(func(ctx context.Context, s *warehouse.Session) error {
		schemas, err := inventory.Schemas(ctx, s)
		if err != nil {
			return err
		}
		for _, one := range schemas {
			content.Schemas = append(content.Schemas, view.Schema{Name: one.Name, URL: "/console/warehouse?schema=" + url.QueryEscape(one.Name), Tables: one.Tables,
				Views: one.Views, Procedures: one.Procedures, Chosen: one.Name == content.Schema})
		}
		found, err := inventory.Relations(ctx, s, inventory.Filter{Schema: content.Schema, Contains: content.Part, Kind: inventory.Kind(q.Get("kind"))},
			inventory.Page{AfterSchema: q.Get("after_schema"), AfterName: q.Get("after"), Limit: relationsPage + 1})
		if err != nil {
			return err
		}
		c.showRelations(&content, r.URL, found)
		return nil
	})
	if err != nil {
		content.Note = r.sourceProblem(err)
	}
	return view.Page{Title: "Warehouse", Section: view.WarehouseSection, Content: content}, nil
}

func (c *Console) showRelations(content *view.Warehouse, u *url.URL, found []inventory.Relation) {
	if len(found) > relationsPage {
		found = found[:relationsPage]
		last := found[relationsPage-1]
		next := *u
		query := next.Query()
		query.Set("after_schema", last.Schema)
		query.Set("after", last.Name)
		next.RawQuery = query.Encode()
		content.Pager.Next = next.RequestURI()
	}
	if query := u.Query(); query.Has("after") {
		query.Del("after")
		query.Del("after_schema")
		content.Pager.First = u.EscapedPath() + "?" + query.Encode()
	}
	writers := c.writers()
	for _, one := range found {
		content.Relations = append(content.Relations, relationRow(one, writers))
	}
}

func relationRow(one inventory.Relation, writers map[string]*view.Writer) view.Relation {
	row := view.Relation{Schema: one.Schema, Name: one.Name, Kind: string(one.Kind), Columns: one.Columns, Rows: one.Rows, DistStyle: one.DistStyle,
		SortKey: one.SortKey, Comment: one.Comment, URL: tableURL(one.Schema, one.Name), Writer: writers[one.Schema+"."+one.Name]}
	if one.Kind == inventory.Procedure || one.Kind == inventory.Function {
		row.URL = routineURL(one.Schema, one.Name)
	}
	return row
}

// writers are the last writers of tables by the tables' names.
func (c *Console) writers() map[string]*view.Writer {
	found := map[string]*view.Writer{}
	for _, w := range c.Warehouse.Writers() {
		found[w.Table] = &view.Writer{Kind: w.Kind, URL: statementURL(w.Query), Rows: w.Rows, At: w.At, From: originLinks(w.Origin)}
	}
	return found
}

// look opens a session for reading, as long as a page may wait.
func (r *request) look(do func(ctx context.Context, s *warehouse.Session) error) error {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	session, err := r.reading(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	return do(ctx, session)
}

// sampleRows is how many rows of a table its page shows, and samplePatience how long it waits for them.
const (
	sampleRows     = 50
	samplePatience = 2 * time.Second
)

// warehouseTable is everything about one table or view.
func (c *Console) warehouseTable(r *request) (view.Page, error) {
	schema, name := r.PathValue("schema"), r.PathValue("table")
	var d view.TableDetail
	err := r.look(func(ctx context.Context, s *warehouse.Session) error {
		about, err := inventory.Describe(ctx, s, schema, name)
		if err != nil {
			return err
		}
		d = c.tableDetail(about)
		d.Sample, err = sample(ctx, s, schema, name)
		if err != nil {
			d.SampleNote = r.sampleProblem(err)
		}
		return nil
	})
	if err != nil {
		return view.Page{}, err
	}
	crumbs := []view.Link{{Text: "Warehouse", URL: "/console/warehouse"}, {Text: schema, URL: "/console/warehouse?schema=" + url.QueryEscape(schema)}}
	return view.Page{Title: name, Section: view.WarehouseSection, Crumbs: crumbs, Content: d}, nil
}

func (c *Console) tableDetail(about inventory.Description) view.TableDetail {
	name := about.Schema + "." + about.Name
	d := view.TableDetail{
		Relation: relationRow(about.Relation, c.writers()), Size: about.Size, Definition: view.SQL{Text: about.Definition(), URL: tableURL(about.Schema, about.Name) + "/definition"},
		QueryURL:      "/console/sql?text=" + url.QueryEscape("select * from "+inventory.Identifier(about.Schema)+"."+inventory.Identifier(about.Name)+" limit 100"),
		StatementsURL: "/console/statements?inner=1&table=" + url.QueryEscape(name), LineageURL: "/console/lineage?of=" + url.QueryEscape(name),
	}
	for _, one := range about.Columns[:min(len(about.Columns), shownColumns)] {
		d.Columns = append(d.Columns, columnRow(one))
	}
	d.MoreColumns = len(about.Columns) - len(d.Columns)
	for _, one := range about.Constraints {
		d.Constraints = append(d.Constraints, one.Definition)
	}
	for _, e := range c.Warehouse.Lineage() {
		if e.Target == name {
			d.Up = append(d.Up, edgeRow(e))
		}
		if e.Source == name {
			d.Down = append(d.Down, edgeRow(e))
		}
	}
	return d
}

// definitionText is the statement that makes a table or a view.
func (c *Console) definitionText(w http.ResponseWriter, r *request) error {
	var text string
	err := r.look(func(ctx context.Context, s *warehouse.Session) error {
		about, err := inventory.Describe(ctx, s, r.PathValue("schema"), r.PathValue("table"))
		text = about.Definition()
		return err
	})
	if err != nil {
		return err
	}
	return plainText(w, text)
}

// shownColumns is how many columns of a table its page lists; the definition has all.
const shownColumns = 400

func columnRow(one inventory.Column) view.ColumnRow {
	row := view.ColumnRow{Name: one.Name, Type: one.Type, NotNull: one.NotNull, Default: one.Default, Encoding: one.Encoding, Comment: one.Comment}
	if one.DistKey {
		row.Keys = append(row.Keys, "dist")
	}
	if one.SortKey != 0 {
		row.Keys = append(row.Keys, fmt.Sprintf("sort %d", max(one.SortKey, -one.SortKey)))
	}
	return row
}

// sample are the first rows of a table. One that somebody has locked is not waited for long.
func sample(ctx context.Context, s *warehouse.Session, schema, name string) (*view.Grid, error) {
	ctx, cancel := context.WithTimeout(ctx, samplePatience)
	defer cancel()
	var answers warehouse.Collector
	text := fmt.Sprintf("select * from %s.%s limit %d", inventory.Identifier(schema), inventory.Identifier(name), sampleRows)
	if err := s.Run(ctx, text, warehouse.Run{Unrecorded: true}, &answers); err != nil {
		return nil, err
	}
	return gridOf(answers.Answers[0]), nil
}

func (r *request) sampleProblem(err error) string {
	if fault.CodeOf(err) == "57014" {
		return "The rows are not there after " + samplePatience.String() + ": somebody may be changing the table now."
	}
	return r.sourceProblem(err)
}

// edgeRow is a way of data as pages show it.
func edgeRow(e querylog.Edge) view.Edge {
	return view.Edge{Source: placeLink(e.Source), Target: placeLink(e.Target), URL: statementURL(e.Query), Rows: e.Rows, At: e.At, From: originLinks(e.Origin)}
}

// placeLink leads to a table or to an address in a bucket.
func placeLink(name string) view.Link {
	if strings.HasPrefix(name, "s3://") {
		return view.Link{Text: name, URL: bucketURL(name)}
	}
	return view.Link{Text: name, URL: relationURL(name)}
}

func (c *Console) findRoutine(r *request) (source string, kind inventory.Kind, err error) {
	err = r.look(func(ctx context.Context, s *warehouse.Session) error {
		source, kind, err = inventory.Source(ctx, s, r.PathValue("schema"), r.PathValue("name"))
		return err
	})
	return source, kind, err
}

// routine is a procedure or a function.
func (c *Console) routine(r *request) (view.Page, error) {
	schema, name := r.PathValue("schema"), r.PathValue("name")
	source, kind, err := c.findRoutine(r)
	if err != nil {
		return view.Page{}, err
	}
	called, _, _ := strings.Cut(name, "(")
	content := view.Routine{Name: name, Kind: string(kind), SQL: view.SQL{Text: source, URL: routineURL(schema, name) + "/text"},
		CallsURL: "/console/statements?text=" + url.QueryEscape(called)}
	crumbs := []view.Link{{Text: "Warehouse", URL: "/console/warehouse"}, {Text: schema, URL: "/console/warehouse?schema=" + url.QueryEscape(schema)}}
	return view.Page{Title: name, Section: view.WarehouseSection, Crumbs: crumbs, Content: content}, nil
}

func (c *Console) routineText(w http.ResponseWriter, r *request) error {
	source, _, err := c.findRoutine(r)
	if err != nil {
		return err
	}
	return plainText(w, source)
}
