package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/graph"
)

// The price of drawing a machine of 100 states: tasks with catches, and choices that lead back.
func BenchmarkHundredStates(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"StartAt": "S0", "States": {`)
	for i := 0; i < 98; i += 2 {
		fmt.Fprintf(&text, `"S%d": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Fail"}], "Next": "S%d"},`, i, i+1)
		fmt.Fprintf(&text, `"S%d": {"Type": "Choice", "Choices": [{"Variable": "$.again", "BooleanEquals": true, "Next": "S%d"}], "Default": "S%d"},`, i+1, max(0, i-4), i+2)
	}
	text.WriteString(`"S98": {"Type": "Succeed"}, "Fail": {"Type": "Fail"}}}`)
	m, findings := asl.Parse(text.String(), asl.Options{})
	if m == nil {
		b.Fatal(findings)
	}
	for b.Loop() {
		graph.SVG(m, graph.Options{Bare: true})
	}
}
