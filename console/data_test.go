package console_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/console"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/dynamodb"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// dataSite is a console over a warehouse, a bucket and DynamoDB.
type dataSite struct {
	*site
	folder  string
	tables  *service.Service
	console *console.Console
	cookie  *http.Cookie
	last    string // where the last form led
}

func openData(t *testing.T) *dataSite {
	t.Helper()
	s := &dataSite{site: &site{t: t, events: event.NewLog(1000)}, folder: t.TempDir()}
	buckets := dir.New(t.TempDir(), map[string]string{"sales": s.folder})
	database, err := duckdb.Open(t.Context(), "")
	check(t, err)
	s.house, err = warehouse.Open(t.Context(), database, warehouse.Options{Buckets: buckets})
	check(t, err)
	store, err := sqlite.Open(t.TempDir())
	check(t, err)
	tables, err := dynamodb.Open(t.Context(), store, store, "us-east-1", "123456789012")
	check(t, err)
	s.tables = tables.Table()
	knows := func(password string) bool { return password == "secret" }
	s.console = console.New(console.Options{
		Project: "test", Services: []*service.Service{s.tables}, Warehouse: s.house, Buckets: buckets, Events: s.events,
		Users: map[string]console.User{"dana": {Knows: knows, Role: api.Run}, "ray": {Knows: knows, Role: api.Read}},
	})
	s.pages = s.console
	t.Cleanup(func() {
		s.console.Close()
		tables.Close()
		check(t, s.house.Close())
		check(t, store.Close())
	})
	s.login("dana")
	return s
}

func (s *dataSite) login(name string) {
	s.cookie = nil
	w := s.send(http.MethodPost, "/console/login", url.Values{"name": {name}, "password": {"secret"}})
	if len(w.Result().Cookies()) != 1 {
		s.t.Fatalf("login of %s: %d", name, w.Code)
	}
	s.cookie = w.Result().Cookies()[0]
	s.send(http.MethodGet, "/console/sql", nil)
}

func (s *dataSite) send(method, address string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.cookie != nil {
		r.AddCookie(s.cookie)
	}
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	if found := tokenField.FindStringSubmatch(w.Body.String()); found != nil {
		s.token = found[1]
	}
	return w
}

// TestData looks at the pages of a real warehouse, bucket and DynamoDB.
//
//	login NAME              another user: dana may run, ray may read
//	file NAME               writes a file into the bucket sales
//	sql                     statements for the warehouse
//	dynamodb OPERATION      a request as JSON
//	page                    an address in the first line, then selectors as in TestExecutions; LAST is where the last form led,
//	                        {TEXT} the number of the newest statement with a text
//	post ADDRESS            a form; fields as NAME=VALUE lines, those of the last ending with the text; token=none leaves it out
//	get                     an address: its status, type and text
func TestData(t *testing.T) {
	datadriven.Walk(t, "testdata/data", func(t *testing.T, path string) {
		s := openData(t)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string { return s.obey(d) })
	})
}

func (s *dataSite) obey(d *datadriven.TestData) string {
	switch d.Cmd {
	case "login":
		s.login(d.CmdArgs[0].Key)
	case "file":
		file := filepath.Join(s.folder, filepath.FromSlash(d.CmdArgs[0].Key))
		check(s.t, os.MkdirAll(filepath.Dir(file), 0o755))
		check(s.t, os.WriteFile(file, []byte(d.Input+"\n"), 0o644))
	case "sql":
		return s.try(d.Input)
	case "dynamodb":
		row, _ := s.tables.Operation(d.CmdArgs[0].Key)
		body, err := value.Parse(d.Input)
		check(s.t, err)
		_, err = s.tables.CallJSON(s.t.Context(), row, body)
		check(s.t, err)
	case "page":
		address, selectors, _ := strings.Cut(d.Input, "\n")
		return numberless(looked(s.t.(*testing.T), s.send(http.MethodGet, s.place(address), nil), selectors))
	case "post":
		w := s.send(http.MethodPost, s.place(d.CmdArgs[0].Key), s.fields(d.Input))
		s.last = w.Header().Get("Location")
		return numberless(answered(w))
	case "get":
		return numberless(answered(s.send(http.MethodGet, s.place(d.Input), nil)))
	default:
		s.t.Fatalf("unknown command %s", d.Cmd)
	}
	return ""
}

// try runs statements whose errors are part of the story.
func (s *dataSite) try(text string) string {
	session, err := s.house.Session(s.t.Context(), warehouse.SessionConfig{})
	check(s.t, err)
	defer func() { check(s.t, session.Close()) }()
	if err := session.Run(s.t.Context(), text, warehouse.Run{}, &warehouse.Collector{}); err != nil {
		return "ERROR " + err.Error() + "\n"
	}
	return ""
}

// place puts into an address where the last form led, and the number of the newest statement with a text.
func (s *dataSite) place(address string) string {
	address = strings.ReplaceAll(address, "LAST", strings.TrimSuffix(s.last, "#results"))
	before, text, ok := strings.Cut(address, "{")
	if !ok {
		return address
	}
	text, after, _ := strings.Cut(text, "}")
	found, err := s.house.Statements(s.t.Context(), querylog.Filter{Contains: text}, querylog.Page{Limit: 1})
	check(s.t, err)
	if len(found) == 0 {
		s.t.Fatalf("no statement has the text %s", text)
	}
	return before + strconv.FormatInt(found[0].ID, 10) + after
}

func (s *dataSite) fields(input string) url.Values {
	fields := url.Values{"token": {s.token}}
	for line := range strings.Lines(input) {
		name, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		switch {
		case !ok || strings.Contains(name, " "):
			fields.Set("text", fields.Get("text")+"\n"+strings.TrimSuffix(line, "\n"))
		case text == "RUN":
			last, err := url.Parse(s.last)
			check(s.t, err)
			fields.Set(name, last.Query().Get("run"))
		default:
			fields.Set(name, text)
		}
	}
	return fields
}

var (
	runID   = regexp.MustCompile(`run=[A-Z0-9]{26}`)
	loadID  = regexp.MustCompile(`loads/\d+`)
	queryID = regexp.MustCompile(`(query|load) = \d+|query\+%3D\+\d+`)
)

// numberless is an answer without the numbers that depend on what pages asked the warehouse before.
func numberless(text string) string {
	return queryID.ReplaceAllString(loadID.ReplaceAllString(runID.ReplaceAllString(text, "run=ID"), "LOAD"), "query = N")
}

// A long statement can be cancelled, and a form of another session does nothing.
func TestCancelRun(t *testing.T) {
	s := openData(t)
	const endless = "select count(*) from generate_series(1, 100000000) a, generate_series(1, 100000000) b"
	w := s.send(http.MethodPost, "/console/sql/run", url.Values{"token": {s.token}, "text": {endless}, "limit": {"10m"}, "do": {"run"}})
	run := w.Header().Get("Location")
	page := s.send(http.MethodGet, strings.TrimSuffix(run, "#results"), nil).Body.String()
	if got := selected(t, page, "#results .status", ""); got != "running\n" {
		t.Fatalf("the status is %q", got)
	}
	address, _ := url.Parse(run)
	s.send(http.MethodPost, "/console/sql/cancel", url.Values{"token": {s.token}, "run": {address.Query().Get("run")}})
	s.console.Close() // waits for the run
	page = s.send(http.MethodGet, strings.TrimSuffix(run, "#results"), nil).Body.String()
	if got := selected(t, page, "#results [role=alert]", ""); got != "canceled by you SQLSTATE 57014\n" {
		t.Errorf("the page says %q", got)
	}
}

// A table that somebody has locked does not hold up its page.
func TestLockedTable(t *testing.T) {
	s := openData(t)
	s.sql("create table t (a int); insert into t values (1)")
	session, err := s.house.Session(t.Context(), warehouse.SessionConfig{})
	check(t, err)
	defer session.Close()
	check(t, session.Run(t.Context(), "begin; lock t", warehouse.Run{}, &warehouse.Collector{}))
	began := time.Now()
	page := s.send(http.MethodGet, "/console/warehouse/public/t", nil).Body.String()
	if got := selected(t, page, "p.problem", ""); !strings.HasPrefix(got, "The rows are not there after") {
		t.Errorf("the page says %q", got)
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("the page took %s", took)
	}
}

// A list of a thousand tables comes in pages.
func TestManyTables(t *testing.T) {
	s := openData(t)
	var text strings.Builder
	for i := range 250 {
		text.WriteString("create table t" + strconv.Itoa(1000+i) + " (a int);")
	}
	s.sql(text.String())
	address, tables := "/console/warehouse", 0
	for address != "" {
		page := s.send(http.MethodGet, address, nil).Body.String()
		tables += strings.Count(page, "/console/warehouse/public/t1")
		address = strings.TrimSpace(selected(t, page, "a[rel=next]", "href"))
	}
	if tables != 250 {
		t.Errorf("the pages have %d tables", tables)
	}
}
