package graph

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl"
)

func machine(t *testing.T, text string) *asl.StateMachine {
	t.Helper()
	m, err := asl.Parse(text, asl.Options{File: "test.asl.json"})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func machines(t *testing.T) map[string]*asl.StateMachine {
	files, err := filepath.Glob("testdata/*.asl.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[string]*asl.StateMachine{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = machine(t, string(text))
	}
	return all
}

// TestLayers runs testdata/layers.txt: the input is the States of a machine that starts at A, the output its layers from
// top to bottom and its edges back. A dot is a bend of a long edge, a text in quotes a label.
func TestLayers(t *testing.T) {
	datadriven.RunTest(t, "testdata/layers.txt", func(t *testing.T, d *datadriven.TestData) string {
		s := arrange(&machine(t, `{"StartAt":"A","States":{`+d.Input+`}}`).Workflow)
		var out strings.Builder
		for _, layer := range s.layers {
			for i, n := range layer {
				if i > 0 {
					out.WriteString("  ")
				}
				out.WriteString(describe(n))
			}
			out.WriteByte('\n')
		}
		for _, l := range s.lanes {
			fmt.Fprintf(&out, "back %s -> %s, %d bends\n", describe(l.edge.from), describe(l.edge.to), len(l.bends))
		}
		return out.String()
	})
}

func describe(n *node) string {
	switch n.kind {
	case startNode:
		return "(start)"
	case endNode:
		return "(end)"
	case stateNode:
		return n.state.Name
	}
	if len(n.text) > 0 {
		return fmt.Sprintf("%q", strings.Join(n.text, "|"))
	}
	return "."
}

// No box lies on another, none leaves its sheet, and every edge begins and ends at the border of a box.
func TestGeometry(t *testing.T) {
	for name, m := range machines(t) {
		t.Run(name, func(t *testing.T) { checkSheet(t, arrange(&m.Workflow)) })
	}
}

func checkSheet(t *testing.T, s *sheet) {
	var boxes []*node
	for _, layer := range s.layers {
		boxes = append(boxes, layer...)
	}
	for i, a := range boxes {
		if a.x-a.width/2 < -0.01 || a.right() > s.width+0.01 || a.top() < -0.01 || a.bottom() > s.height+0.01 {
			t.Errorf("%s leaves its sheet", describe(a))
		}
		for _, b := range boxes[i+1:] {
			if a.right() > b.x-b.width/2 && b.right() > a.x-a.width/2 && a.bottom() > b.top() && b.bottom() > a.top() {
				t.Errorf("%s overlaps %s", describe(a), describe(b))
			}
		}
		for _, inner := range a.inner {
			if inner.width > a.width || inner.height > a.height-headerHeight {
				t.Errorf("%s is too small for what is in it", describe(a))
			}
			checkSheet(t, inner)
		}
	}
	starts, ends := s.ports()
	for _, g := range s.segments {
		if g.upper.layer+1 != g.lower.layer {
			t.Errorf("a segment from %s to %s skips a layer", describe(g.upper), describe(g.lower))
		}
		for n, x := range map[*node]float64{g.upper: starts[g], g.lower: ends[g]} {
			if x < n.x-n.width/2 || x > n.right() {
				t.Errorf("a segment from %s to %s does not touch %s", describe(g.upper), describe(g.lower), describe(n))
			}
		}
	}
}

// Every state is drawn once, as valid XML that is the same each time.
func TestSVG(t *testing.T) {
	for name, m := range machines(t) {
		picture := SVG(m, Options{})
		if !bytes.Equal(picture, SVG(m, Options{})) {
			t.Errorf("%s: two drawings differ", name)
		}
		drawn := map[string]int{}
		for _, start := range elements(t, picture) {
			for _, a := range start.Attr {
				if a.Name.Local == "data-state" {
					drawn[a.Value]++
				}
			}
		}
		for _, state := range everyState(&m.Workflow) {
			if drawn[state] != 1 {
				t.Errorf("%s: state %q is drawn %d times", name, state, drawn[state])
			}
			delete(drawn, state)
		}
		if len(drawn) > 0 {
			t.Errorf("%s: drawn besides: %v", name, drawn)
		}
	}
}

func elements(t *testing.T, picture []byte) []xml.StartElement {
	var list []xml.StartElement
	decoder := xml.NewDecoder(bytes.NewReader(picture))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			list = append(list, start.Copy())
		}
	}
}

func everyState(w *asl.Workflow) []string {
	var names []string
	for _, state := range w.States {
		names = append(names, state.Name)
		for _, inner := range workflows(state) {
			names = append(names, everyState(inner)...)
		}
	}
	return names
}

func TestStatus(t *testing.T) {
	m := machine(t, `{"Comment":"a < b","StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}`)
	picture := string(SVG(m, Options{Status: map[string]Status{"B": Failed}}))
	for _, want := range []string{`data-state="B" data-status="failed"`, `data-state="A">`, `<path class="badge"`, `<title>a &lt; b</title>`} {
		if strings.Count(picture, want) != 1 {
			t.Errorf("%s stands %d times in the picture", want, strings.Count(picture, want))
		}
	}
	if !strings.Contains(string(SVG(m, Options{Title: "other"})), "<title>other</title>") {
		t.Error("the title is not drawn")
	}
}

func TestConditionText(t *testing.T) {
	for rule, want := range map[string]string{
		`"Variable":"$.a","StringEquals":"x"`:                                                     `$.a == "x"`,
		`"Variable":"$.a","NumericGreaterThanEqualsPath":"$.b"`:                                   `$.a ≥ $.b`,
		`"Variable":"$.a","TimestampLessThan":"2030-01-01T00:00:00Z"`:                             `$.a < "2030-01-01T00:00:00Z"`,
		`"Variable":"$.a","StringMatches":"x*"`:                                                   `$.a matches "x*"`,
		`"Variable":"$.a","IsPresent":false`:                                                      `$.a is not present`,
		`"Not":{"Or":[{"Variable":"$.a","IsNull":true},{"Variable":"$.a","BooleanEquals":true}]}`: `not ($.a is null or $.a == true)`,
		`"And":[{"Variable":"$.a","IsNull":true},{"Or":[{"Variable":"$.a","IsString":true},{"Variable":"$.b","NumericLessThan":1.50}]}]`: `$.a is null and ($.a is string or $.b < 1.50)`,
		`"Condition":"{% $states.input.n > 1 %}"`: `$states.input.n > 1`,
		`"Condition":true`:                        `true`,
	} {
		language := "JSONPath"
		if strings.Contains(rule, "Condition") {
			language = "JSONata"
		}
		m := machine(t, `{"QueryLanguage":"`+language+`","StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{`+rule+`,"Next":"B"}]},"B":{"Type":"Succeed"}}}`)
		if got := ruleText(m.States[0].Choice.Choices[0]); got != want {
			t.Errorf("%s is drawn as %s, want %s", rule, got, want)
		}
	}
}

// spread keeps order and gaps and stays as near to the wishes as that allows.
func TestSpread(t *testing.T) {
	for _, c := range []struct{ wish, weight, gap, want []float64 }{
		{[]float64{0, 100}, []float64{1, 1}, []float64{0, 10}, []float64{0, 100}},
		{[]float64{50, 50}, []float64{1, 1}, []float64{0, 10}, []float64{45, 55}},
		{[]float64{50, 50}, []float64{1, 3}, []float64{0, 10}, []float64{42.5, 52.5}},
		{[]float64{90, 0, 45}, []float64{1, 1, 1}, []float64{0, 10, 10}, []float64{35, 45, 55}},
	} {
		if got := spread(c.wish, c.weight, c.gap); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("spread(%v, %v, %v) = %v, want %v", c.wish, c.weight, c.gap, got, c.want)
		}
	}
}

// A machine at AWS's limit of size must not take long or much room.
func TestLargeMachine(t *testing.T) {
	var states []string
	const n = 3000
	for i := range n {
		states = append(states, fmt.Sprintf(`"S%d":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Next":"C%d","Catch":[{"ErrorEquals":["States.ALL"],"Next":"F"}]}`, i, i),
			fmt.Sprintf(`"C%d":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"S%d"}],"Default":"S0"}`, i, (i+1)%n))
	}
	states = append(states, `"F":{"Type":"Fail"}`)
	m := machine(t, `{"StartAt":"S0","States":{`+strings.Join(states, ",\n")+`}}`)
	if size := len(SVG(m, Options{})); size > 20<<20 {
		t.Errorf("the picture has %d bytes", size)
	}
}
