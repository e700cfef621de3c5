package console

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

const (
	// maxWork is how much of a state's work its page tells of.
	maxWork = 25
	// maxInner is how many statements of a procedure are listed.
	maxInner = 60
	// maxSearched is for how many of a visit's attempts the record is searched, and recordedAtOnce how many statements are read for each.
	maxSearched    = 5
	recordedAtOnce = 200
)

// work tells what a visit set going: statements, jobs, invocations and executions.
func (p *executionPage) work(v *visit.Visit, s *view.StateVisit) {
	if v.Node.Type != "Task" || len(v.Attempts) == 0 || p.console.Ledger == nil {
		return
	}
	ctx, cancel := context.WithTimeout(p.Context(), patience)
	defer cancel()
	all, err := p.console.Ledger.Behind(ctx, p.record.ARN)
	if err != nil {
		s.NoWork = "What this state set going is not known: " + p.sourceProblem(err)
		return
	}
	all = p.ofVisit(v, all)
	slices.SortStableFunc(all, func(a, b origin.Work) int { return cmp.Compare(b.Origin.Task, a.Origin.Task) }) // the last attempt first
	statements, err := p.statementsOf(ctx, v)
	if err != nil {
		s.NoWork = p.sourceProblem(err)
	}
	g := &workGatherer{executionPage: p, statements: statements, taken: map[int64]bool{}}
	for _, w := range all[:min(len(all), maxWork)] {
		s.Work = append(s.Work, g.work(ctx, w))
	}
	for _, q := range statements {
		if !g.taken[q.ID] && !frames(q) && len(s.Work) < maxWork {
			s.Work = append(s.Work, g.statement(ctx, q))
		}
	}
	if len(all) > maxWork {
		s.NoWork = "The last " + strconv.Itoa(maxWork) + " of " + strconv.Itoa(len(all)) + " are shown."
	}
}

// frames reports whether a statement only stands around others, and went well.
func frames(q querylog.Query) bool {
	return q.Status == querylog.Succeeded && slices.Contains([]string{"BEGIN", "COMMIT", "END", "SET"}, q.Kind)
}

// ofVisit chooses the work that the tasks of a visit asked for.
func (p *executionPage) ofVisit(v *visit.Visit, all []origin.Work) []origin.Work {
	return slices.DeleteFunc(all, func(w origin.Work) bool { return !asked(v, w.Origin.Task) })
}

// asked reports whether a task is one of a visit's: a task is known by the event that scheduled it.
func asked(v *visit.Visit, task int64) bool {
	return slices.ContainsFunc(v.Attempts, func(a visit.Attempt) bool { return a.Scheduled == task })
}

// statementsOf are the recorded statements of a visit's last attempts, in the order in which they began.
func (p *executionPage) statementsOf(ctx context.Context, v *visit.Visit) ([]querylog.Query, error) {
	var all []querylog.Query
	for _, a := range v.Attempts[max(0, len(v.Attempts)-maxSearched):] {
		list, err := p.console.Warehouse.Statements(ctx, querylog.Filter{Execution: p.record.ARN, Task: a.Scheduled}, querylog.Page{Limit: recordedAtOnce})
		if err != nil {
			return all, err
		}
		slices.Reverse(list)
		all = append(all, list...)
	}
	return all, nil
}

// workGatherer tells of pieces of work. A statement that one of them asked for is told with it.
type workGatherer struct {
	*executionPage
	statements []querylog.Query
	taken      map[int64]bool
}

func (g *workGatherer) work(ctx context.Context, w origin.Work) view.Work {
	switch w.Kind {
	case origin.StatementWork:
		return g.dataAPI(ctx, w)
	case origin.JobWork:
		return g.job(w)
	case origin.FunctionWork:
		return g.invocation(w)
	}
	return g.child(ctx, w)
}

// dataAPI is a statement of the Data API, which the warehouse may not have begun with. One that has several texts is told by
// the one that failed, or the last, with all of them below.
func (g *workGatherer) dataAPI(ctx context.Context, w origin.Work) view.Work {
	var texts []querylog.Query
	for _, q := range g.statements {
		if id, _, _ := strings.Cut(q.Origin.Statement, ":"); id == w.ID && !g.taken[q.ID] {
			g.taken[q.ID] = true
			texts = append(texts, q)
		}
	}
	if len(texts) == 0 {
		return g.submitted(w)
	}
	chosen := len(texts) - 1
	if failed := slices.IndexFunc(texts, func(q querylog.Query) bool { return q.Status == querylog.Failed }); failed >= 0 {
		chosen = failed
	}
	told := g.statement(ctx, texts[chosen])
	told.Link = view.Link{Text: cmp.Or(w.Name, w.ID), URL: statementsURL(w.ID)}
	if len(texts) > 1 {
		told.Kind = strconv.Itoa(len(texts)) + " SQL statements"
		told.Took = texts[len(texts)-1].Started.Sub(texts[0].Started) + texts[len(texts)-1].Duration(g.console.Now())
		g.inner(told.Statement, texts)
	}
	return told
}

// inner lists statements under the one that they belong to.
func (g *workGatherer) inner(s *view.StatementWork, inner []querylog.Query) {
	s.Inner, s.MoreInner = nil, max(0, len(inner)-maxInner)
	for _, q := range inner[:len(inner)-s.MoreInner] {
		s.Inner = append(s.Inner, g.statementWork(q))
	}
}

func statementsURL(id string) string { return "/console/statements/" + url.PathEscape(id) }

// submitted is a statement that the warehouse's record does not have: it waits, or the record is gone.
func (g *workGatherer) submitted(w origin.Work) view.Work {
	told := view.Work{Kind: "SQL statement", Link: view.Link{Text: cmp.Or(w.Name, w.ID), URL: statementsURL(w.ID)}, Started: w.At}
	answer, err := g.call("redshiftdata", "DescribeStatement", member("Id", value.OfString(w.ID)))
	if err != nil {
		told.Error = err.Error()
		return told
	}
	told.Status, told.Error, told.Took = text(answer, "Status"), text(answer, "Error"), time.Duration(number(answer, "Duration"))
	told.Statement = &view.StatementWork{SQL: view.SQL{Text: text(answer, "QueryString")}, Rows: -1}
	return told
}

func (g *workGatherer) statement(ctx context.Context, q querylog.Query) view.Work {
	s := g.statementWork(q)
	told := view.Work{
		Kind: "SQL statement", Link: view.Link{Text: "statement " + s.ID, URL: s.URL}, Status: s.Status, Started: q.Started, Took: s.Took, Statement: &s,
	}
	if q.Kind == "CALL" {
		_, inner, err := g.console.Warehouse.Statement(ctx, q.ID)
		if err == nil {
			g.inner(&s, inner)
		}
	}
	g.plan(ctx, q, &s)
	return told
}

// statementWork is a recorded statement.
func (p *executionPage) statementWork(q querylog.Query) view.StatementWork {
	s := view.StatementWork{
		ID: strconv.FormatInt(q.ID, 10), URL: statementURL(q.ID), Status: statementWord(q.Status), Took: q.Duration(p.console.Now()), Waited: q.Waited, Rows: q.Rows,
		SQL:     view.SQL{Text: q.Text, URL: statementURL(q.ID) + "/text", Length: q.Length, Line: q.Line, Column: q.Column},
		Notices: q.Notice, Error: q.Error, Code: q.Code,
		State: view.Link{Text: q.Origin.State, URL: view.ExecutionTab(p.shown.Base, view.GraphTab, q.Origin.State, 0)},
	}
	if address := cmp.Or(q.Source, q.Target); address != "" {
		s.Loaded = &view.Loaded{Address: address, Files: q.Files, Bytes: q.Bytes, Rejected: q.Rejected, ErrorsURL: loadURL(q.ID)}
	}
	return s
}

// plan asks for the plan of the statement that the address names; it offers one for statements that have plans.
func (g *workGatherer) plan(ctx context.Context, q querylog.Query, s *view.StatementWork) {
	if !slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "CREATE TABLE AS"}, q.Kind) || q.Length > int64(len(q.Text)) {
		return
	}
	if g.URL.Query().Get("plan") != s.ID {
		s.PlanURL = with(g.URL, "plan", s.ID) + "#plan"
		return
	}
	var err error
	if s.Plan, err = g.console.Warehouse.Plan(ctx, q.Text); err != nil {
		s.PlanError = "There is no plan of it now: " + err.Error()
	}
}

// child is an execution that the state started.
func (g *workGatherer) child(ctx context.Context, w origin.Work) view.Work {
	told := view.Work{Kind: "Execution", Link: view.Link{Text: cmp.Or(w.Name, lastPart(w.ID)), URL: executionURL(w.ID)}, Started: w.At}
	record, err := g.console.Engine.Describe(ctx, w.ID)
	if err != nil {
		told.Error = err.Error()
		return told
	}
	run := g.console.runOf(record)
	told.Status, told.Took = run.Status, run.Took
	if record.Status != machine.RunningStatus && record.Error != nil {
		told.Error = *record.Error
		if record.Cause != nil {
			told.Error += ": " + view.Unfold(*record.Cause).Message
		}
	}
	return told
}
