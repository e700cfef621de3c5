package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
)

// Each line of a case is one call; the result lists when each timer fired.
func TestTimers(t *testing.T) {
	for _, c := range []struct{ calls, fired string }{
		{"put 1 3s, put 2 1s, put 3 2s", "2@1s 3@2s 1@3s"},
		{"put 1 1s, put 1 5s", "1@5s"},
		{"put 1 5s, put 1 1s", "1@1s"},
		{"put 1 1s, put 2 2s, cancel 1", "2@2s"},
		{"put 1 1s, cancel 2, cancel 1, cancel 1", ""},
		{"put 1 -1h", "1@0s"},
		{"put 1 1h, put 2 90s", "2@1m30s 1@1h0m0s"},
		{"put 1 2s, sleep 1s, put 2 500ms", "2@1s 1@2s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			if got := fired(strings.Split(c.calls, ", ")); got != c.fired {
				t.Errorf("%s: fired %q, not %q", c.calls, got, c.fired)
			}
		})
	}
}

func fired(calls []string) string {
	began := time.Now()
	var fired []string
	timers := newTimers(func(key timerKey) {
		fired = append(fired, fmt.Sprintf("%d@%v", key.timer, time.Since(began)))
	})
	ctx, cancel := context.WithCancel(context.Background())
	go timers.run(ctx)
	for _, call := range calls {
		words := strings.Fields(call)
		var timer machine.TimerID
		fmt.Sscan(words[1], &timer)
		switch words[0] {
		case "put":
			after, _ := time.ParseDuration(words[2])
			timers.put(timerKey{timer: timer}, began.Add(after))
		case "cancel":
			timers.cancel(timerKey{timer: timer})
		case "sleep":
			pause, _ := time.ParseDuration(words[1])
			time.Sleep(pause)
		}
	}
	time.Sleep(2 * time.Hour)
	cancel()
	synctest.Wait()
	return strings.Join(fired, " ")
}

// The heap against the dumbest thing that is right: a list that is sorted.
func TestTimersAgainstSortedList(t *testing.T) {
	seed := rand.Uint64()
	chance := rand.New(rand.NewPCG(seed, 0))
	timers := newTimers(nil)
	began := time.Now()
	model := map[timerKey]time.Time{}
	for range 2000 {
		key := timerKey{timer: machine.TimerID(chance.IntN(50))}
		switch chance.IntN(4) {
		case 0:
			timers.cancel(key)
			delete(model, key)
		case 1:
			now := began.Add(time.Duration(chance.IntN(1000)))
			due, _ := timers.take(now)
			if want := dueIn(model, now); !slices.Equal(momentsOf(due), momentsOf(want)) {
				t.Fatalf("seed %d: due are %v, not %v", seed, due, want)
			}
		default:
			// Distinct moments, so that the order is fixed.
			at := began.Add(time.Duration(chance.IntN(20)*50 + int(key.timer)))
			timers.put(key, at)
			model[key] = at
		}
	}
}

func dueIn(model map[timerKey]time.Time, now time.Time) (due []timerKey) {
	for key, at := range model {
		if !at.After(now) {
			due = append(due, key)
		}
	}
	slices.SortFunc(due, func(a, b timerKey) int { return model[a].Compare(model[b]) })
	for _, key := range due {
		delete(model, key)
	}
	return due
}

func momentsOf(keys []timerKey) (ids []machine.TimerID) {
	for _, key := range keys {
		ids = append(ids, key.timer)
	}
	return ids
}
