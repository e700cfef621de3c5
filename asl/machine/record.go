package machine

import "github.com/stepwell/stepwell/value"

// maxHistory is how many events an execution may have; the last of them can only be its end.
const maxHistory = 25_000

var notTruncated = value.MustParse(`{"truncated":false}`)

func member(key string, v value.Value) value.Member { return value.Member{Key: key, Value: v} }

func text(key, s string) value.Member { return member(key, value.OfString(s)) }

func number(key string, n int64) value.Member { return member(key, value.OfInt(n)) }

// errorDetails returns the members error and cause, those that are there.
func errorDetails(name, cause *string) []value.Member {
	var details []value.Member
	if name != nil {
		details = append(details, text("error", *name))
	}
	if cause != nil {
		details = append(details, text("cause", *cause))
	}
	return details
}

// record writes one history event and returns its id. An empty key means an event without details. When the history is
// full the execution fails instead, and nothing is written any more.
func (m *Machine) record(previous int64, kind, key string, details ...value.Member) int64 {
	if m.status != RunningStatus {
		return previous
	}
	if m.lastEvent == maxHistory-1 {
		m.endFailed(m.lastEvent, historyFull())
		return previous
	}
	return m.write(previous, kind, key, details...)
}

func (m *Machine) write(previous int64, kind, key string, details ...value.Member) int64 {
	m.lastEvent++
	m.quiet = 0
	event := HistoryEvent{ID: m.lastEvent, PreviousID: previous, At: m.now, Type: kind, DetailsKey: key}
	if key != "" {
		event.Details = value.OfMembers(details...)
	}
	for _, d := range details {
		m.written += len(d.Value.Str())
	}
	m.step.History = append(m.step.History, event)
	return m.lastEvent
}

// chain records an event that follows the last one of the frame and becomes the last one itself.
func (m *Machine) chain(f *frame, kind, key string, details ...value.Member) int64 {
	f.last = m.record(f.last, kind, key, details...)
	return f.last
}
