package view

import "time"

// Jobs is the list of batch jobs of a queue.
type Jobs struct {
	// Queues are the tabs.
	Queues      []TabLink
	Queue       string
	QueueState  string
	Jobs        []JobRow
	Filter      JobFilter
	Definitions []JobDefinitionRow
	Pager       Pager
}

// Template names the page's file.
func (Jobs) Template() string { return "jobs" }

// JobFilter is what the list was narrowed to.
type JobFilter struct{ Status, Name string }

// Set reports whether there is anything.
func (f JobFilter) Set() bool { return f != JobFilter{} }

// Statuses are the choices of the filter.
func (f JobFilter) Statuses() []Option {
	options := []Option{{Text: "any", Chosen: f.Status == ""}}
	for _, s := range []string{"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"} {
		options = append(options, Option{Value: s, Text: s, Chosen: f.Status == s})
	}
	return options
}

// JobRow is a job in the list.
type JobRow struct {
	Link
	Status, Definition, Reason string
	Size                       int64 // of an array job
	Created                    time.Time
	Took                       time.Duration // negative: it has not begun
}

// JobDefinitionRow is a revision of a job definition.
type JobDefinitionRow struct {
	Name     string
	Revision int64
	Image    string
	Command  string
	Status   string
}

// Job is one job.
type Job struct {
	Name, ID, URL, Status, Reason string
	Queue                         Link
	Definition, Image, Command    string
	Created, Started, Stopped     time.Time
	Took                          time.Duration // negative: it has not begun
	Resources                     []Pair
	Environment, Parameters       []Pair
	Retries                       int64
	Timeout                       time.Duration
	Attempts                      []JobAttempt
	Dependencies                  []Link
	// Children are those of an array job, and Counts how many of them have which status.
	Children []JobRow
	Counts   []Pair
	Parent   Link
	Origin   []Link
	// Statements leads to the statements that it ran.
	Statements Link
	Log        []LogLine
	LogURL     string
}

// Template names the page's file.
func (Job) Template() string { return "job" }

// Open reports whether it can still be ended.
func (j Job) Open() bool { return j.Status != "SUCCEEDED" && j.Status != "FAILED" }

// JobAttempt is one attempt to run it.
type JobAttempt struct {
	Started time.Time
	Took    time.Duration
	Exit    string // the exit code; empty: there is none
	Reason  string
	LogURL  string
}
