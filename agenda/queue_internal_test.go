package agenda

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Each line of a case is one call; the result lists when each key was due.
func TestQueue(t *testing.T) {
	for _, c := range []struct{ calls, fired string }{
		{"set 1 3s, set 2 1s, set 3 2s", "2@1s 3@2s 1@3s"},
		{"set 1 1s, set 1 5s", "1@5s"},
		{"set 1 5s, set 1 1s", "1@1s"},
		{"set 1 1s, set 2 2s, drop 1", "2@2s"},
		{"set 1 1s, drop 2, drop 1, drop 1", ""},
		{"set 1 -1h", "1@0s"},
		{"set 1 1h, set 2 90s", "2@1m30s 1@1h0m0s"},
		{"set 1 2s, sleep 1s, set 2 500ms", "2@1s 1@2s"},
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
	queue, ending := NewQueue[string](), make(chan struct{})
	go queue.Serve(ending, func(key string) {
		fired = append(fired, fmt.Sprintf("%s@%v", key, time.Since(began)))
	})
	for _, call := range calls {
		words := strings.Fields(call)
		switch words[0] {
		case "set":
			after, _ := time.ParseDuration(words[2])
			queue.Set(words[1], began.Add(after))
		case "drop":
			queue.Drop(words[1])
		case "sleep":
			pause, _ := time.ParseDuration(words[1])
			time.Sleep(pause)
		}
	}
	time.Sleep(2 * time.Hour)
	close(ending)
	synctest.Wait()
	return strings.Join(fired, " ")
}

// The heap against the dumbest thing that is right: a list that is sorted.
func TestQueueAgainstSortedList(t *testing.T) {
	seed := rand.Uint64()
	chance := rand.New(rand.NewPCG(seed, 0))
	queue := NewQueue[int]()
	began := time.Now().Round(0)
	model := map[int]time.Time{}
	for range 2000 {
		key := chance.IntN(50)
		switch chance.IntN(4) {
		case 0:
			queue.Drop(key)
			delete(model, key)
		case 1:
			now := began.Add(time.Duration(chance.IntN(1000)))
			due, _ := queue.take(now)
			if want := dueIn(model, now); !slices.Equal(due, want) {
				t.Fatalf("seed %d: due are %v, not %v", seed, due, want)
			}
		default:
			// Distinct moments, so that the order is fixed.
			at := began.Add(time.Duration(chance.IntN(20)*50 + key))
			queue.Set(key, at)
			model[key] = at
		}
	}
}

func dueIn(model map[int]time.Time, now time.Time) (due []int) {
	for key, at := range model {
		if !at.After(now) {
			due = append(due, key)
		}
	}
	slices.SortFunc(due, func(a, b int) int { return model[a].Compare(model[b]) })
	for _, key := range due {
		delete(model, key)
	}
	return due
}
