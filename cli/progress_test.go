package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/value"
)

// story is a history in lines of "SECONDS PREVIOUS TYPE DETAILS".
func story(t *testing.T, text string) []machine.HistoryEvent {
	t.Helper()
	var out []machine.HistoryEvent
	for line := range strings.Lines(strings.TrimSpace(text)) {
		e := machine.HistoryEvent{ID: int64(len(out) + 1)}
		var seconds int64
		if _, err := fmt.Sscan(line, &seconds, &e.PreviousID, &e.Type); err != nil {
			t.Fatal(err)
		}
		e.At = time.Unix(seconds, 0)
		if at := strings.Index(line, "{"); at >= 0 {
			e.Details = value.MustParse(line[at:])
		}
		out = append(out, e)
	}
	return out
}

// polling is a statement that is polled twice, and a task that fails, is tried again and is caught.
const polling = `
0 0 ExecutionStarted
0 0 TaskStateEntered {"name":"load"}
0 2 TaskScheduled {"resourceType":"aws-sdk:redshiftdata","resource":"executeStatement"}
1 3 TaskSucceeded {"output":"{}"}
1 4 TaskStateExited {"name":"load"}
1 5 WaitStateEntered {"name":"wait"}
6 6 WaitStateExited {"name":"wait"}
6 7 TaskStateEntered {"name":"check"}
6 8 TaskScheduled {"resourceType":"aws-sdk:redshiftdata","resource":"describeStatement"}
6 9 TaskSucceeded {"output":"{}"}
6 10 TaskStateExited {"name":"check"}
6 11 ChoiceStateEntered {"name":"done?"}
6 12 ChoiceStateExited {"name":"done?"}
6 13 WaitStateEntered {"name":"wait"}
11 14 WaitStateExited {"name":"wait"}
11 15 TaskStateEntered {"name":"check"}
11 16 TaskScheduled {"resourceType":"aws-sdk:redshiftdata","resource":"describeStatement"}
11 17 TaskSucceeded {"output":"{\"ResultRows\":12345}"}
11 18 TaskStateExited {"name":"check"}
11 19 ChoiceStateEntered {"name":"done?"}
11 20 ChoiceStateExited {"name":"done?"}
11 21 TaskStateEntered {"name":"tell"}
11 22 TaskScheduled {"resourceType":"sns","resource":"publish"}
12 23 TaskFailed {"error":"Busy","cause":"\u001b]0;title\u0007"}
14 24 TaskScheduled {"resourceType":"sns","resource":"publish"}
15 25 TaskFailed {"error":"Lost"}
15 26 TaskStateExited {"name":"tell"}
15 27 FailStateEntered {"name":"bad"}
15 28 ExecutionFailed {"error":"Bad","cause":"it was\nreally"}
`

// stories are histories with what is printed of them where there is no terminal.
var stories = []struct{ name, history, want string }{
	{"polling", polling, `    1.0s  ✔ load    1.0s redshiftdata:executeStatement
   11.0s  ✔ load   11.0s redshiftdata:executeStatement polled ×2 12,345 rows
   12.0s  ✖ tell    1.0s sns:publish  Busy: \x1b]0;title\a
   15.0s  ✖ tell    4.0s sns:publish 1 retried  Lost
   15.0s  ✖ bad     0ms Fail
✖ m failed 15.0s  Bad: it was
├─ ✔ load   11.0s redshiftdata:executeStatement polled ×2 12,345 rows
├─ ↷ tell    4.0s sns:publish 1 retried  Lost
└─ ✖ bad      0ms Fail  Bad: it was
`},
	{"iterations", `
0 0 ExecutionStarted
0 0 MapStateEntered {"name":"M"}
0 2 MapStateStarted
0 3 MapIterationStarted {"name":"M","index":0}
0 4 TaskStateEntered {"name":"T"}
0 5 TaskScheduled
1 6 TaskFailed {"error":"E"}
2 7 TaskScheduled
3 8 TaskSucceeded
3 9 TaskStateExited {"name":"T"}
3 10 MapIterationSucceeded {"name":"M","index":0}
3 11 MapStateSucceeded
3 11 MapStateExited {"name":"M"}
3 13 ExecutionSucceeded
`, `    1.0s      #0 ✖ T    1.0s Task  E
    3.0s  ✔ M    3.0s Map 1 iteration
✔ m succeeded 3.0s
└─ ✔ M    3.0s Map 1 iteration
   └─ ✔ #0    3.0s
      └─ ✔ T    3.0s Task 1 retried
`},
	{"retried", `
0 0 ExecutionStarted
0 0 TaskStateEntered {"name":"T"}
0 2 TaskScheduled
1 3 TaskTimedOut {"error":"States.Timeout"}
2 4 TaskScheduled
3 5 TaskSucceeded
3 6 TaskStateExited {"name":"T"}
3 7 ExecutionSucceeded
`, `    1.0s  ✖ T    1.0s Task  States.Timeout
    3.0s  ✔ T    3.0s Task 1 retried
✔ m succeeded 3.0s
└─ ✔ T    3.0s Task 1 retried
`},
}

func TestPlainLines(t *testing.T) {
	for _, test := range stories {
		var out strings.Builder
		built, p := tree.New("m"), newProgress(Streams{Err: &out})
		for _, e := range story(t, test.history) {
			p.event(built, built.Add(e), e)
			p.tick(built, e.At)
		}
		p.end(built)
		if out.String() != test.want {
			t.Errorf("%s: got\n%swant\n%s", test.name, out.String(), test.want)
		}
	}
}

// screen understands what liveTree writes, as a terminal of some height and endless width does.
type screen struct {
	lines []string
	lost  int // how often the cursor was to go above the first line
}

func (s *screen) Write(text []byte) (int, error) {
	rest := string(text)
	var up int
	if _, err := fmt.Sscanf(rest, "\x1b[%dA", &up); err == nil {
		if up > len(s.lines) {
			s.lost++
			up = len(s.lines)
		}
		s.lines = s.lines[:len(s.lines)-up]
		_, rest, _ = strings.Cut(rest, "\x1b[J")
	}
	for line := range strings.Lines(rest) {
		s.lines = append(s.lines, strings.TrimSuffix(line, "\n"))
	}
	return len(text), nil
}

func TestLiveTree(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {20, 4}, {10, 3}, {5, 1}, {0, 0}, {1, 2}} {
		at := &screen{}
		built, p := tree.New("m"), newProgress(Streams{Err: at, Size: func() (int, int) { return size[0], size[1] }})
		p.tick(built, time.Unix(0, 0))
		for _, e := range story(t, polling) {
			p.event(built, built.Add(e), e)
			p.tick(built, e.At)
			if room := size[1]; room > 2 && len(at.lines) > room-2 {
				t.Fatalf("%v: %d lines are drawn: %q", size, len(at.lines), at.lines)
			}
			for _, line := range at.lines {
				if _, columns := clip(line, 1000); size[0] > 0 && columns > size[0] {
					t.Errorf("%v: %q is too wide", size, line)
				}
			}
		}
		p.end(built)
		if at.lost > 0 || len(at.lines) != 4 || !strings.ContainsAny(at.lines[0], "✖…") {
			t.Errorf("%v: %q, lost %d times", size, at.lines, at.lost)
		}
	}
}

func TestNarrowedTerminal(t *testing.T) {
	var out strings.Builder
	l := &liveTree{out: &out}
	l.draw([]string{"\x1b[31m0123456789\x1b[0m", "世界", ""}, 80)
	l.draw([]string{"x"}, 4)
	if !strings.Contains(out.String(), "\x1b[5A") {
		t.Errorf("%q", out.String())
	}
}
