package view

import (
	"html/template"
	"net/url"
	"strconv"
	"time"
)

// Execution is the page of one run of a state machine.
type Execution struct {
	// Base is the page's address without what is chosen on it.
	Base    string
	Name    string
	ARN     string
	Status  string
	Machine Link
	// Version is the version or alias that was started; empty: the state machine as it was.
	Version string
	Started time.Time
	Took    time.Duration
	// Redrives counts how often it went on after a failure, Redriven is when it did last.
	Redrives int64
	Redriven time.Time
	// By is what started it, as far as it is known; the nearest first.
	By []Link
	// Failure is there when it did not succeed.
	Failure *ExecutionFailure
	// Running are the states that it is in.
	Running []Link
	// NoRedrive says why it cannot be redriven; empty: it can, or it need not.
	NoRedrive string
	CanRedrive, CanStop,
	// CanStart says that there is a state machine to start again.
	CanStart bool
	// EditURL leads to the form of a new run with this one's input.
	EditURL string

	Tab ExecutionPart
	// Note says what is missing on the page, and why.
	Note string
	// Graph is the picture of the definition, made of escaped names.
	Graph  template.HTML
	States []StateRow
	// StatesNote says what is not counted in States.
	StatesNote string
	Timeline   *Timeline
	Events     *EventList
	// Visit is the chosen state.
	Visit         *StateVisit
	Input, Output *Document
	Comparison    *Comparison
}

// Template names the page's file.
func (Execution) Template() string { return "execution" }

// ExecutionPart is a part of an execution's page.
type ExecutionPart string

// The tabs.
const (
	GraphTab    ExecutionPart = "graph"
	TimelineTab ExecutionPart = "timeline"
	EventsTab   ExecutionPart = "events"
	DataTab     ExecutionPart = "data"
	CompareTab  ExecutionPart = "compare"
)

var tabs = []struct {
	Tab  ExecutionPart
	Text string
}{{GraphTab, "Graph"}, {TimelineTab, "Timeline"}, {EventsTab, "Events"}, {DataTab, "Input and output"}, {CompareTab, "Compare"}}

// TabLink is the link of a tab.
type TabLink struct {
	Link
	Current bool
}

// Tabs are the links to the parts. The chosen state stays chosen.
func (x Execution) Tabs() []TabLink {
	links := make([]TabLink, len(tabs))
	for i, t := range tabs {
		state, visit := "", 0
		if x.Visit != nil && (t.Tab == GraphTab || t.Tab == TimelineTab) {
			state, visit = x.Visit.Name, x.Visit.Number
		}
		links[i] = TabLink{Link{t.Text, ExecutionTab(x.Base, t.Tab, state, visit)}, t.Tab == x.Tab}
	}
	return links
}

// Raw is the address of a text as a whole: "input" or "output".
func (x Execution) Raw(part string) string { return x.Base + "/data/" + part }

// Live reports whether the page has news to come.
func (x Execution) Live() bool { return x.Status == "RUNNING" }

// ExecutionTab is the address of a part of an execution's page. A visit of 0 is the one that matters most.
func ExecutionTab(base string, tab ExecutionPart, state string, visit int) string {
	query := url.Values{}
	if tab != GraphTab {
		query.Set("tab", string(tab))
	}
	if state != "" {
		query.Set("state", state)
	}
	if visit > 0 {
		query.Set("visit", strconv.Itoa(visit))
	}
	if len(query) == 0 {
		return base
	}
	return base + "?" + query.Encode()
}

// ExecutionFailure is why an execution did not succeed.
type ExecutionFailure struct {
	// State is the state that failed, without a link when none did.
	State Link
	// FailsAgain: it is a Fail state, which a redrive enters again.
	FailsAgain bool
	Error      string
	Cause      Cause
	// Statements are those of the execution's SQL statements that failed.
	Statements []StatementWork
}

// StateRow is a state with all its visits.
type StateRow struct {
	Name, Type, URL string
	Status          string // empty: it was not entered
	Chosen          bool
	Visits, Retries int
	Took            time.Duration
	// SQL is how long its statements took, Rows how many rows they wrote or answered.
	SQL  time.Duration
	Rows int64
	// Failed counts the statements that failed.
	Failed int
}
