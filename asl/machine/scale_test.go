package machine_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

const mapOfTasks = `{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemSelector": {"v.$": "$$.Map.Item.Value"},
	"ItemProcessor": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true}}}, "End": true}}}`

const chainOfTen = `{"StartAt": "S0", "States": {%s "S9": {"Type": "Pass", "End": true}}}`

func definition(t testing.TB, text string) *asl.StateMachine {
	t.Helper()
	d, err := asl.Parse(text, asl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func runMap(t testing.TB, items int) *simulation {
	t.Helper()
	input := value.MustParse("[" + strings.Repeat("1,", items-1) + "1]")
	s := simulate(definition(t, mapOfTasks), machine.Execution{Input: input}, func(c machine.ScheduleTask) []reply {
		return []reply{{0, machine.TaskSucceeded{Task: c.Task, Output: value.NullValue()}}}
	})
	s.run(t)
	return s
}

// One more item costs the same in a long Map as in a short one.
func TestMapIsNotQuadratic(t *testing.T) {
	short, long := bytesOf(func() { runMap(t, 350) }), bytesOf(func() { runMap(t, 3500) })
	if ratio := float64(long) / float64(short); ratio > 15 {
		t.Errorf("ten times the items take %.1f times the memory", ratio)
	}
	if s := runMap(t, 3500); s.end.Status != machine.Succeeded || len(s.history) != 6+7*3500 {
		t.Errorf("%s after %d events", s.end.Status, len(s.history))
	}
}

func bytesOf(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// At most 40 iterations run at a time, whatever MaxConcurrency says.
func TestMapRunsFortyIterations(t *testing.T) {
	s := simulate(definition(t, mapOfTasks), machine.Execution{Input: value.MustParse("[" + strings.Repeat("1,", 99) + "1]")},
		func(machine.ScheduleTask) []reply { return nil })
	s.run(t)
	if n := len(s.machine.Pending()); n != 40 {
		t.Errorf("%d tasks run at a time", n)
	}
}

func BenchmarkChainOfTenPassStates(b *testing.B) {
	var states strings.Builder
	for i := range 9 {
		fmt.Fprintf(&states, `"S%d": {"Type": "Pass", "Next": "S%d"},`, i, i+1)
	}
	d := definition(b, fmt.Sprintf(chainOfTen, states.String()))
	input := value.MustParse(`{"a": 1}`)
	b.ReportAllocs()
	for range b.N {
		machine.New(d, machine.Execution{Input: input}).Apply(machine.Event{At: epoch, Body: machine.Started{Version: 1}})
	}
}

func BenchmarkMapItem(b *testing.B) {
	b.ReportAllocs()
	for n := 0; n < b.N; n += 3000 {
		runMap(b, 3000)
	}
}
