package view

import (
	"fmt"
	"time"
)

// Comparison puts an execution beside another one of the same state machine.
type Comparison struct {
	// Choices are the runs that it can be compared with.
	Choices []Option
	// Other is the chosen one; nil: there is none.
	Other *Run
	// States are those of both, in the order of the definition.
	States []StatePair
	Tables []TablePair
	// Input and Output tell how those of the other one became those of this one.
	Input, Output []DifferenceLine
	// NoOutput says why the outputs are not compared.
	NoOutput string
	// Note says what is not compared, and why.
	Note string
}

// StatePair is what a state did in the two executions. An empty status: it was not entered.
type StatePair struct {
	Name, URL           string
	Status, OtherStatus string
	Took, OtherTook     time.Duration
	// Longest is the longest duration of all states.
	Longest time.Duration
}

// notable is the least duration of which a change is worth a word.
const notable = 20 * time.Millisecond

// Change says how much longer or shorter the state took than in the other execution; empty: about as long.
func (p StatePair) Change() string {
	if p.Status == "" || p.OtherStatus == "" || max(p.Took, p.OtherTook) < notable {
		return ""
	}
	switch ratio := float64(p.Took) / float64(max(p.OtherTook, time.Millisecond)); {
	case ratio >= 2:
		return fmt.Sprintf("%.1f × as long", ratio)
	case ratio >= 1.05:
		return fmt.Sprintf("+%.0f %%", 100*(ratio-1))
	case ratio <= 0.95:
		return fmt.Sprintf("−%.0f %%", 100*(1-ratio))
	}
	return ""
}

// Share is a duration as a part of the longest, in thousandths.
func (p StatePair) Share(took time.Duration) int64 {
	if p.Longest <= 0 || took <= 0 {
		return 0
	}
	return max(4, int64(1000*took/p.Longest))
}

// TablePair is how many rows the statements of the two executions wrote into a table; -1: none of them wrote there.
type TablePair struct {
	Table           Link
	Rows, OtherRows int64
}

// Difference is how many rows more it were in this execution, with a sign; empty: as many.
func (p TablePair) Difference() string {
	switch more := max(p.Rows, 0) - max(p.OtherRows, 0); {
	case more > 0:
		return "+" + count(more)
	case more < 0:
		return "−" + count(-more)
	}
	return ""
}
