package service_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// wired has a member of every kind that operations may have.
type wired struct {
	Blob   []byte
	Count  *int64 `aws:"max=10"`
	Flag   *bool
	Inner  *wiredInner
	Items  []wiredInner
	Names  []string
	Nested map[string]wiredInner
	Rate   *float64
	Tags   []wiredInner `aws:"item=Tag"`
	Text   string       `aws:"max=5"`
	When   time.Time
}

type wiredInner struct {
	Key  string `aws:"camel,required"`
	More []string
}

// answerWired answers with the request, or with the error that its text asks for.
func answerWired(_ context.Context, r *wired) (*wired, error) {
	switch r.Text {
	case "gone":
		return nil, fault.New(fault.NotFound, "it is gone").WithCode("Gone")
	case "lost":
		return nil, fault.New(fault.NotFound, "it is lost").WithCode("Gone").Because(service.Detail{"ResourceName": "r"})
	case "odd":
		return nil, fault.New(fault.Unsupported, "odd things are not supported")
	case "oops":
		return nil, fault.New(fault.Internal, "the disk of /var/lib is full")
	}
	return r, nil
}

// TestWire shows how requests and answers look over HTTP: the input is a body, the output the answer or the error.
func TestWire(t *testing.T) {
	table := &service.Service{
		Name: "echo", SDK: "Echo", Errors: []service.Error{{Code: "Gone", Status: 410}},
		Operations: []service.Operation{{Name: "Echo", Behaviour: service.Do(answerWired)}},
	}
	row, _ := table.Operation("Echo")
	datadriven.RunTest(t, "testdata/wire.txt", func(t *testing.T, d *datadriven.TestData) string {
		table.Protocol.Camel = d.HasArg("camel")
		table.Constraint = ""
		d.MaybeScanArgs(t, "constraint", &table.Constraint)
		answer, err := "", error(nil)
		if d.Cmd == "json" {
			answer, err = callJSON(t, table, row, d.Input)
		} else {
			answer, err = callQuery(t, table, row, d.Input)
		}
		if err != nil {
			p := table.Problem(err)
			if p.Members != nil {
				return fmt.Sprint(p.Code, ": ", p.Message, " ", p.Members)
			}
			return p.Code + ": " + p.Message
		}
		return answer
	})
}

func callJSON(t *testing.T, table *service.Service, row *service.Operation, input string) (string, error) {
	body, err := value.Parse(input)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := table.CallJSON(t.Context(), row, body)
	return answer.Text(), err
}

func callQuery(t *testing.T, table *service.Service, row *service.Operation, input string) (string, error) {
	form, err := url.ParseQuery(input)
	if err != nil {
		t.Fatal(err)
	}
	return table.CallQuery(t.Context(), row, form)
}

func FuzzCallQuery(f *testing.F) {
	f.Add("Items.member.1.key=a&Nested.entry.1.key=b&Nested.entry.1.value.key=c")
	table := &service.Service{Operations: []service.Operation{{Name: "Echo", Behaviour: service.Do(answerWired)}}}
	f.Fuzz(func(t *testing.T, query string) {
		if form, err := url.ParseQuery(query); err == nil {
			_, _ = table.CallQuery(t.Context(), &table.Operations[0], form)
		}
	})
}
