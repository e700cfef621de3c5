// Package view is how the console's pages look: for each page a struct of what it shows and a template that shows it. It
// asks nobody for anything, so a page can be made of fixed data. Who may see a page, and where its data comes from, is the
// matter of package console.
//
//	err := view.Render(w, view.Page{Title: "Overview", Content: view.Overview{…}})
package view

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"strings"
	"time"
)

// Content is what stands between a page's head and foot. Its type has a template of the type's name.
type Content interface {
	// Template is the name of the file in page/ without .html.
	Template() string
}

// Page is one answer of the console.
type Page struct {
	Title   string
	Section Section
	// Crumbs lead from the section to this page, which is not among them.
	Crumbs []Link
	// Project is what is served, and User who is looking; without users there is no Name.
	Project string
	User    User
	// Token goes with every form; without it a form is refused.
	Token string
	// Notice says what became of the form that led here, and Failed that it went wrong.
	Notice string
	Failed bool
	// Live is what the page's news are about, as the address /console/live takes it; empty: the page does not change.
	Live string
	// LiveFrom is the number of the newest event that the page can have seen.
	LiveFrom int64
	// Search is what was searched for.
	Search string
	// Now is when the page was made: ages are told from it.
	Now     time.Time
	Content Content
}

// User is who looks at a page.
type User struct {
	Name string
	// Run and Admin are what the user may do beside looking.
	Run, Admin bool
}

// Link is a place to go to.
type Link struct{ Text, URL string }

// Section is the entry of the navigation that a page belongs to.
type Section string

// The sections.
const (
	OverviewSection  Section = "Overview"
	MachinesSection  Section = "State machines"
	WarehouseSection Section = "Warehouse"
	SQLSection       Section = "SQL"
	StatementSection Section = "Statements"
	LoadsSection     Section = "Loads"
	LineageSection   Section = "Lineage"
	JobsSection      Section = "Jobs"
	FunctionsSection Section = "Functions"
	TablesSection    Section = "Tables"
	TopicsSection    Section = "Topics"
	BucketsSection   Section = "Buckets"
	SchedulesSection Section = "Schedules"
	LogsSection      Section = "Logs"
	SettingsSection  Section = "Settings"
)

// group is a part of the navigation.
type group struct {
	Title string
	Links []Link
}

var navigation = []group{
	{"Workflows", []Link{{string(OverviewSection), "/console/"}, {string(MachinesSection), "/console/machines"}, {string(SchedulesSection), "/console/schedules"}}},
	{"Data", []Link{
		{string(WarehouseSection), "/console/warehouse"}, {string(SQLSection), "/console/sql"}, {string(StatementSection), "/console/statements"},
		{string(LoadsSection), "/console/loads"}, {string(LineageSection), "/console/lineage"}, {string(BucketsSection), "/console/buckets"},
	}},
	{"Work", []Link{
		{string(JobsSection), "/console/jobs"}, {string(FunctionsSection), "/console/functions"}, {string(TablesSection), "/console/tables"},
		{string(TopicsSection), "/console/topics"}, {string(LogsSection), "/console/logs"},
	}},
	{"Server", []Link{{string(SettingsSection), "/console/settings"}}},
}

//go:embed page
var pages embed.FS

// templates has one set for each page: what all share, and its own.
var templates = parse()

func parse() map[string]*template.Template {
	shared := template.Must(template.New("layout").Funcs(functions).ParseFS(pages, "page/layout.html", "page/part/*.html"))
	files, err := pages.ReadDir("page")
	if err != nil {
		panic(err) // the files are part of the program
	}
	sets := map[string]*template.Template{}
	for _, file := range files {
		name, isPage := strings.CutSuffix(file.Name(), ".html")
		if isPage && name != "layout" {
			sets[name] = template.Must(template.Must(shared.Clone()).ParseFS(pages, "page/"+file.Name()))
		}
	}
	return sets
}

// Render writes a page, whole or not at all unless the writer fails.
func Render(w io.Writer, p Page) error {
	var out bytes.Buffer
	if err := templates[p.Content.Template()].ExecuteTemplate(&out, "layout", p); err != nil {
		return err
	}
	_, err := w.Write(clean(out.Bytes()))
	return err
}

// Alone reports that the page stands without the navigation: who sees it may go nowhere yet.
func (p Page) Alone() bool { return p.Content.Template() == Login{}.Template() }

// Navigation is for the layout.
func (p Page) Navigation() []group { return navigation }

// Ago returns how long before the page was made a moment was.
func (p Page) Ago(t time.Time) string { return ago(p.Now.Sub(t)) }
