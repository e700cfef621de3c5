package visit

import (
	"strings"

	"github.com/stepwell/stepwell/asl/machine"
)

// attempt takes the events of a state's work.
func (v *Visit) attempt(e machine.HistoryEvent) {
	switch kind := e.Type; {
	case kind == "MapRunStarted":
		v.MapRun = text(e, "mapRunArn")
	case kind == "ParallelStateStarted", kind == "MapStateStarted":
		v.close(e, true)
		v.Attempts = append(v.Attempts, Attempt{Scheduled: e.ID, At: e.At})
	case strings.HasSuffix(kind, "Scheduled"):
		v.Attempts = append(v.Attempts, Attempt{Scheduled: e.ID, At: e.At})
	case kind == "ActivityStarted": // TaskStarted tells nothing: it comes with the result of what is only requested
		if last := v.last(); last != nil {
			last.Began = e.At
		}
	case strings.HasSuffix(kind, "Succeeded"):
		v.close(e, false)
	case kind == "EvaluationFailed": // of what was done around the work
	case strings.HasSuffix(kind, "Failed"), strings.HasSuffix(kind, "TimedOut"):
		if v.last() == nil && v.Node.Type == "Task" { // refused before it was scheduled
			v.Attempts = append(v.Attempts, Attempt{Scheduled: e.ID, At: e.At})
		}
		v.close(e, true)
	}
}

// last is the attempt that runs.
func (v *Visit) last() *Attempt {
	if n := len(v.Attempts); n > 0 && v.Attempts[n-1].Ended == 0 {
		return &v.Attempts[n-1]
	}
	return nil
}

func (v *Visit) close(e machine.HistoryEvent, failed bool) {
	a := v.last()
	if a == nil {
		return
	}
	a.Ended, a.Over, a.Failed = e.ID, e.At, failed
	if failed {
		a.Error = text(e, "error")
	}
}

// text is a member of an event's details: a copy, which keeps nothing else in memory.
func text(e machine.HistoryEvent, name string) string {
	member, _ := e.Details.Get(name)
	return strings.Clone(member.Str())
}
