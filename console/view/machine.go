package view

import (
	"html/template"
	"slices"
	"time"
)

// Machines is the list of state machines.
type Machines struct {
	Machines []MachineRow
	// Days is over how many days executions are counted.
	Days  int
	Pager Pager
}

// Template names the page's file.
func (Machines) Template() string { return "machines" }

// MachineRow is a state machine in the list.
type MachineRow struct {
	MachineCard
	Running, Succeeded, Failed, Stopped int64
}

// MachineHead is what all pages about a state machine begin with.
type MachineHead struct {
	Name, ARN, URL, Type string
	// Tab is the chosen page.
	Tab MachineTab
}

// MachineTab is one of the pages about a state machine.
type MachineTab string

// The pages.
const (
	RunsTab       MachineTab = "Executions"
	DefinitionTab MachineTab = "Definition"
	VersionsTab   MachineTab = "Versions"
	DetailsTab    MachineTab = "Details"
)

// Tabs lead to the pages.
func (h MachineHead) Tabs() []TabLink {
	var links []TabLink
	for _, t := range []struct {
		tab  MachineTab
		path string
	}{{RunsTab, ""}, {DefinitionTab, "/definition"}, {VersionsTab, "/versions"}, {DetailsTab, "/details"}} {
		links = append(links, TabLink{Link: Link{string(t.tab), h.URL + t.path}, Current: h.Tab == t.tab})
	}
	return links
}

// Machine is a state machine with its executions.
type Machine struct {
	MachineHead
	MachineRow
	Days     int
	Rows     []RunRow
	Filter   RunFilter
	Pager    Pager
	Graph    template.HTML
	Triggers []Trigger
	// Problem says why there is no graph.
	Problem string
}

// Template names the page's file.
func (Machine) Template() string { return "machine" }

// RunRow is an execution in a list.
type RunRow struct {
	Run
	// Machine leads to its state machine, where the list has several.
	Machine Link
	// Error is its name, of an execution that failed.
	Error string
	// Started as: a version or an alias.
	As       string
	Redrives int64
}

// RunFilter is what a list of executions was narrowed to, as it was typed.
type RunFilter struct{ Status, Name, From, To string }

// Set reports whether there is anything.
func (f RunFilter) Set() bool { return f != RunFilter{} }

// Statuses are the choices of the filter.
func (f RunFilter) Statuses() []Option {
	choices := []Option{{Value: "", Text: "any", Chosen: f.Status == ""}}
	for _, s := range []string{"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"} {
		choices = append(choices, Option{Value: s, Text: s, Chosen: f.Status == s})
	}
	return choices
}

// Trigger is what starts a state machine by itself.
type Trigger struct {
	Link
	// When is the schedule, or what is waited for.
	When    string
	State   string
	Next    time.Time
	Targets []Link
}

// Success is the share of the last executions, those that have ended, that succeeded; ok is false when there are none.
func (m MachineCard) Success() (share float64, ok bool) {
	ended, good := 0, 0
	for _, r := range m.Runs {
		if r.Status != "RUNNING" {
			ended++
		}
		if r.Status == "SUCCEEDED" {
			good++
		}
	}
	return float64(good) / float64(max(1, ended)), ended > 0
}

// Rate is Success for people.
func (m MachineCard) Rate() string {
	share, ok := m.Success()
	if !ok {
		return "–"
	}
	return percent(share)
}

// Median is the duration of the middle one of the last executions that succeeded; zero when none did.
func (m MachineCard) Median() time.Duration {
	var all []time.Duration
	for _, r := range m.Runs {
		if r.Status == "SUCCEEDED" {
			all = append(all, r.Took)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)/2]
}
