package console

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stepwell/stepwell/api"
)

// A session lives as long as it is used, and ends some hours later; a full house loses its oldest.
func TestSessions(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := New(Options{Users: map[string]User{"dana": {}}, Now: func() time.Time { return now }})
	begin := func() *http.Request {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/console/", nil)
		c.begin(w, r, "dana", api.Run)
		r.AddCookie(w.Result().Cookies()[0])
		return r
	}
	r := begin()
	for range 3 {
		now = now.Add(idle)
		if s := c.find(r); s == nil || s.user != "dana" {
			t.Fatal("a session ended although it was used")
		}
	}
	now = now.Add(idle + time.Second)
	if c.find(r) != nil || len(c.sessions.open) != 0 {
		t.Error("a session outlived its time")
	}
	first := begin()
	for range maxSessions {
		now = now.Add(time.Millisecond)
		begin()
	}
	if c.find(first) != nil || len(c.sessions.open) != maxSessions {
		t.Errorf("there are %d sessions", len(c.sessions.open))
	}
}

// The cookie is out of reach of scripts and other sites, and never leaves TLS.
func TestCookie(t *testing.T) {
	w := httptest.NewRecorder()
	setCookie(w, httptest.NewRequest(http.MethodGet, "https://example.com/console/", nil), "id", 0)
	if got, want := w.Header().Get("Set-Cookie"), "stepwell_session=id; Path=/console; HttpOnly; Secure; SameSite=Lax"; got != want {
		t.Errorf("the cookie is %q instead of %q", got, want)
	}
}

// A name is tried so often in a minute; others are not hindered, and names that are tried do not fill the memory.
func TestAttempts(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var a attempts
	for range maxAttempts {
		if !a.allow("10.0.0.1 dana", now) {
			t.Fatal("an attempt is refused too early")
		}
	}
	if a.allow("10.0.0.1 dana", now) || !a.allow("10.0.0.2 dana", now) {
		t.Error("the attempts of one address are not counted alone")
	}
	if !a.allow("10.0.0.1 dana", now.Add(attemptWindow+1)) {
		t.Error("a name is still refused in the next minute")
	}
	for i := range 3 * maxNames {
		if !a.allow(strconv.Itoa(i), now.Add(attemptWindow+1)) || len(a.count) > maxNames {
			t.Fatalf("name %d is refused, or %d are remembered", i, len(a.count))
		}
	}
}
