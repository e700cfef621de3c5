package console

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/graph"
	"github.com/stepwell/stepwell/warehouse"
)

// A form that comes after its session has ended does nothing, shows what was typed, and leads back to its page after the login.
func TestFormAfterItsSession(t *testing.T) {
	g := guard()
	form := url.Values{"token": {"secret"}, "text": {"select '<b>'"}, "limit": {" "}, "long": {strings.Repeat("x", maxTyped)}}
	for referer, next := range map[string]string{
		"http://example.com/console/sql?run=1": "/console/sql?run=1", "http://elsewhere.com/console/sql": "/console/", "": "/console/",
		"http://example.com/other": "/console/", "http://example.com//elsewhere.com/": "/console/",
	} {
		r := httptest.NewRequest(http.MethodPost, "/console/sql/run", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", referer)
		w := httptest.NewRecorder()
		g.ServeHTTP(w, r)
		body := w.Body.String()
		if w.Code != http.StatusUnauthorized || !strings.Contains(body, "select &#39;&lt;b&gt;&#39;</textarea>") || !strings.Contains(body, `name="next" value="`+next+`"`) {
			t.Errorf("a form from %q: %d %s", referer, w.Code, body)
		}
		if strings.Contains(body, "secret") || strings.Contains(body, "limit") || strings.Contains(body, "xxx") {
			t.Errorf("a form from %q shows its token, an empty field or too much", referer)
		}
	}
}

// What a run keeps fits on a page, whatever its rows, columns and notices are.
func TestRunIsBounded(t *testing.T) {
	columns := make([]warehouse.Column, 1600)
	values := make([]any, len(columns))
	for i := range columns {
		columns[i], values[i] = warehouse.Column{Name: strings.Repeat("c", 127), Type: "varchar"}, strings.Repeat("<", 100_000)
	}
	for _, width := range []int{1, 3, 1600} {
		run := &sqlRun{room: keptBytes, ended: make(chan struct{})}
		for range 2 * keptResults {
			must(t, run.Columns(columns[:width]))
			for range 20 {
				must(t, run.Row(values[:width]))
				run.Notice(warehouse.Notice{Message: strings.Repeat("n", 1000)})
			}
			must(t, run.Done(warehouse.Result{}))
		}
		grids, bytes := run.results, 0
		for _, result := range grids {
			if result.grid.Total != 20 {
				t.Fatalf("a result of %d columns has %d rows", width, result.grid.Total)
			}
			bytes += len(fmt.Sprint(result.grid.Rows, result.notices))
		}
		if len(grids) != keptResults || run.more != keptResults || bytes > keptBytes {
			t.Errorf("a run of %d columns keeps %d results with %d bytes", width, len(grids), bytes)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A definition of very many states, or of very many ways between them, is not drawn on a page.
func TestGraphIsBounded(t *testing.T) {
	for states, want := range map[int]string{10: "", maxDrawn + 1: tooLarge} {
		var text strings.Builder
		for i := range states - 1 {
			fmt.Fprintf(&text, `"S%d": {"Type": "Pass", "Next": "S%d"}, `, i, i+1)
		}
		m, err := asl.Parse(fmt.Sprintf(`{"StartAt": "S0", "States": {%s "S%d": {"Type": "Succeed"}}}`, text.String(), states-1), asl.Options{File: definitionFile})
		must(t, err)
		if picture, problem := drawn(m, graph.Options{}); problem != want || (picture == "") != (want != "") {
			t.Errorf("of %d states %d bytes are drawn, with the word %q", states, len(picture), problem)
		}
	}
}
