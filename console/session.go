package console

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/fault"
)

const (
	cookieName = "stepwell_session"
	// idle is how long a session lives without a request, and maxSessions how many there are: the oldest go.
	idle        = 12 * time.Hour
	maxSessions = 10_000
)

// session is one browser of one user.
type session struct {
	user  string // empty where there are no users
	role  api.Role
	token string // that forms carry

	mu     sync.Mutex
	notice string
	used   time.Time
}

// sessions are those that are open. They end with the process.
type sessions struct {
	mu   sync.Mutex
	open map[string]*session
	// local is everybody's session where there are no users.
	local *session
}

// tell keeps a notice for the next page.
func (s *session) tell(notice string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notice = notice
}

// told returns the notice, once.
func (s *session) told() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	notice := s.notice
	s.notice = ""
	return notice
}

func (s *session) refusal(need api.Role) error {
	return fault.New(fault.Denied, "this needs the role %s, and you have %s", need, s.role)
}

// find returns the session of a request, nil when there is none.
func (c *Console) find(r *http.Request) *session {
	c.sessions.mu.Lock()
	defer c.sessions.mu.Unlock()
	if len(c.Users) == 0 {
		if c.sessions.local == nil {
			c.sessions.local = &session{role: api.Admin, token: rand.Text()}
		}
		return c.sessions.local
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	s := c.sessions.open[cookie.Value]
	now := c.Now()
	if s == nil || now.Sub(s.used) > idle {
		delete(c.sessions.open, cookie.Value)
		return nil
	}
	s.used = now
	return s
}

// begin opens a session and gives the browser its name.
func (c *Console) begin(w http.ResponseWriter, r *http.Request, name string, role api.Role) {
	id := rand.Text() + rand.Text()
	c.sessions.mu.Lock()
	c.sessions.drop(c.Now())
	c.sessions.open[id] = &session{user: name, role: role, token: rand.Text(), used: c.Now()}
	c.sessions.mu.Unlock()
	setCookie(w, r, id, 0)
}

// drop makes room: what is too old goes, and the oldest when there are too many.
func (s *sessions) drop(now time.Time) {
	oldest := ""
	for id, open := range s.open {
		if now.Sub(open.used) > idle {
			delete(s.open, id)
		} else if oldest == "" || open.used.Before(s.open[oldest].used) {
			oldest = id
		}
	}
	if len(s.open) >= maxSessions {
		delete(s.open, oldest)
	}
}

func (c *Console) end(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		c.sessions.mu.Lock()
		delete(c.sessions.open, cookie.Value)
		c.sessions.mu.Unlock()
	}
	setCookie(w, r, "", -1)
}

func setCookie(w http.ResponseWriter, r *http.Request, value string, age int) {
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: value, Path: "/console", MaxAge: age, HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode})
}
