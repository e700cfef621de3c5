package states

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/value"
)

// LogLine is one event of a history as Step Functions writes it into a log stream.
type LogLine struct {
	At      time.Time
	Message string
}

// logged says whether an event is written at a level of logging.
func logged(level, event string) bool {
	switch level {
	case "ALL":
		return true
	case "ERROR":
		return event == "FailStateEntered" || broken(event)
	case "FATAL":
		return strings.HasPrefix(event, "Execution") && broken(event)
	}
	return false
}

// broken says whether an event tells that something ended otherwise than it should.
func broken(event string) bool {
	return strings.HasSuffix(event, "Failed") || strings.HasSuffix(event, "TimedOut") || strings.HasSuffix(event, "Aborted")
}

func lineOf(record *engine.Record, event machine.HistoryEvent, withData bool) LogLine {
	details := event.Details
	switch {
	case event.DetailsKey == "":
		details = value.EmptyObject()
	case !withData:
		details = withoutLoggedData(details)
	}
	number := func(n int64) value.Value { return value.OfString(strconv.FormatInt(n, 10)) }
	members := []value.Member{
		{Key: "id", Value: number(event.ID)},
		{Key: "type", Value: value.OfString(event.Type)},
		{Key: "details", Value: details},
		{Key: "redrive_count", Value: number(record.RedriveCount)},
		{Key: "previous_event_id", Value: number(event.PreviousID)},
		{Key: "event_timestamp", Value: number(event.At.UnixMilli())},
		{Key: "execution_arn", Value: value.OfString(record.ARN)},
	}
	return LogLine{At: event.At, Message: value.OfMembers(members...).Compact()}
}

// withoutLoggedData leaves out what went in and came out, and what is said about its being whole.
func withoutLoggedData(details value.Value) value.Value {
	left := []string{"inputDetails", "outputDetails", assigned + "Details"}
	var members []value.Member
	for _, m := range withoutData(details).Members() {
		if !slices.Contains(left, m.Key) {
			members = append(members, m)
		}
	}
	return value.OfMembers(members...)
}
