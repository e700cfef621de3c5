package machine

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// record is the stored form of every event: the fields that its kind has, the others absent.
type record struct {
	Kind    string       `json:"kind"`
	At      int64        `json:"at"` // nanoseconds since 1970
	Seed    uint64       `json:"seed,omitempty"`
	Version int          `json:"version,omitempty"`
	Task    TaskID       `json:"task,omitempty"`
	Timer   TimerID      `json:"timer,omitempty"`
	Worker  string       `json:"worker,omitempty"`
	Phase   FailurePhase `json:"phase,omitempty"`
	Error   *string      `json:"error,omitempty"`
	Cause   *string      `json:"cause,omitempty"`

	Refused map[TaskID]string `json:"refused,omitempty"`
	// Output is written by hand behind the other fields: encoding/json would take the spaces out of it.
	Output value.Value `json:"output,omitzero"`
}

// EncodeEvent returns the stored form of an event: a JSON object in which payloads keep their very bytes.
func EncodeEvent(e Event) []byte {
	r := record{At: e.At.UnixNano(), Seed: e.Seed, Refused: e.Refused}
	var output value.Value
	switch b := e.Body.(type) {
	case Started:
		r.Kind, r.Version = "started", b.Version
	case TaskStarted:
		r.Kind, r.Task, r.Worker = "taskStarted", b.Task, b.Worker
	case TaskSubmitted:
		r.Kind, r.Task, output = "taskSubmitted", b.Task, b.Output
	case TaskSucceeded:
		r.Kind, r.Task, output = "taskSucceeded", b.Task, b.Output
	case TaskFailed:
		r.Kind, r.Task, r.Phase, r.Error, r.Cause = "taskFailed", b.Task, b.Phase, b.Error, b.Cause
	case TaskHeartbeat:
		r.Kind, r.Task = "taskHeartbeat", b.Task
	case TimerFired:
		r.Kind, r.Timer = "timerFired", b.Timer
	case Stopped:
		r.Kind, r.Error, r.Cause = "stopped", b.Error, b.Cause
	case Redriven:
		r.Kind = "redriven"
	default:
		panic(fmt.Sprintf("machine: encode event %T", e.Body))
	}
	text, err := json.Marshal(r)
	if err != nil {
		panic("machine: encode event: " + err.Error())
	}
	if output.IsZero() {
		return text
	}
	text = append(text[:len(text)-1], `,"output":`...)
	return append(append(text, output.Text()...), '}')
}

// DecodeEvent reads what EncodeEvent wrote. Anything else is a fault of kind Invalid.
func DecodeEvent(text []byte) (Event, error) {
	var r record
	if err := json.Unmarshal(text, &r); err != nil {
		return Event{}, fault.Invalidf("decode event").Because(err)
	}
	body, ok := r.body()
	if !ok {
		return Event{}, fault.Invalidf("decode event: unknown kind %q", r.Kind)
	}
	return Event{At: time.Unix(0, r.At).UTC(), Seed: r.Seed, Body: body, Refused: r.Refused}, nil
}

func (r record) body() (Body, bool) {
	switch r.Kind {
	case "started":
		return Started{r.Version}, true
	case "taskStarted":
		return TaskStarted{r.Task, r.Worker}, true
	case "taskSubmitted":
		return TaskSubmitted{r.Task, r.Output}, true
	case "taskSucceeded":
		return TaskSucceeded{r.Task, r.Output}, true
	case "taskFailed":
		return TaskFailed{r.Task, r.Phase, r.Error, r.Cause}, true
	case "taskHeartbeat":
		return TaskHeartbeat{r.Task}, true
	case "timerFired":
		return TimerFired{r.Timer}, true
	case "stopped":
		return Stopped{r.Error, r.Cause}, true
	case "redriven":
		return Redriven{}, true
	}
	return nil, false
}

// JSON returns the event as GetExecutionHistory shows it; the timestamp is in seconds, with milliseconds.
func (h HistoryEvent) JSON() value.Value {
	members := []value.Member{
		{Key: "timestamp", Value: value.OfNumber(strconv.FormatFloat(float64(h.At.UnixMilli())/1000, 'f', 3, 64))},
		{Key: "type", Value: value.OfString(h.Type)},
		{Key: "id", Value: value.OfInt(h.ID)},
		{Key: "previousEventId", Value: value.OfInt(h.PreviousID)},
	}
	if h.DetailsKey != "" {
		members = append(members, value.Member{Key: h.DetailsKey, Value: h.Details})
	}
	return value.OfMembers(members...)
}

// HistoryEventOf reads what JSON returns. Anything else is a fault of kind Invalid.
func HistoryEventOf(v value.Value) (HistoryEvent, error) {
	var h HistoryEvent
	for _, m := range v.Members() {
		ok := true
		switch m.Key {
		case "timestamp":
			var seconds float64
			seconds, ok = m.Value.Float()
			h.At = time.UnixMilli(int64(seconds*1000 + 0.5)).UTC()
		case "type":
			h.Type, ok = m.Value.Str(), m.Value.Kind() == value.String
		case "id":
			h.ID, ok = m.Value.Int()
		case "previousEventId":
			h.PreviousID, ok = m.Value.Int()
		default:
			h.DetailsKey, h.Details = m.Key, m.Value
		}
		if !ok {
			return HistoryEvent{}, fault.Invalidf("read history event: %s is %s", m.Key, m.Value.Text())
		}
	}
	if h.ID == 0 || h.Type == "" {
		return HistoryEvent{}, fault.Invalidf("read history event: no id or no type in %s", v.Text())
	}
	return h, nil
}
