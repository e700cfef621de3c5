package warehousetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// record prints the record of statements, oldest first: what does not depend on the clock.
func (f *file) record(t *testing.T, inner bool) string {
	list, err := f.warehouse.Statements(t.Context(), querylog.Filter{Inner: inner}, querylog.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range list {
		b.WriteString(described(list[len(list)-1-i]))
	}
	return b.String()
}

func described(q querylog.Query) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", q.ID)
	if q.Parent != 0 {
		fmt.Fprintf(&b, " in %d", q.Parent)
	}
	fmt.Fprintf(&b, " %s, %s", q.Kind, q.Status)
	for _, fact := range []struct {
		name string
		text string
	}{
		{"tag", q.Tag}, {"reads", strings.Join(q.Reads, " ")}, {"writes", strings.Join(q.Writes, " ")}, {"from", q.Source}, {"to", q.Target},
		{"label", q.Label}, {"trigger", q.Origin.Trigger}, {"client", q.Origin.Client}, {"notice", strings.ReplaceAll(q.Notice, "\n", "/")},
	} {
		if fact.text != "" {
			fmt.Fprintf(&b, ", %s %s", fact.name, fact.text)
		}
	}
	if q.Files+q.Rejected > 0 {
		fmt.Fprintf(&b, ", %d files, %d bytes, %d rejected", q.Files, q.Bytes, q.Rejected)
	}
	if q.Waited > 0 {
		b.WriteString(", waited")
	}
	fmt.Fprintf(&b, "\n    %s\n", strings.ReplaceAll(q.Text, "\n", "\n    "))
	if q.Error != "" {
		fmt.Fprintf(&b, "    ERROR %s at %d:%d: %s\n", q.Code, q.Line, q.Column, strings.ReplaceAll(q.Error, "\n", "\n    "))
	}
	return b.String()
}

// lineage prints the ways that data took, and who wrote each table last.
func (f *file) lineage() string {
	var b strings.Builder
	for _, e := range f.warehouse.Lineage() {
		fmt.Fprintf(&b, "%s -> %s by %d%s\n", e.Source, e.Target, e.Query, by(e.Origin))
	}
	for _, w := range f.warehouse.Writers() {
		fmt.Fprintf(&b, "%s: %s %d%s\n", w.Table, w.Kind, w.Query, by(w.Origin))
	}
	return b.String()
}

func by(o origin.Origin) string {
	if o.State == "" {
		return ""
	}
	return " of " + o.State
}
