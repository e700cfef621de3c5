package view

import "time"

// Overview is the front page: every state machine with its last runs, and what needs somebody's attention.
type Overview struct {
	Running, FailedToday, SucceededToday, StoppedToday int64
	Machines                                           []MachineCard
	// MoreMachines says that there are others.
	MoreMachines bool
	// Now is what runs, Failures what went wrong today, Next what comes.
	Now      []RunRow
	Failures []FailedRun
	Next     []Trigger
	Loads    []LoadDay
	// NoLoads says why there are no loads to show.
	NoLoads string
}

// FailedRun is an execution that failed, with the state that it failed in and the first line of the reason.
type FailedRun struct {
	RunRow
	State Link
	Cause string
}

// Template names the page's file.
func (Overview) Template() string { return "overview" }

// MachineCard is a state machine with how its last executions went.
type MachineCard struct {
	Name, URL, Type string
	// Runs are the last executions, the oldest first.
	Runs []Run
}

// Run is an execution as one mark.
type Run struct {
	Name, URL string
	Status    string // RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED
	Started   time.Time
	Took      time.Duration
}

// Last is the newest execution; nil: there was none.
func (m MachineCard) Last() *Run {
	if len(m.Runs) == 0 {
		return nil
	}
	return &m.Runs[len(m.Runs)-1]
}

// Bar is a run's rectangle in the strip.
type Bar struct {
	Run
	X, Y, Height int
}

const (
	stripRuns   = 30
	barWidth    = 8
	stripHeight = 26
)

// Strip are the bars of the last runs, the newest at the right; the longer a run took, the higher is its bar.
func (m MachineCard) Strip() []Bar {
	runs := m.Runs[max(0, len(m.Runs)-stripRuns):]
	longest := time.Duration(1)
	for _, r := range runs {
		longest = max(longest, r.Took)
	}
	bars := make([]Bar, len(runs))
	for i, r := range runs {
		height := 6 + int((stripHeight-6)*r.Took/longest)
		bars[i] = Bar{Run: r, X: i * barWidth, Y: stripHeight - height, Height: height}
	}
	return bars
}
