package logs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
)

var today = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func open(records service.Records) *Service {
	s := New(records, "us-east-1", "123456789012")
	s.now = func() time.Time { return today }
	return s
}

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		s := open(&servicetest.Records{})
		servicetest.Trace(t, path, []*service.Service{s.Table()}, map[string]servicetest.Command{
			"later": func(t *testing.T, d *datadriven.TestData) string { // the clock goes on
				var by string
				d.ScanArgs(t, "by", &by)
				skip, err := time.ParseDuration(by)
				if err != nil {
					t.Fatal(err)
				}
				before := s.now
				s.now = func() time.Time { return before().Add(skip) }
				return ""
			},
		})
	})
}

func makeStream(t *testing.T, s *Service) {
	t.Helper()
	if _, err := s.createLogGroup(t.Context(), &createLogGroupRequest{LogGroupName: "g"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.createLogStream(t.Context(), &createLogStreamRequest{LogGroupName: "g", LogStreamName: "s"}); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, s *Service, messages ...string) error {
	t.Helper()
	r := &putLogEventsRequest{LogGroupName: "g", LogStreamName: "s"}
	now := today.UnixMilli()
	for _, m := range messages {
		r.LogEvents = append(r.LogEvents, inputLogEvent{Message: m, Timestamp: &now})
	}
	_, err := s.putLogEvents(t.Context(), r)
	return err
}

// A page has at most a megabyte, whichever way it is read, and every event comes once, in the order in which it was put.
func TestPages(t *testing.T) {
	records := &servicetest.Records{}
	s := open(records)
	makeStream(t, s)
	for i := range 5 {
		if err := put(t, s, fmt.Sprint(2*i)+strings.Repeat("x", 400_000), fmt.Sprint(2*i+1)+strings.Repeat("x", 400_000)); err != nil {
			t.Fatal(err)
		}
	}
	s = open(records) // another process
	for _, head := range []bool{true, false} {
		r := &getLogEventsRequest{LogGroupName: "g", LogStreamName: "s", StartFromHead: head}
		read := ""
		for {
			page, err := s.getLogEvents(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, e := range page.Events {
				text += e.Message[:1]
			}
			next := page.NextForwardToken
			if head {
				read += text
			} else {
				read, next = text+read, page.NextBackwardToken
			}
			if len(page.Events) > 2 || next == r.NextToken {
				break
			}
			r.NextToken = next
		}
		if read != "0123456789" {
			t.Errorf("from the head %t: %s", head, read)
		}
	}
}

// Events that were not made durable are not counted, and what is put next takes their place.
func TestRecordsFail(t *testing.T) {
	records := &servicetest.Records{}
	s := open(records)
	makeStream(t, s)
	records.Fail = fault.New(fault.Unavailable, "no space left")
	if err := put(t, s, "lost"); err != records.Fail {
		t.Errorf("got %v", err)
	}
	records.Fail = nil
	if err := put(t, s, "kept"); err != nil {
		t.Fatal(err)
	}
	page, err := s.getLogEvents(t.Context(), &getLogEventsRequest{LogGroupName: "g", LogStreamName: "s"})
	if err != nil || len(page.Events) != 1 || page.Events[0].Message != "kept" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestBatchLimits(t *testing.T) {
	s := open(&servicetest.Records{})
	makeStream(t, s)
	fits := maxBatch - eventOverhead
	tests := map[string]struct {
		messages []string
		want     string
	}{
		"fits":     {[]string{strings.Repeat("x", fits)}, ""},
		"too long": {[]string{strings.Repeat("x", fits+1)}, "Upload too large"},
		"too many": {strings.Split(strings.Repeat("x,", maxEvents)+"x", ","), "must be 10000 at most"},
	}
	for name, test := range tests {
		if err := put(t, s, test.messages...); (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
