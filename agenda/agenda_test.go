package agenda_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/agenda"
)

func TestAgenda(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var mu sync.Mutex
		var got string
		note := func(what, key string) {
			mu.Lock()
			defer mu.Unlock()
			got += fmt.Sprintf("%s%s@%s ", what, key, time.Since(begin))
		}
		broken := true
		var a *agenda.Agenda[string]
		a = agenda.New(1, func(key string) error {
			note("", key)
			switch {
			case key == "again" && time.Since(begin) < 2*time.Hour:
				a.Set("again", begin.Add(90*time.Minute))
			case key == "broken" && broken:
				broken = false
				return errors.New("broken")
			}
			return nil
		}, func(key string, err error) { note(err.Error()+":", key) })
		for key, after := range map[string]time.Duration{
			"late": 2 * time.Hour, "never": time.Minute, "again": time.Hour, "moved": 3 * time.Hour, "past": -time.Hour, "broken": 3 * time.Second,
		} {
			a.Set(key, begin.Add(after))
		}
		a.Set("moved", begin.Add(2*time.Second))
		a.Drop("never")
		a.Drop("unknown")
		time.Sleep(80 * time.Minute) // of virtual time
		a.Drop("again")
		time.Sleep(60 * time.Minute)
		a.Set("closed", time.Now().Add(time.Second))
		a.Close()
		want := "past@0s moved@2s broken@3s broken:broken@3s broken@4s again@1h0m0s late@2h0m0s "
		if got != want {
			t.Errorf("got %s", got)
		}
	})
}

// How many keys there are costs nothing while none is due.
func BenchmarkSet(b *testing.B) {
	a := agenda.New(1, func(int) error { return nil }, nil)
	defer a.Close()
	at := time.Now().Add(time.Hour)
	for i := range 10_000 {
		a.Set(i, at.Add(time.Duration(i)*time.Second))
	}
	for i := 0; b.Loop(); i++ {
		a.Set(i%10_000, at.Add(time.Duration(i)*time.Millisecond))
	}
}
