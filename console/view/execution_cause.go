package view

import (
	"cmp"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// Cause is the text that comes with an error, unfolded: services put whole JSON objects there.
type Cause struct {
	// Message is the sentence in it that matters, and Kind what sort of error it names.
	Message, Kind string
	// Trace are the lines of a function's stack trace.
	Trace []string
	// Execution, Job and Statement are the ids of the work that failed, as far as the cause names it; Links lead there.
	Execution, Job, Statement string
	Links                     []Link
	// Whole is the cause with its JSON laid out; empty when it says no more than Message.
	Whole Document
}

// maxUnfolding is how many causes within causes are opened.
const maxUnfolding = 5

// Unfold reads a cause.
func Unfold(cause string) Cause {
	c := Cause{Message: cause}
	if !c.open(cause, 0) {
		return c
	}
	c.Whole = Document{Full: cause}
	if c.Message == "" {
		c.Message = c.Kind
	}
	return c
}

// open reads a cause that is a JSON object, and the one that stands in it.
func (c *Cause) open(text string, depth int) bool {
	object, err := value.Parse(text)
	if err != nil || object.Kind() != value.Object {
		return false
	}
	c.Message = ""
	for _, name := range []string{"errorMessage", "Cause", "Error", "StatusReason", "Message", "message"} {
		found, ok := object.Get(name)
		if ok && found.Kind() == value.String && found.Str() != "" {
			c.Message = found.Str()
			break
		}
	}
	if container, ok := object.Get("Container"); ok && firstText(container, "Reason") != "" {
		c.Message = firstText(container, "Reason") // the job's own reason says only that a container ended
	}
	c.name(object)
	if kind := firstText(object, "errorType", "Error"); kind != "" && kind != c.Message {
		c.Kind = kind
	}
	if trace, ok := object.Get("stackTrace"); ok {
		for _, line := range trace.Items() {
			c.Trace = append(c.Trace, strings.TrimRight(line.Str(), "\n"))
		}
	}
	if depth < maxUnfolding {
		within := Cause{}
		if within.open(c.Message, depth+1) {
			c.Message = within.Message
			c.Kind, c.Trace = cmp.Or(within.Kind, c.Kind), append(c.Trace, within.Trace...)
		}
	}
	return true
}

// name notes the work whose description a cause is.
func (c *Cause) name(description value.Value) {
	c.Execution, c.Job = firstText(description, "ExecutionArn"), firstText(description, "JobId")
	if firstText(description, "QueryString") != "" {
		c.Statement = firstText(description, "Id")
	}
}

func firstText(object value.Value, names ...string) string {
	for _, name := range names {
		if found, ok := object.Get(name); ok && found.Str() != "" {
			return found.Str()
		}
	}
	return ""
}
