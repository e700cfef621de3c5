package visit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl/asltest"
	"github.com/stepwell/stepwell/asl/visit"
)

// TestHistories reads histories, as lines ID PREVIOUS TYPE {DETAILS}; "+3s" moves the clock. What comes out is every visit with
// its attempts, and whose visit each event is about.
func TestHistories(t *testing.T) {
	datadriven.RunTest(t, "testdata/histories.txt", func(t *testing.T, d *datadriven.TestData) string {
		r := visit.New("x")
		for _, e := range asltest.History(t, d.Input) {
			r.Add(e)
		}
		var out strings.Builder
		for _, v := range r.Visits {
			show(&out, v)
		}
		fmt.Fprintf(&out, "states %v, events %d\n", r.States(), len(r.Events))
		return out.String()
	})
}

func show(out *strings.Builder, v *visit.Visit) {
	o := v.Outcome()
	fmt.Fprintf(out, "%s", v.Node.Name)
	if v.Node.Type != "" {
		fmt.Fprintf(out, " %d", v.Number)
	}
	fmt.Fprintf(out, ": %s %s, events %d to %d", o.Status, o.Took, v.Entered, v.Exited)
	if v.Retrying() {
		out.WriteString(", will be tried again")
	}
	if v.MapRun != "" {
		out.WriteString(", " + v.MapRun)
	}
	out.WriteString("\n")
	for _, a := range v.Attempts {
		fmt.Fprintf(out, "  events %d to %d, at +%s", a.Scheduled, a.Ended, a.At.Sub(asltest.Epoch))
		if !a.Began.IsZero() {
			fmt.Fprintf(out, ", began +%s", a.Began.Sub(asltest.Epoch))
		}
		if !a.Over.IsZero() {
			fmt.Fprintf(out, ", over +%s", a.Over.Sub(asltest.Epoch))
		}
		if a.Failed {
			out.WriteString(", failed " + a.Error)
		}
		out.WriteString("\n")
	}
}
