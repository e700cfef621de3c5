package console

import (
	"fmt"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
)

// The histories that were looked at last stay, as many as there is room for; one that is open is never dropped for its size alone.
func TestHistories(t *testing.T) {
	var s histories
	look := func(name string, started time.Time, events int) *history {
		h := s.find(engine.Record{Execution: machine.Execution{ARN: name, Name: name, StartTime: started}})
		for i := range events {
			h.record.Add(machine.HistoryEvent{ID: int64(i + 1), Type: "PassStateEntered"})
		}
		s.bound(h)
		return h
	}
	start := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	first := look("a", start, 1)
	if look("a", start, 0) != first {
		t.Error("the history that was just looked at is read again")
	}
	if look("a", start.Add(time.Hour), 0) == first {
		t.Error("another execution of the same name has the first one's history")
	}
	for i := range 2 * maxHistories {
		look(fmt.Sprint(i), start, 1)
	}
	if s.recent.Len() != maxHistories || len(s.byARN) != maxHistories {
		t.Errorf("%d and %d are kept", s.recent.Len(), len(s.byARN))
	}
	huge := look("huge", start, maxEvents+1)
	if look("huge", start, 0) != huge {
		t.Error("a history that is too large for all others is read again and again")
	}
	if s.recent.Len() != 1 {
		t.Errorf("beside it %d are kept", s.recent.Len()-1)
	}
}
