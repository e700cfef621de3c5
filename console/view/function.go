package view

import "time"

// Functions is the list of functions.
type Functions struct {
	Functions []FunctionRow
	Pager     Pager
}

// Template names the page's file.
func (Functions) Template() string { return "functions" }

// FunctionRow is a function in the list.
type FunctionRow struct {
	Link
	Runtime, Handler, Description string
	Timeout                       time.Duration
	Memory                        int64 // in MB
	Changed                       time.Time
}

// Function is one function.
type Function struct {
	FunctionRow
	URL, ARN, Version string
	CodeSize          int64
	Environment       []Pair
	Layers            []string
	Invocations       []Invocation
	Log               []LogLine
	LogURL            string
	Form              InvokeForm
	Triggers          []Trigger
}

// Template names the page's file.
func (Function) Template() string { return "function" }

// Invocation is one run of a function, as its log tells.
type Invocation struct {
	Request  string
	At       time.Time
	Took     time.Duration // negative: it has not ended
	Memory   string
	Cold     bool
	Error    string
	LogURL   string
	SQL      string // leads to the statements that it ran
	Finished bool
}

// Status is how it ended, in a word.
func (i Invocation) Status() string {
	switch {
	case i.Error != "":
		return "failed"
	case i.Finished:
		return "succeeded"
	}
	return "running"
}

// InvokeForm is the form that invokes a function, with what came of it.
type InvokeForm struct {
	Payload string
	// Error says what is wrong with what was typed.
	Error string
	// Done says that the function was invoked: Answer is what it returned, Failed that this is an error of its.
	Done   bool
	Failed bool
	Answer Document
	Took   time.Duration
}
