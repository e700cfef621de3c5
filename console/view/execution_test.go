package view

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Causes as services and the engine write them: the sentence that matters, the kind of error, the trace, and whose work it was.
func TestUnfold(t *testing.T) {
	deep := "it broke"
	for range 10 {
		deep = fmt.Sprintf(`{"Cause": %q}`, deep)
	}
	for _, x := range []struct{ cause, message, kind, trace, work string }{
		{"", "", "", "", ""},
		{"the state did not like its input", "the state did not like its input", "", "", ""},
		{`"quoted"`, `"quoted"`, "", "", ""},
		{`[1, 2]`, `[1, 2]`, "", "", ""},
		{`{"cut off": `, `{"cut off": `, "", "", ""},
		{`{}`, "", "", "", ""},
		{`{"errorMessage": 7}`, "", "", "", ""},
		{`{"errorMessage": "no key", "errorType": "KeyError", "stackTrace": ["  line 1\n", "  line 2\n"]}`, "no key", "KeyError", "  line 1|  line 2", ""},
		{`{"Id": "s-1", "Status": "FAILED", "Error": "ERROR: no table", "QueryString": "select"}`, "ERROR: no table", "", "", "s-1"},
		{`{"JobId": "j-1", "Status": "FAILED", "StatusReason": "Essential container in task exited"}`, "Essential container in task exited", "", "", "j-1"},
		{`{"ExecutionArn": "arn:x", "Status": "FAILED", "Error": "Enough", "Cause": "{\"errorMessage\": \"it broke\", \"errorType\": \"ValueError\", \"stackTrace\": [\"line 1\"]}"}`,
			"it broke", "ValueError", "line 1", "arn:x"},
		{deep, deep[:0] + `{"Cause": "{\"Cause\"`, "", "", ""},
	} {
		c := Unfold(x.cause)
		got := []string{c.Message, c.Kind, strings.Join(c.Trace, "|"), c.Execution + c.Job + c.Statement}
		if x.cause == deep { // only so far
			got[0] = got[0][:min(len(got[0]), len(x.message))]
		}
		if want := []string{x.message, x.kind, x.trace, x.work}; strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s gives %q instead of %q", x.cause, got, want)
		}
	}
}

// Bars stay inside the picture, can be seen however short they are, and never are more than a picture bears.
func TestTimelineRow(t *testing.T) {
	timeline := Timeline{Total: time.Second}
	for name, spans := range map[string][]Span{
		"short":  {{From: time.Second, To: time.Second}, {}, {From: 999 * time.Millisecond, To: time.Second}},
		"beyond": {{From: 0, To: time.Hour}, {From: 2 * time.Second, To: 3 * time.Second}},
		"many":   manySpans(20_000),
	} {
		bars := timeline.Row(TimelineRow{Spans: spans})
		if len(bars) > barScale/leastBar {
			t.Errorf("%s: %d bars", name, len(bars))
		}
		if name == "many" && (bars[len(bars)-1].end() < barScale-leastBar || bars[0].Kind != "failed") {
			t.Errorf("%d bars end at %d", len(bars), bars[len(bars)-1].end())
		}
		for _, b := range bars {
			if b.X < 0 || b.Width < leastBar || b.X+b.Width > barScale {
				t.Errorf("%s: a bar from %d, %d wide", name, b.X, b.Width)
			}
		}
	}
	if bars := (Timeline{}).Row(TimelineRow{Spans: []Span{{To: time.Second}}}); len(bars) != 1 {
		t.Errorf("a timeline of no length has %d bars", len(bars))
	}
}

func manySpans(n int) []Span {
	spans := make([]Span, n)
	for i := range spans {
		spans[i] = Span{From: time.Duration(i) * time.Second / time.Duration(n), To: time.Duration(i+1) * time.Second / time.Duration(n), Kind: []string{"failed", "succeeded"}[i%2]}
	}
	return spans
}

func TestPretty(t *testing.T) {
	for text, want := range map[string]string{
		`{"b":1.0,"a":[]}`: "{\n  \"b\": 1.0,\n  \"a\": []\n}", "no json": "no json", "": "", `"<b>"`: `"<b>"`,
	} {
		if got := Pretty(text); got != want {
			t.Errorf("%s becomes %s", text, got)
		}
	}
	long := `["` + strings.Repeat("x", 5<<20) + `"]`
	if Pretty(long) != long {
		t.Error("5 MB are laid out")
	}
}
