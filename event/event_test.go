package event_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/event"
)

// The trace adds entries and reads them as readers of different speed do.
func TestLog(t *testing.T) {
	var log *event.Log
	datadriven.RunTest(t, "testdata/log.txt", func(t *testing.T, d *datadriven.TestData) string {
		switch d.Cmd {
		case "new":
			var limit int
			d.ScanArgs(t, "limit", &limit)
			log = event.NewLog(limit)
		case "add":
			for _, line := range strings.Split(d.Input, "\n") {
				log.Add(event.Entry{Kind: event.Execution, Source: "x", Items: []byte(line)})
			}
			return fmt.Sprintf("last %d", log.Last())
		case "after":
			var number int64
			d.ScanArgs(t, "number", &number)
			return read(log, number)
		}
		return ""
	})
}

func read(log *event.Log, number int64) string {
	var out strings.Builder
	entries, lost, _ := log.After(number)
	if lost {
		out.WriteString("lost\n")
	}
	for _, e := range entries {
		fmt.Fprintf(&out, "%d %s\n", e.Number, e.Items)
	}
	return out.String()
}

func TestNews(t *testing.T) {
	log := event.NewLog(1000)
	_, _, news := log.After(0)
	select {
	case <-news:
		t.Fatal("there is news before anything happened")
	default:
	}
	log.Add(event.Entry{Items: []byte("[]")})
	<-news
	log.Close()
	log.Close()
	<-log.Closed()
}
