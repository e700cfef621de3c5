package console_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/cockroachdb/datadriven"
	"golang.org/x/net/html"

	"github.com/stepwell/stepwell/console"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// site is a console over an engine, a warehouse and the Data API between them.
type site struct {
	t        testing.TB
	engine   *engine.Engine
	house    *warehouse.Warehouse
	machines *states.Service
	pages    http.Handler
	events   *event.Log
	token    string
}

const machines = "arn:aws:states:us-east-1:123456789012:stateMachine:"

func open(t testing.TB) *site {
	t.Helper()
	store, err := sqlite.Open(t.TempDir())
	check(t, err)
	ledger, err := origin.OpenLedger(t.Context(), store, nil)
	check(t, err)
	database, err := duckdb.Open(t.Context(), "")
	check(t, err)
	house, err := warehouse.Open(t.Context(), database, warehouse.Options{})
	check(t, err)
	place := redshift.NewSite("us-east-1", "123456789012")
	data, err := redshiftdata.Open(t.Context(), house, store, redshiftdata.At(place), redshiftdata.RecordWork(ledger))
	check(t, err)
	s := &site{t: t, house: house, machines: states.New(), events: event.NewLog(1 << 20)}
	tables := []*service.Service{data.Table(), s.machines.Table()}
	tasks := service.NewIntegrations(tables...)
	s.engine = engine.Open(store, tasks, engine.Options{WaitCap: 5 * time.Millisecond})
	s.machines.Attach(s.engine)
	t.Cleanup(func() {
		s.engine.Close()
		data.Close()
		ledger.Close()
		check(t, house.Close())
		check(t, store.Close())
	})
	s.pages = console.New(console.Options{
		Project: "test", Services: tables, Engine: s.engine, Warehouse: house, Ledger: ledger, Events: s.events, Now: func() time.Time { return time.Now().UTC() },
	})
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run runs an execution of a machine to its end.
func (s *site) run(machine, name, input string) engine.Record {
	s.t.Helper()
	definition, err := s.machines.Table().CallJSON(s.t.Context(), s.operation("DescribeStateMachine"), object("stateMachineArn", machines+machine))
	check(s.t, err)
	text, _ := definition.Get("definition")
	record, err := s.engine.Start(s.t.Context(), engine.StartRequest{StateMachineARN: machines + machine, Definition: text.Str(), Name: name, Input: input})
	check(s.t, err)
	record, err = s.engine.Wait(s.t.Context(), record.ARN)
	check(s.t, err)
	return record
}

func (s *site) sql(text string) string {
	session, err := s.house.Session(s.t.Context(), warehouse.SessionConfig{})
	check(s.t, err)
	defer func() { check(s.t, session.Close()) }()
	check(s.t, session.Run(s.t.Context(), text, warehouse.Run{}, &warehouse.Collector{}))
	return ""
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

func (s *site) get(address string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	if found := tokenField.FindStringSubmatch(w.Body.String()); found != nil {
		s.token = found[1]
	}
	return w
}

func (s *site) post(address string, fields url.Values) *httptest.ResponseRecorder {
	fields.Set("token", s.token)
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	return w
}

func executionPath(arn string) string { return "/console/executions/" + url.PathEscape(arn) }

// changing are the parts of pages that no two runs have alike.
var changing = []struct {
	text *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`), "TIME"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "ID"},
	{regexp.MustCompile(`\b[0-9.]+ (µs|ms|s)\b( ago)?|just now`), "SPAN"},
	{regexp.MustCompile(`of \d+ events`), "of ALL events"},
	{regexp.MustCompile(`statement \d+|statements/\d+|plan=\d+`), "STATEMENT"},
}

func steady(text string) string {
	for _, c := range changing {
		text = c.text.ReplaceAllString(text, c.by)
	}
	return strings.Join(strings.Fields(text), " ")
}

// selected are the texts, or an attribute, of what a selector finds on a page.
func selected(t testing.TB, page, selector, attribute string) string {
	document, err := html.Parse(strings.NewReader(page))
	check(t, err)
	compiled, err := cascadia.ParseGroup(selector)
	check(t, err)
	var out strings.Builder
	for _, node := range cascadia.QueryAll(document, compiled) {
		var text strings.Builder
		for part := range node.Descendants() {
			if part.Type == html.TextNode {
				text.WriteString(part.Data + " ")
			}
		}
		found := text.String()
		if attribute != "" {
			found = "no " + attribute
		}
		for _, a := range node.Attr {
			if a.Key == attribute {
				found = a.Val
			}
		}
		out.WriteString(steady(found) + "\n")
	}
	return out.String()
}

// TestExecutions runs executions on a real engine and warehouse and looks at their pages.
//
//	sql                     statements for the warehouse
//	machine NAME            a definition
//	run MACHINE NAME        an execution to its end; the input
//	page NAME [QUERY…]      an execution's page; then selectors, one in a line; @attribute before one gives that of what is found
//	maprun NAME [QUERY…]    the page of the execution's map run; limits NAME is its form
//	post NAME ACTION        a form; fields as NAME=VALUE lines
//	get                     an address: its status and the beginning of its text
func TestExecutions(t *testing.T) {
	var s *site
	arns := map[string]string{}
	datadriven.RunTest(t, "testdata/execution.txt", func(t *testing.T, d *datadriven.TestData) string {
		if s == nil {
			s = open(t)
		}
		switch d.Cmd {
		case "machine":
			s.machines.Register(states.Machine{ARN: machines + d.CmdArgs[0].Key, Definition: d.Input, RoleARN: "arn:aws:iam::123456789012:role/r"})
			return ""
		case "sql":
			return s.sql(d.Input)
		case "run":
			record := s.run(d.CmdArgs[0].Key, d.CmdArgs[1].Key, d.Input)
			arns[record.Name] = record.ARN
			return string(record.Status) + "\n"
		case "page":
			return looked(t, s.get(executionPath(arns[d.CmdArgs[0].Key])+queryOf(d)), d.Input)
		case "maprun":
			return looked(t, s.get(s.mapRun(arns[d.CmdArgs[0].Key])+queryOf(d)), d.Input)
		case "limits":
			return answered(s.post(s.mapRun(arns[d.CmdArgs[0].Key])+"/limits", fieldsOf(d)))
		case "post":
			return answered(s.post(executionPath(arns[d.CmdArgs[0].Key])+"/"+d.CmdArgs[1].Key, fieldsOf(d)))
		case "get":
			address := d.Input
			for name, arn := range arns {
				address = strings.ReplaceAll(address, "{"+name+"}", url.PathEscape(arn))
			}
			return answered(s.get(address))
		}
		t.Fatalf("unknown command %s", d.Cmd)
		return ""
	})
}

// mapRun is the page of the map run of an execution.
func (s *site) mapRun(execution string) string {
	runs, err := s.engine.MapRuns(s.t.Context(), execution)
	check(s.t, err)
	return "/console/mapruns/" + url.PathEscape(runs[0].ARN)
}

func fieldsOf(d *datadriven.TestData) url.Values {
	fields := url.Values{}
	for line := range strings.Lines(d.Input) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		fields.Set(name, value)
	}
	return fields
}

// Several look at executions that run and at two that they compare with each other, and nobody waits for ever.
func TestExecutionsTogether(t *testing.T) {
	s := open(t)
	s.machines.Register(states.Machine{ARN: machines + "m", RoleARN: "arn:aws:iam::123456789012:role/r", Definition: `{"StartAt": "A", "States": {
		"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Pass", "End": true}}}`})
	a, b := s.run("m", "a", "{}").ARN, s.run("m", "b", "{}").ARN
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			one, other := a, b
			if i%2 == 0 {
				one, other = b, a
			}
			for _, with := range []string{other, one} {
				w := httptest.NewRecorder()
				s.pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, executionPath(one)+"?tab=compare&with="+url.QueryEscape(with), nil))
				if w.Code != http.StatusOK {
					t.Errorf("%d: %s", w.Code, w.Body)
				}
			}
		})
	}
	done.Wait()
}

func queryOf(d *datadriven.TestData) string {
	query := url.Values{}
	for _, arg := range d.CmdArgs[1:] {
		query.Set(arg.Key, strings.Join(arg.Vals, ","))
	}
	return "?" + query.Encode()
}

func looked(t *testing.T, w *httptest.ResponseRecorder, selectors string) string {
	var out strings.Builder
	if w.Code != http.StatusOK {
		fmt.Fprintf(&out, "%d\n", w.Code)
	}
	for line := range strings.Lines(selectors) {
		selector, attribute := strings.TrimSpace(line), ""
		if rest, ok := strings.CutPrefix(selector, "@"); ok {
			attribute, selector, _ = strings.Cut(rest, " ")
		}
		fmt.Fprintf(&out, "%s:\n%s", selector, indented(selected(t, w.Body.String(), selector, attribute)))
	}
	return out.String()
}

func indented(text string) string {
	if text == "" {
		return "  nothing\n"
	}
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// answered is the status, the type and where it leads, or the beginning of the text.
func answered(w *httptest.ResponseRecorder) string {
	if to := w.Header().Get("Location"); to != "" {
		return fmt.Sprintf("%d to %s\n", w.Code, steady(to))
	}
	kind, text := w.Header().Get("Content-Type"), steady(w.Body.String())
	if at := strings.Index(text, `role="alert">`); at >= 0 {
		text, _, _ = strings.Cut(text[at+13:], "<")
	}
	return fmt.Sprintf("%d %s %.300s\n", w.Code, kind, text)
}
