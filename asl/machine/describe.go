package machine

import (
	"fmt"
	"strings"
	"time"

	"github.com/stepwell/stepwell/value"
)

// String returns the event as one line of text, for traces, logs and the console.
func (e Event) String() string {
	switch b := e.Body.(type) {
	case Started:
		return fmt.Sprintf("started version %d", b.Version)
	case TaskStarted:
		return words("task", b.Task, "started", b.Worker)
	case TaskSubmitted:
		return words("task", b.Task, "submitted", b.Output.Compact())
	case TaskSucceeded:
		return words("task", b.Task, "succeeded", b.Output.Compact())
	case TaskFailed:
		return words("task", b.Task, failureWords[b.Phase], describeError(b.Error, b.Cause))
	case TaskHeartbeat:
		return words("task", b.Task, "heartbeat")
	case TimerFired:
		return words("timer", b.Timer, "fired")
	case Stopped:
		return words("stopped", describeError(b.Error, b.Cause))
	case Redriven:
		return "redriven"
	}
	return fmt.Sprintf("%T", e.Body)
}

var failureWords = map[FailurePhase]string{Running: "failed", Starting: "did not start", Submitting: "was not submitted"}

// String returns the purpose in one word.
func (p TimerPurpose) String() string {
	return [...]string{"wait", "retry", "timeout", "heartbeat", "execution", "yield"}[p]
}

// Describe returns a command as one line of text.
func Describe(c Command) string {
	switch c := c.(type) {
	case ScheduleTask:
		if c.Map != nil {
			return words("start map run", c.Task, fmt.Sprintf("%q", c.State), attempt(c.Attempt))
		}
		return words("schedule task", c.Task, fmt.Sprintf("%q", c.State), c.Resource, c.Parameters.Compact(), attempt(c.Attempt), token(c.Token))
	case CancelTask:
		return words("cancel task", c.Task)
	case SetTimer:
		return words("set timer", c.Timer, c.Purpose, c.At.UTC().Format(time.RFC3339Nano))
	case CancelTimer:
		return words("cancel timer", c.Timer)
	case Finish:
		return words("finish", c.Status, c.Output.Compact(), describeError(c.Error, c.Cause))
	}
	return fmt.Sprintf("%T", c)
}

// String returns the history event as one line of text: id, previous id, type, details. The notes about truncation,
// which say the same for every event, are left out.
func (h HistoryEvent) String() string {
	var details []value.Member
	for _, m := range h.Details.Members() {
		if !strings.HasSuffix(m.Key, "Details") {
			details = append(details, m)
		}
	}
	line := fmt.Sprintf("%d %d %s", h.ID, h.PreviousID, h.Type)
	if h.DetailsKey == "" {
		return line
	}
	return line + " " + value.OfMembers(details...).Compact()
}

// words joins what has a text.
func words(parts ...any) string {
	var out []string
	for _, part := range parts {
		if s := fmt.Sprint(part); s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

func attempt(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("attempt %d", n)
}

func token(s string) string {
	if s == "" {
		return ""
	}
	return "token " + s
}

func describeError(name, cause *string) string {
	var parts []any
	if name != nil {
		parts = append(parts, fmt.Sprintf("error %q", *name))
	}
	if cause != nil {
		parts = append(parts, fmt.Sprintf("cause %q", *cause))
	}
	return words(parts...)
}
