package cli_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/stepwell/stepwell/internal/chromium"
)

// walk is a person with a browser in front of the console.
type walk struct {
	t    *testing.T
	tab  *chromium.Tab
	base string
	axe  string // axe-core; empty where it is not installed
}

func (w *walk) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.tab.Context, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		body, _ := chromedp.Run(w.tab.Context, chromedp.Text(chromedp.CSS("main")))
		where, _ := chromedp.Run(w.tab.Context, chromedp.Location())
		w.t.Fatalf("%s: %v; problems %q; the page %s is\n%s", what, err, w.tab.Problems(), where, body)
	}
}

// open goes to an address as a person types it.
func (w *walk) open(path string) {
	w.t.Helper()
	w.do("open "+path, chromedp.Navigate(w.base+path), chromedp.WaitReady(chromedp.CSS("main")))
}

// see waits until the page shows an element, by itself.
func (w *walk) see(selector string) {
	w.t.Helper()
	w.do("see "+selector, chromedp.WaitReady(chromedp.CSS(selector)))
}

// click clicks on an element and waits for one of the page that it leads to.
func (w *walk) click(selector, then string) {
	w.t.Helper()
	w.do("click "+selector+" and see "+then,
		chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)), chromedp.WaitReady(chromedp.CSS(then)))
	w.usable()
}

// reads returns the text of an element.
func (w *walk) reads(selector string) string {
	w.t.Helper()
	text, err := chromedp.Run(w.tab.Context, chromedp.TextContent(chromedp.CSS(selector)))
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(strings.Fields(text), " ")
}

func (w *walk) location() string {
	w.t.Helper()
	url, err := chromedp.Run(w.tab.Context, chromedp.Location())
	if err != nil {
		w.t.Fatal(err)
	}
	return url
}

// usable lets axe-core look at the page as it is.
func (w *walk) usable() {
	w.t.Helper()
	if w.axe == "" {
		return
	}
	findings, err := w.tab.Axe(w.axe)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, finding := range findings {
		w.t.Errorf("%s: %s", w.location(), finding)
	}
}

// sql runs statements on the SQL page.
func (w *walk) sql(statements string) {
	w.t.Helper()
	w.open("/console/sql")
	w.do("type SQL", chromedp.SetValue(chromedp.CSS("textarea[name=text]"), statements))
	w.click("button[value=run]", "#results .status.succeeded")
}

// A night of the sales pipeline in a browser: it runs and turns green, its fact load is looked into, the data is broken, the
// red state leads to its cause, the data is mended, the run goes on where it stopped, and both nights are compared.
func TestConsoleWalk(t *testing.T) {
	if why := chromium.Missing(); why != "" {
		t.Skip(why)
	}
	t.Parallel()
	folder := example(t, "sales-pipeline")
	validateInMachine(t, filepath.Join(folder, "template.yaml"))
	_, endpoint, _ := startUp(t, folder, "--postgres-address", "127.0.0.1:0", "--wait-cap", "20ms")
	tab, err := chromium.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	w := &walk{t: t, tab: tab, base: endpoint}
	var missing string
	if w.axe, missing = chromium.AxeScript(); missing != "" {
		t.Log("without axe-core: ", missing)
	}

	w.open("/")
	w.click(`a[href$="stateMachine:RefreshSales"]`, `a[href$="/start"]`)
	w.click(`a[href$="/start"]`, "textarea[name=input]")
	w.do("name the run", chromedp.SetValue(chromedp.CSS("input[name=name]"), "first-night"))
	w.click("main form button.main", ".run-head")
	w.see(".run-head .status.succeeded")
	if !strings.Contains(w.reads("h1"), "first-night") {
		t.Errorf("the run's page is titled %s", w.reads("h1"))
	}
	w.see(`#graph [data-state="load_fact_sales"][data-status=succeeded]`)
	w.click(`#graph [data-state="load_fact_sales"] a`, "#visit .work")
	if text := w.reads("#visit"); !strings.Contains(text, "call public.sp_load_fact_sales") || !strings.Contains(text, "copy") {
		t.Errorf("the work behind the fact load is %s", text)
	}
	w.click("#visit .work-head a", "h1")
	if text := w.reads("main"); !strings.Contains(text, "sp_load_fact_sales") || !strings.Contains(text, "first-night") {
		t.Errorf("the statement's page is %s", text)
	}

	w.sql(`insert into public.item select * from public.item where i_item_sk = (select min(i_item_sk) from public.item where i_rec_end_date is null)`)
	w.open("/console/machines")
	w.click(`main a[href$="stateMachine:RefreshSales"]`, `a[href$="/start"]`)
	w.click(`a[href$="/start"]`, "textarea[name=input]")
	w.do("name the run", chromedp.SetValue(chromedp.CSS("input[name=name]"), "second-night"))
	w.click("main form button.main", ".run-head")
	w.see(".run-head .status.failed")
	second := w.location()
	w.click(`#graph [data-status=failed] a`, "#visit .work")
	w.click("#visit .work-head a", ".failure")
	if text := w.reads(".failure"); !strings.Contains(text, "StatementFailed") || !strings.Contains(text, "Divide by zero") {
		t.Errorf("the cause of the red state is given as %s", text)
	}

	mend := ""
	for _, table := range []string{"public.item", "public.store_sales"} {
		mend += "create table public.kept as select distinct * from " + table + "; delete from " + table + "; insert into " + table +
			" select * from public.kept; drop table public.kept;\n"
	}
	w.sql(mend)
	w.do("go back", chromedp.Navigate(second), chromedp.WaitReady(chromedp.CSS(".run-head .status.failed")))
	w.click(`form[action$="/redrive"] button`, ".notice")
	w.see(".run-head .status.succeeded")
	if text := w.reads(".run-head"); !strings.Contains(text, "Redrivenonce") {
		t.Errorf("the redriven run says %s", text)
	}
	w.click(`.tabs a[href*="tab=compare"]`, "table.pairs")
	if text := w.reads("main"); !strings.Contains(text, "first-night") || !strings.Contains(text, "public.store_sales") {
		t.Errorf("the comparison is %s", text)
	}
	for _, path := range []string{"", "machines", "schedules", "warehouse", "warehouse/public/store_sales", "sql", "statements", "loads", "lineage", "buckets", "jobs", "functions", "tables", "topics", "logs", "settings", "search?q=sales"} {
		w.open("/console/" + path)
		w.usable()
	}
	for _, problem := range tab.Problems() {
		t.Error(problem)
	}
}
