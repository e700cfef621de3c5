package plan_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/template/plan"
)

// The traces have what a template says, one resource a line: logical id, type, name, and then properties, a=1, and what it
// needs, >Other. The command make records all that is planned, as if it had been done.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var records []plan.Record
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "records" {
				records = nil
				if err := json.Unmarshal([]byte(d.Input), &records); err != nil {
					return err.Error()
				}
				return ""
			}
			p, err := plan.New(records, read(d.Input))
			if err != nil {
				return err.Error()
			}
			if d.Cmd == "make" {
				records = done(p)
			}
			var out strings.Builder
			for _, s := range p.Steps {
				fmt.Fprintln(&out, s)
			}
			fmt.Fprintf(&out, "(%s)", p.Summary())
			return out.String()
		})
	})
}

func read(text string) []plan.Resource {
	var all []plan.Resource
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		r := plan.Resource{Source: "t.yaml", LogicalID: words[0], Type: words[1], Name: words[2], Properties: map[string]string{}}
		for _, word := range words[3:] {
			if need, ok := strings.CutPrefix(word, ">"); ok {
				r.Needs = append(r.Needs, need)
			} else if word == "retain" {
				r.Retain = true
			} else {
				name, text, _ := strings.Cut(word, "=")
				r.Properties[name] = text
			}
		}
		all = append(all, r)
	}
	return all
}

func done(p plan.Plan) []plan.Record {
	var records []plan.Record
	for i, s := range p.Steps {
		r := plan.Record{Version: plan.Version, Resource: s.Resource, Order: i, Left: s.Action == plan.Leave}
		if s.Old != nil {
			r.Order = s.Old.Order
		}
		records = append(records, r)
	}
	return records
}
