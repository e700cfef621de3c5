package console

import (
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
)

const loginPath = "/console/login"

// loginURL is the login that leads back to what was asked for.
func loginURL(r *http.Request) string {
	if r.URL.Path == "/console/" {
		return loginPath
	}
	return loginPath + "?next=" + url.QueryEscape(r.URL.RequestURI())
}

// local returns an address of the console, and its front page for every other: nobody is led to another server.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/console/") || strings.Contains(u.Path, "..") || strings.ContainsAny(next, "\\\r\n") {
		return "/console/"
	}
	return u.RequestURI()
}

func (c *Console) routeLogin() {
	attempts := &attempts{}
	c.mux.HandleFunc("GET "+loginPath, func(w http.ResponseWriter, hr *http.Request) {
		next := local(hr.URL.Query().Get("next"))
		if c.find(hr) != nil {
			http.Redirect(w, hr, next, http.StatusSeeOther)
			return
		}
		c.showLogin(w, hr, http.StatusOK, view.Login{Next: next}, "")
	})
	c.mux.HandleFunc("POST "+loginPath, func(w http.ResponseWriter, hr *http.Request) { c.login(w, hr, attempts) })
	c.mux.HandleFunc("POST /console/logout", func(w http.ResponseWriter, hr *http.Request) {
		r := c.request(hr)
		if r.session != nil {
			if err := r.admit(w, 0); err != nil {
				c.fail(w, r, err)
				return
			}
			c.end(w, hr)
		}
		http.Redirect(w, hr, loginPath, http.StatusSeeOther)
	})
}

// login checks a name and a password. That another site makes a browser log in is refused before, by api.
func (c *Console) login(w http.ResponseWriter, hr *http.Request, tried *attempts) {
	hr.Body = http.MaxBytesReader(w, hr.Body, 16<<10)
	if err := hr.ParseForm(); err != nil {
		c.fail(w, c.request(hr), fault.Invalidf("the form cannot be read").Because(err))
		return
	}
	name, next := hr.PostForm.Get("name"), local(hr.PostForm.Get("next"))
	from, _, _ := net.SplitHostPort(hr.RemoteAddr)
	if !tried.allow(from+" "+name, c.Now()) {
		c.showLogin(w, hr, http.StatusTooManyRequests, view.Login{Next: next, Name: name}, "Too many attempts with this name. Wait a minute.")
		return
	}
	user, ok := c.check(name, hr.PostForm.Get("password"))
	if !ok {
		c.showLogin(w, hr, http.StatusUnauthorized, view.Login{Next: next, Name: name}, "This name and this password do not belong together.")
		return
	}
	tried.forget(from + " " + name)
	c.begin(w, hr, name, user.Role)
	http.Redirect(w, hr, next, http.StatusSeeOther)
}

// check returns the user of a name and a password. A name that is none takes as long as one that is, so that nobody learns
// which names there are.
func (c *Console) check(name, password string) (User, bool) {
	user, known := c.Users[name]
	if !known {
		for _, user = range c.Users {
			break
		}
	}
	return user, user.Knows != nil && user.Knows(password) && known
}

func (c *Console) showLogin(w http.ResponseWriter, hr *http.Request, status int, form view.Login, problem string) {
	c.show(w, &request{Request: hr, console: c}, status, view.Page{Title: "Log in", Content: form, Notice: problem, Failed: problem != ""})
}

// turnBack answers a form whose session has ended: it says so, and shows what was typed, so that it is not lost.
func (c *Console) turnBack(w http.ResponseWriter, hr *http.Request) {
	hr.Body = http.MaxBytesReader(w, hr.Body, maxForm)
	form := view.Login{Next: cameFrom(hr)}
	if err := hr.ParseForm(); err == nil {
		form.Typed = typed(hr.PostForm)
	}
	c.showLogin(w, hr, http.StatusUnauthorized, form, "You are not logged in any more, so nothing was done. Log in and send the form again.")
}

// cameFrom is the page that a form stood on.
func cameFrom(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return "/console/"
	}
	return local(u.RequestURI())
}

// maxTyped is how many bytes of a form are shown again.
const maxTyped = 512 << 10

// typed are the fields of a form that somebody has filled in.
func typed(form url.Values) []view.Pair {
	var fields []view.Pair
	room := maxTyped
	for _, name := range slices.Sorted(maps.Keys(form)) {
		value := form.Get(name)
		if size := len(name) + len(value); name != "token" && strings.TrimSpace(value) != "" && size <= room {
			fields, room = append(fields, view.Pair{Name: name, Value: value}), room-size
		}
	}
	return fields
}

const (
	// maxAttempts is how often a name may be tried from one address in a window of time.
	maxAttempts   = 10
	attemptWindow = time.Minute
	// maxNames bounds what is remembered; then counting begins anew, so that nobody can lock others out.
	maxNames = 10_000
)

// attempts counts logins by address and name, so that passwords cannot be guessed quickly.
type attempts struct {
	mu    sync.Mutex
	since time.Time
	count map[string]int
}

func (a *attempts) allow(who string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.Sub(a.since) > attemptWindow || len(a.count) >= maxNames {
		a.since, a.count = now, map[string]int{}
	}
	a.count[who]++
	return a.count[who] <= maxAttempts
}

func (a *attempts) forget(who string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.count, who)
}
