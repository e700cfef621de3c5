package console

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

func (c *Console) sqlArea() area {
	return area{
		pages: []page{{sqlPath, c.sql}},
		actions: []action{
			{sqlPath + "/run", api.Read, c.runText},
			{sqlPath + "/cancel", api.Read, c.cancelRun},
		},
		posts: []raw{{sqlPath + "/download", api.Read, c.downloadResult}},
	}
}

const sqlPath = "/console/sql"

// historyLength is how many of the user's statements stand below the editor.
const historyLength = 15

// quickly is how long a page waits for a run, so that most results are there at once.
const quickly = 700 * time.Millisecond

// warehouseUser is the user that statements run as.
func (r *request) warehouseUser() string {
	if r.session.user == "" {
		return "awsuser"
	}
	return r.session.user
}

// readsOnly reports whether the user may only run what reads.
func (r *request) readsOnly() bool { return r.session.role < api.Run }

// reading opens a session for what a page shows.
func (r *request) reading(ctx context.Context) (*warehouse.Session, error) {
	return r.console.Warehouse.Session(ctx, warehouse.SessionConfig{User: r.warehouseUser(), ReadOnly: true})
}

var sqlLimits = []view.Option{{Value: "1m", Text: "1 minute"}, {Value: "10m", Text: "10 minutes"}, {Value: "2h", Text: "2 hours"}}

const usualLimit = "10m"

// sql is the editor with the run that the address names.
func (c *Console) sql(r *request) (view.Page, error) {
	q := r.URL.Query()
	w := view.Worksheet{ReadOnly: r.readsOnly(), Text: q.Get("text")}
	w.Limits, _ = chosen(sqlLimits, usualLimit)
	p := view.Page{Title: "SQL", Section: view.SQLSection}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	switch {
	case q.Get("run") != "":
		run := c.runs.find(r.session.user, q.Get("run"))
		if run == nil {
			return view.Page{}, fault.New(fault.NotFound, "this run is not remembered any more: run the statement again")
		}
		run.wait(r.Context(), quickly)
		w.Text, w.Run = run.text, run.shown(c.Now())
		w.Limits, _ = chosen(sqlLimits, spelled(run.limit))
		if w.Run.Running {
			p.Live = "statement"
		}
	case q.Get("statement") != "":
		found, _, err := c.findStatement(ctx, q.Get("statement"))
		if err != nil {
			return view.Page{}, err
		}
		w.Text = found.Text
	}
	history, err := c.Warehouse.Statements(ctx, querylog.Filter{User: r.warehouseUser()}, querylog.Page{Limit: historyLength})
	if err != nil {
		p.Notice, p.Failed = r.sourceProblem(err), true
	}
	for _, q := range history {
		w.History = append(w.History, c.statementRow(q))
	}
	p.Content = w
	return p, nil
}

// spelled is a limit as the list of limits has it.
func spelled(limit time.Duration) string {
	for _, o := range sqlLimits {
		if d, _ := time.ParseDuration(o.Value); d == limit {
			return o.Value
		}
	}
	return ""
}

// runText starts what stands in the editor, or asks for its plan.
func (c *Console) runText(r *request) (next, notice string, err error) {
	text := strings.ReplaceAll(r.PostForm.Get("text"), "\r\n", "\n")
	if strings.TrimSpace(text) == "" {
		return sqlPath, "Write a statement first.", nil
	}
	if _, known := chosen(sqlLimits, r.PostForm.Get("limit")); !known {
		return "", "", fault.Invalidf("the time limit %q is none of the list's", r.PostForm.Get("limit"))
	}
	limit, err := time.ParseDuration(r.PostForm.Get("limit"))
	if err != nil {
		return "", "", err
	}
	run, err := c.startSQL(r, text, limit, r.PostForm.Get("do") == "plan")
	if err != nil {
		return "", "", err
	}
	return sqlPath + "?run=" + url.QueryEscape(run.id) + "#results", "", nil
}

func (c *Console) cancelRun(r *request) (next, notice string, err error) {
	run := c.runs.find(r.session.user, r.PostForm.Get("run"))
	if run == nil {
		return sqlPath, "This run is not remembered any more.", nil
	}
	run.stop()
	return sqlPath + "?run=" + url.QueryEscape(run.id) + "#results", "", nil
}

// shown is the run as the page has it.
func (s *sqlRun) shown(now time.Time) *view.SQLRun {
	running := s.running()
	s.mu.Lock()
	defer s.mu.Unlock()
	v := &view.SQLRun{ID: s.id, Running: running, Started: s.started, Took: s.took, Limit: s.limit, More: s.more, Plan: s.plan}
	if running {
		v.Took = now.Sub(s.started)
	}
	for i, result := range s.results {
		v.Results = append(v.Results, view.SQLResult{
			Number: i + 1, SQL: view.SQL{Text: result.SQL}, Tag: result.Tag, URL: statementURL(result.QueryID), Took: result.took,
			Notices: result.notices, Grid: result.grid,
		})
	}
	if s.open.grid != nil || len(s.open.notices) > 0 {
		v.Notices = s.open.notices
	}
	if s.err != nil {
		problem := sqlProblemOf(s.err)
		v.Error, v.Code = problem.message, problem.code
		v.Source = view.SQL{Text: s.text, Line: problem.line, Column: problem.column}
	}
	return v
}

// downloadResult runs a statement of a run again, for reading only, and sends all its rows as a file of comma separated values.
func (c *Console) downloadResult(w http.ResponseWriter, r *request) error {
	run := c.runs.find(r.session.user, r.PostForm.Get("run"))
	number, err := strconv.Atoi(r.PostForm.Get("result"))
	if run == nil || err != nil {
		return fault.New(fault.NotFound, "this result is not remembered any more: run the statement again")
	}
	sql, ok := run.statement(number)
	if !ok {
		return fault.New(fault.NotFound, "this run has no result %d", number)
	}
	ctx := origin.With(r.Context(), origin.Origin{Client: "console", Address: r.RemoteAddr})
	session, err := r.reading(ctx)
	if err != nil {
		return err
	}
	defer session.Close()
	out := &csvFile{w: w, name: fmt.Sprintf("result-%d.csv", number)}
	if err := session.Run(ctx, sql, warehouse.Run{}, out); err != nil {
		if out.csv != nil {
			panic(http.ErrAbortHandler) // the file has begun: only a broken connection tells that it is not whole
		}
		return err
	}
	out.csv.Flush()
	return nil
}

// statement is the text of a statement that has answered with rows.
func (s *sqlRun) statement(number int) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if number < 1 || number > len(s.results) || s.results[number-1].grid == nil {
		return "", false
	}
	return s.results[number-1].SQL, true
}

// csvFile is a sink that writes RFC 4180. A null is an empty field.
type csvFile struct {
	w       http.ResponseWriter
	name    string
	csv     *csv.Writer
	columns []warehouse.Column
}

// Columns begins the file.
func (f *csvFile) Columns(columns []warehouse.Column) error {
	f.w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	f.w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	f.csv, f.columns = csv.NewWriter(f.w), columns
	f.csv.UseCRLF = true
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return f.csv.Write(names)
}

// Row adds a line.
func (f *csvFile) Row(values []any) error {
	fields := make([]string, len(values))
	for i, v := range values {
		fields[i], _ = warehouse.Text(f.columns[i], v)
	}
	return f.csv.Write(fields)
}

// Notice is not part of the file.
func (f *csvFile) Notice(warehouse.Notice) {}

// Done ends it.
func (f *csvFile) Done(warehouse.Result) error { return nil }
