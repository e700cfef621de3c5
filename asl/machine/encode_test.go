package machine_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// The stored form of every event is pinned: logs of released versions must stay readable.
func TestEventsKeepTheirStoredForm(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	e, c := pointer("E"), pointer("<C>")
	output := value.MustParse(`{"b": 1.0,  "a": "<\u00e9>"}`)
	for _, c := range []struct {
		body machine.Body
		want string
	}{
		{machine.Started{Version: 1}, `{"kind":"started","at":1767323045000000006,"seed":18446744073709551615,"version":1}`},
		{machine.TaskStarted{Task: 3, Worker: "w"}, `{"kind":"taskStarted","at":1767323045000000006,"seed":18446744073709551615,"task":3,"worker":"w"}`},
		{machine.TaskSubmitted{Task: 3, Output: output}, `{"kind":"taskSubmitted","at":1767323045000000006,"seed":18446744073709551615,"task":3,"output":{"b": 1.0,  "a": "<\u00e9>"}}`},
		{machine.TaskSucceeded{Task: 3, Output: value.NullValue()}, `{"kind":"taskSucceeded","at":1767323045000000006,"seed":18446744073709551615,"task":3,"output":null}`},
		{machine.TaskFailed{Task: 3, Phase: machine.Submitting, Error: e, Cause: c}, `{"kind":"taskFailed","at":1767323045000000006,"seed":18446744073709551615,"task":3,"phase":2,"error":"E","cause":"\u003cC\u003e"}`},
		{machine.TaskFailed{Task: 3, Error: pointer("")}, `{"kind":"taskFailed","at":1767323045000000006,"seed":18446744073709551615,"task":3,"error":""}`},
		{machine.TaskHeartbeat{Task: 3}, `{"kind":"taskHeartbeat","at":1767323045000000006,"seed":18446744073709551615,"task":3}`},
		{machine.TimerFired{Timer: 4}, `{"kind":"timerFired","at":1767323045000000006,"seed":18446744073709551615,"timer":4}`},
		{machine.Redriven{}, `{"kind":"redriven","at":1767323045000000006,"seed":18446744073709551615}`},
		{machine.Stopped{Error: e}, `{"kind":"stopped","at":1767323045000000006,"seed":18446744073709551615,"error":"E"}`},
	} {
		event := machine.Event{At: at, Seed: 1<<64 - 1, Body: c.body}
		text := machine.EncodeEvent(event)
		if string(text) != c.want {
			t.Errorf("%T is stored as\n%s, want\n%s", c.body, text, c.want)
		}
		again, err := machine.DecodeEvent(text)
		if err != nil || again.String() != event.String() || !again.At.Equal(at) || again.Seed != event.Seed {
			t.Errorf("%s is read as %s, %v", text, again, err)
		}
		if second := machine.EncodeEvent(again); string(second) != c.want {
			t.Errorf("%s is stored again as %s", text, second)
		}
	}
}

func TestDecodeEventRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``:                      "decode event: unexpected end of JSON input",
		`{"kind":"nothing"}`:    `decode event: unknown kind "nothing"`,
		`{"kind":"started"`:     "decode event: unexpected end of JSON input",
		`{"kind":1}`:            "decode event: json: cannot unmarshal",
		`{"kind":"taskStarted"`: "decode event: unexpected end of JSON input",
	} {
		_, err := machine.DecodeEvent([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("DecodeEvent(%s): %v, want %s", text, err, want)
		}
	}
}

func TestHistoryEventsHaveTheFormOfGetExecutionHistory(t *testing.T) {
	for _, text := range []string{
		`{"timestamp":1767323045.006,"type":"PassStateEntered","id":2,"previousEventId":0,"stateEnteredEventDetails":{"name":"A","input":"{ }"}}`,
		`{"timestamp":1767323045.000,"type":"ParallelStateStarted","id":30,"previousEventId":29}`,
	} {
		h, err := machine.HistoryEventOf(value.MustParse(text))
		if err != nil || h.JSON().Text() != text {
			t.Errorf("%s becomes %s, %v", text, h.JSON(), err)
		}
		again, err := machine.HistoryEventOf(h.JSON())
		if err != nil || !reflect.DeepEqual(again.JSON().Text(), h.JSON().Text()) || !again.At.Equal(h.At) {
			t.Errorf("%s is read as %v, %v", text, again, err)
		}
	}
	for text, want := range map[string]string{
		`{"type":"X","id":"1"}`: `read history event: id is "1"`,
		`{"type":"X"}`:          `read history event: no id or no type in {"type":"X"}`,
		`[]`:                    `read history event: no id or no type in []`,
	} {
		if _, err := machine.HistoryEventOf(value.MustParse(text)); err == nil || err.Error() != want {
			t.Errorf("HistoryEventOf(%s): %v, want %s", text, err, want)
		}
	}
}
