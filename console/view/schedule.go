package view

import "time"

// Schedules is the list of schedules and rules.
type Schedules struct {
	Plans []PlanRow
	// Rules follow events, not times.
	Rules []Trigger
	// Letters are the last calls that were given up, of all; More says that there are others.
	Letters []Letter
}

// Template names the page's file.
func (Schedules) Template() string { return "schedules" }

// PlanRow is a schedule, or a rule with one.
type PlanRow struct {
	Trigger
	Kind, Zone string
	Last       time.Time
}

// Schedule is one schedule or rule.
type Schedule struct {
	// Kind is schedule or rule, Group the schedule's group or the rule's bus.
	Kind, Name, Group, ARN, URL string
	State, Description          string
	Expression, Zone            string
	Flexible                    string
	Ends                        time.Time
	// Pattern is what a rule waits for.
	Pattern  Document
	Targets  []ScheduleTarget
	Next     []time.Time
	Last     time.Time
	Outcomes []OutcomeRow
	Letters  []Letter
	// Dates are for people: from creation to change.
	Created, Changed time.Time
}

// Template names the page's file.
func (Schedule) Template() string { return "schedule" }

// Enabled reports whether it calls anything.
func (s Schedule) Enabled() bool { return s.State == "ENABLED" }

// ScheduleTarget is what is called, and with what.
type ScheduleTarget struct {
	Link
	ID    string
	Input Document
	Retry string
	// DeadLetter is the queue that is named; what is given up is kept here in any case.
	DeadLetter string
}

// OutcomeRow is one attempt to call a target.
type OutcomeRow struct {
	At      time.Time
	Target  Link
	Result  Link // the execution that it started
	Attempt int
	Status  string // reached, failed or given up
	Error   string
}

// Letter is a call or a message that was given up.
type Letter struct {
	At           time.Time
	From, Target Link
	Reason       string
	Attempts     string
	Input        Document
}
