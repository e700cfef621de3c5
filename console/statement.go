package console

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

func (c *Console) statementArea() area {
	return area{
		pages:   []page{{"/console/statements", c.statements}, {"/console/statements/{id}", c.statement}},
		actions: []action{{"/console/statements/{id}/cancel", api.Run, c.cancelStatement}},
		raws:    []raw{{"/console/statements/{id}/text", api.Read, c.statementText}},
	}
}

func statementURL(id int64) string { return "/console/statements/" + strconv.FormatInt(id, 10) }

// statementsPage is how many statements a list shows.
const statementsPage = 50

// patience is how long a page waits for the warehouse.
const patience = 10 * time.Second

// statements is the list of what ran. What runs stands above it, whatever the filter is.
func (c *Console) statements(r *request) (view.Page, error) {
	filter, shown, err := c.statementFilter(r)
	if err != nil {
		return view.Page{}, err
	}
	before, err := numberOf(r.URL.Query().Get("before"), "before")
	if err != nil {
		return view.Page{}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	content := view.Statements{Filter: shown}
	for _, q := range c.Warehouse.Running() {
		if q.Parent == 0 {
			content.Running = append(content.Running, c.statementRow(q))
		}
	}
	found, err := c.Warehouse.Statements(ctx, filter, querylog.Page{Before: before, Limit: statementsPage + 1})
	if err != nil {
		content.Note = r.sourceProblem(err)
	}
	if len(found) > statementsPage {
		found = found[:statementsPage]
		content.Pager.Next = with(r.URL, "before", strconv.FormatInt(found[statementsPage-1].ID, 10))
	}
	if before > 0 {
		content.Pager.First = with(r.URL, "before", "")
	}
	for _, q := range found {
		content.List = append(content.List, c.statementRow(q))
	}
	return view.Page{Title: "Statements", Section: view.StatementSection, Live: "statement", Content: content}, nil
}

var statementStatuses = []view.Option{
	{Text: "all"}, {Value: string(querylog.Running), Text: "running"}, {Value: string(querylog.Succeeded), Text: "succeeded"},
	{Value: string(querylog.Failed), Text: "failed"}, {Value: string(querylog.Canceled), Text: "canceled"}, {Value: string(querylog.Aborted), Text: "aborted"},
}

var statementAges = []view.Option{{Text: "all"}, {Value: "1h", Text: "the last hour"}, {Value: "24h", Text: "the last day"}, {Value: "72h", Text: "the last 3 days"}}

// statementFilter reads the filters of the list.
func (c *Console) statementFilter(r *request) (querylog.Filter, view.StatementFilter, error) {
	q := r.URL.Query()
	f := querylog.Filter{
		Contains: q.Get("text"), Writes: q.Get("table"), User: q.Get("user"), Status: querylog.Status(q.Get("status")), Inner: q.Get("inner") != "",
		Execution: q.Get("execution"), State: q.Get("state"), Job: q.Get("job"), Request: q.Get("request"), Statement: q.Get("statement"),
	}
	var err error
	if f.Task, err = numberOf(q.Get("task"), "task"); err != nil {
		return f, view.StatementFilter{}, err
	}
	if f.Parent, err = numberOf(q.Get("parent"), "parent"); err != nil {
		return f, view.StatementFilter{}, err
	}
	shown := view.StatementFilter{Text: f.Contains, Table: f.Writes, User: f.User, Inner: f.Inner}
	var known bool
	if shown.Statuses, known = chosen(statementStatuses, string(f.Status)); !known {
		return f, shown, fault.Invalidf("there is no status %q of statements", f.Status)
	}
	if shown.Since, known = chosen(statementAges, q.Get("since")); !known {
		return f, shown, fault.Invalidf("the age %q is none of the list's", q.Get("since"))
	}
	if age, err := time.ParseDuration(q.Get("since")); err == nil {
		f.Since = c.Now().Add(-age)
	}
	for _, field := range []struct{ name, text string }{
		{"execution", "execution"}, {"state", "state"}, {"task", "task"}, {"job", "job"}, {"request", "invocation"}, {"statement", "Data API statement"},
		{"parent", "statement"},
	} {
		if is := q.Get(field.name); is != "" {
			shown.Of = append(shown.Of, view.HiddenField{Name: field.name, Value: is, Text: field.text + " " + lastPart(is)})
		}
	}
	return f, shown, nil
}

// chosen marks one choice of a list.
func chosen(options []view.Option, value string) (list []view.Option, known bool) {
	for _, o := range options {
		o.Chosen = o.Value == value
		known = known || o.Chosen
		list = append(list, o)
	}
	return list, known
}

// numberOf reads a number of an address; empty is 0.
func numberOf(text, name string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.Invalidf("%s is not a number: %q", name, text)
	}
	return n, nil
}

// with is an address with one other parameter; an empty value takes it away.
func with(u *url.URL, name, value string) string {
	q := u.Query()
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return u.EscapedPath()
	}
	return u.EscapedPath() + "?" + q.Encode()
}

// sourceProblem is what a page says in place of what it could not get.
func (r *request) sourceProblem(err error) string {
	switch kind := fault.KindOf(err); {
	case fault.CodeOf(err) == "57014":
		return "The warehouse is busy: it did not answer in " + patience.String() + ". Load the page again in a moment."
	case kind == fault.Internal:
		if r.Context().Err() == nil {
			r.console.Log.Error("ask the warehouse", "path", r.URL.Path, "error", err)
		}
		return "The warehouse could not answer; the server's log says why."
	}
	return err.Error()
}

// statementWord is a status as pages have it.
func statementWord(s querylog.Status) string {
	if s == querylog.Succeeded {
		return "succeeded"
	}
	return string(s)
}

func (c *Console) statementRow(q querylog.Query) view.Statement {
	s := view.Statement{
		ID: q.ID, URL: statementURL(q.ID), Kind: q.Kind, Text: oneLine(q.Text), User: q.User, Status: statementWord(q.Status), Started: q.Started,
		Took: q.Duration(c.Now()), Rows: q.Rows, Error: oneLine(q.Error), From: originLinks(q.Origin),
	}
	return s
}

// maxLine is how many bytes of a text a list shows.
const maxLine = 300

// oneLine is the beginning of a text without line breaks.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(text[:min(len(text), 2*maxLine)]), " ")
	return strings.ToValidUTF8(text[:min(len(text), maxLine)], "")
}

// innerRows is how many statements of a CALL its page shows.
const innerRows = 200

// statement is everything about one statement, found by its number or by the id of the Data API.
func (c *Console) statement(r *request) (view.Page, error) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	q, inner, err := c.findStatement(ctx, r.PathValue("id"))
	if err != nil {
		return view.Page{}, err
	}
	d := c.statementDetail(q)
	d.InnerCount, d.InnerURL = len(inner), "/console/statements?parent="+strconv.FormatInt(q.ID, 10)
	for i, one := range inner {
		if i < innerRows {
			row := c.statementRow(one)
			row.From = nil
			d.Inner = append(d.Inner, row)
		}
		d.Reads, d.Writes = addLinks(d.Reads, relationLinks(one.Reads)), addLinks(d.Writes, relationLinks(one.Writes))
	}
	if r.URL.Query().Get("plan") != "" {
		if d.Plan, err = c.Warehouse.Plan(ctx, q.Text); err != nil {
			d.PlanError = r.sourceProblem(err)
		}
	}
	crumbs := []view.Link{{Text: "Statements", URL: "/console/statements"}}
	if d.Parent != nil {
		crumbs = append(crumbs, *d.Parent)
	}
	p := view.Page{Title: "Statement " + strconv.FormatInt(q.ID, 10), Section: view.StatementSection, Crumbs: crumbs, Content: d}
	if q.Status == querylog.Running {
		p.Live = "statement"
	}
	return p, nil
}

// findStatement finds a statement by its number or by the id of the Data API; of a batch, the first.
func (c *Console) findStatement(ctx context.Context, id string) (querylog.Query, []querylog.Query, error) {
	if number, err := strconv.ParseInt(id, 10, 64); err == nil {
		return c.Warehouse.Statement(ctx, number)
	}
	for _, id := range []string{id, id + ":1"} {
		found, err := c.Warehouse.Statements(ctx, querylog.Filter{Statement: id}, querylog.Page{Limit: 1})
		if err != nil {
			return querylog.Query{}, nil, err
		}
		if len(found) > 0 {
			return c.Warehouse.Statement(ctx, found[0].ID)
		}
	}
	return querylog.Query{}, nil, fault.New(fault.NotFound, "the record of statements has none with the id %q", oneLine(id))
}

func (c *Console) statementDetail(q querylog.Query) view.StatementDetail {
	d := view.StatementDetail{
		Statement: c.statementRow(q), Tag: q.Tag, Database: q.Database, PID: q.PID, XID: q.Transaction, Label: q.Label, Ended: q.Ended, Waited: q.Waited,
		Code: q.Code, Notices: view.Text{Full: q.Notice}, Count: q.Notices, Reads: relationLinks(q.Reads), Writes: relationLinks(q.Writes),
		Files: q.Files, Bytes: q.Bytes, Rejected: q.Rejected, DataAPI: q.Origin.Statement,
		SQL:     view.SQL{Text: q.Text, URL: statementURL(q.ID) + "/text"},
		EditURL: "/console/sql?statement=" + strconv.FormatInt(q.ID, 10),
	}
	d.Error = q.Error
	d.SQL.Line, d.SQL.Column = placeOf(q)
	if q.Length > querylog.MaxText {
		d.SQL.Length = q.Length
	}
	if q.Parent != 0 {
		d.Parent = &view.Link{Text: "Statement " + strconv.FormatInt(q.Parent, 10), URL: statementURL(q.Parent)}
	}
	if q.Source != "" {
		d.Source = &view.Link{Text: q.Source, URL: bucketURL(q.Source)}
		d.LoadURL = loadURL(q.ID)
	}
	if q.Target != "" {
		d.Target = &view.Link{Text: q.Target, URL: bucketURL(q.Target)}
	}
	if q.Status == querylog.Running {
		d.CancelURL = statementURL(q.ID) + "/cancel"
	} else if explainable[q.Kind] {
		d.PlanURL = statementURL(q.ID) + "?plan=1#plan"
	}
	return d
}

// addLinks adds those that are not there yet.
func addLinks(list, more []view.Link) []view.Link {
	for _, l := range more {
		if !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return list
}

// placeOf is where a statement is wrong. An error that is about all of it stands at its beginning, and has no place.
func placeOf(q querylog.Query) (line, column int64) {
	if q.Line == 1 && q.Column == 1 && q.Code != "42601" {
		return 0, 0
	}
	return q.Line, q.Column
}

// explainable are the kinds of statements that have plans.
var explainable = map[string]bool{"SELECT": true, "INSERT": true, "UPDATE": true, "DELETE": true, "MERGE": true, "CREATE TABLE AS": true}

func (c *Console) cancelStatement(r *request) (next, notice string, err error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return "", "", fault.New(fault.NotFound, "there is no statement %q", r.PathValue("id"))
	}
	if err := c.Warehouse.Cancel(id); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			return statementURL(id), "It had ended already.", nil
		}
		return "", "", err
	}
	return statementURL(id), "The statement is being canceled.", nil
}

// statementText is the recorded text as it is.
func (c *Console) statementText(w http.ResponseWriter, r *request) error {
	q, _, err := c.findStatement(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return plainText(w, q.Text)
}

// plainText answers with a text that no browser takes for anything else.
func plainText(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text) // the reader may have gone
	return nil
}
