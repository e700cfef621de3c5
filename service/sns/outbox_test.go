package sns_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/value"
)

// publish sends a text to the topic alerts.
func publish(t *testing.T, s *sns.Service, text string) {
	t.Helper()
	row, _ := s.Table().Operation("Publish")
	request := value.OfMembers(
		value.Member{Key: "TopicArn", Value: value.OfString(topics + "alerts")},
		value.Member{Key: "Message", Value: value.OfString(text)},
	)
	if _, err := row.Call(t.Context(), request, ""); err != nil {
		t.Fatal(err)
	}
}

func declare(t *testing.T, s *sns.Service, endpoints ...string) {
	t.Helper()
	d := sns.Declared{Name: "alerts"}
	for _, endpoint := range endpoints {
		d.Subscriptions = append(d.Subscriptions, sns.DeclaredSubscription{Protocol: "email", Endpoint: endpoint})
	}
	if err := s.Declare(t.Context(), d); err != nil {
		t.Fatal(err)
	}
}

// An endpoint that is away for a while gets everything, in order, while another one that hangs holds up nobody.
func TestRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []string
		failures := 5
		email := func(ctx context.Context, d sns.Delivery) error {
			if d.Endpoint == "hangs@example.com" {
				<-ctx.Done()
				return ctx.Err()
			}
			if failures > 0 {
				failures--
				return fault.New(fault.Unavailable, "busy")
			}
			got = append(got, d.Message.Text)
			return nil
		}
		s := open(t, &servicetest.Records{}, sns.Options{Transports: map[string]sns.Transport{"email": email}})
		declare(t, s, "hangs@example.com", "slow@example.com")
		begin := time.Now()
		publish(t, s, "one")
		publish(t, s, "two")
		synctest.Wait()
		time.Sleep(7 * time.Second) // of virtual time: three attempts at once, then pauses of 1 and 2 seconds
		synctest.Wait()
		if strings.Join(got, " ") != "one two" {
			t.Errorf("after %s got %q", time.Since(begin), got)
		}
		ended, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s.Close(ended)
	})
}

// What was published and not delivered when the process ended is delivered by the next one, once.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records := &servicetest.Records{}
		down := func(context.Context, sns.Delivery) error { return fault.New(fault.Unavailable, "down") }
		s := open(t, records, sns.Options{Transports: map[string]sns.Transport{"email": down}})
		declare(t, s, "a@example.com")
		publish(t, s, "one")
		publish(t, s, "two")
		synctest.Wait()
		s.Close(t.Context())
		for _, want := range []string{"one two", ""} {
			var got []string
			up := func(_ context.Context, d sns.Delivery) error {
				got = append(got, d.Message.Text)
				return nil
			}
			s = open(t, records, sns.Options{Transports: map[string]sns.Transport{"email": up}})
			time.Sleep(2 * time.Minute) // of virtual time
			synctest.Wait()
			s.Close(t.Context())
			if strings.Join(got, " ") != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
}

// What an endpoint refuses for good, or for too long, becomes a dead letter.
func TestDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "dead")
		attempts := map[string]int{}
		email := func(_ context.Context, d sns.Delivery) error {
			attempts[d.Endpoint]++
			if d.Endpoint == "nobody@example.com" {
				return fault.Invalidf("no such mailbox")
			}
			return fault.New(fault.Unavailable, "down")
		}
		s := open(t, &servicetest.Records{}, sns.Options{Transports: map[string]sns.Transport{"email": email}, DeadLetter: sns.DeadLetters(folder)})
		declare(t, s, "nobody@example.com", "down@example.com")
		publish(t, s, "lost")
		time.Sleep(time.Hour)
		synctest.Wait()
		s.Close(t.Context())
		if attempts["nobody@example.com"] != 1 || attempts["down@example.com"] != 50 {
			t.Errorf("attempts %v", attempts)
		}
		letters, err := filepath.Glob(filepath.Join(folder, "*.json"))
		if err != nil || len(letters) != 2 {
			t.Fatalf("letters %q, %v", letters, err)
		}
		var all string
		for _, letter := range letters {
			text, err := os.ReadFile(letter)
			if err != nil {
				t.Fatal(err)
			}
			all += string(text)
		}
		for _, want := range []string{`"Message":"lost"`, `"Endpoint":"email:nobody@example.com"`, `"Reason":"no such mailbox"`, `"Attempts":50`} {
			if !strings.Contains(all, want) {
				t.Errorf("no %s in %s", want, all)
			}
		}
	})
}
