package console

import (
	"bytes"
	"net/http"
	"path"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
)

// page is an address that is looked at.
type page struct {
	path  string
	serve func(r *request) (view.Page, error)
}

// action is an address that a form is sent to. It returns where to go on, on this server, and what to say there.
type action struct {
	path  string
	role  api.Role
	serve func(r *request) (next, notice string, err error)
}

// raw is an address with another answer than a page: a file, a picture, a stream.
type raw struct {
	path  string
	role  api.Role
	serve func(w http.ResponseWriter, r *request) error
}

// area is a group of addresses that belong together.
type area struct {
	pages   []page
	actions []action
	raws    []raw
	// posts are raws that forms are sent to.
	posts []raw
}

// areas are all addresses but those of the login.
func (c *Console) areas() []area {
	return []area{c.overviewArea(), c.machineArea(), c.scheduleArea(), c.jobArea(), c.functionArea(), c.topicArea(), c.logArea(), c.settingArea(), c.searchArea(), c.sqlArea(), c.statementArea(), c.warehouseArea(), c.loadArea(), c.bucketArea(), c.tableArea(), c.lineageArea(), c.executionArea()}
}

func (c *Console) route() {
	c.mux.HandleFunc("GET "+view.AssetPath, serveAsset)
	c.routeLogin()
	c.mux.HandleFunc("GET /console/live", c.raw(raw{role: api.Read, serve: c.live}))
	for _, a := range c.areas() {
		for _, p := range a.pages {
			c.mux.HandleFunc("GET "+p.path, c.page(p))
		}
		for _, act := range a.actions {
			c.mux.HandleFunc("POST "+act.path, c.action(act))
		}
		for _, file := range a.raws {
			c.mux.HandleFunc("GET "+file.path, c.raw(file))
		}
		for _, file := range a.posts {
			c.mux.HandleFunc("POST "+file.path, c.raw(file))
		}
	}
	c.mux.HandleFunc("/console/", c.page(page{serve: func(r *request) (view.Page, error) {
		return view.Page{}, fault.New(fault.NotFound, "there is no page %s", r.URL.Path)
	}}))
}

func (c *Console) page(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, hr *http.Request) {
		r := c.request(hr)
		if r.session == nil {
			http.Redirect(w, hr, loginURL(hr), http.StatusSeeOther)
			return
		}
		if hr.Header.Get(partHeader) != "" {
			c.parts.of(r, func(r *request) answer { return c.answer(r, p) }).write(w)
			return
		}
		c.answer(r, p).write(w)
	}
}

// answer is what a page comes to, or the error that it ends in.
func (c *Console) answer(r *request, p page) answer {
	shown, err := p.serve(r)
	if err != nil {
		return c.problem(r, err)
	}
	return c.compose(r, http.StatusOK, shown)
}

// action carries out what a form asks for. The form has to be one of ours, shown to the same user.
func (c *Console) action(a action) http.HandlerFunc {
	return func(w http.ResponseWriter, hr *http.Request) {
		r := c.request(hr)
		if r.session == nil {
			c.turnBack(w, hr)
			return
		}
		if err := r.admit(w, a.role); err != nil {
			c.fail(w, r, err)
			return
		}
		next, notice, err := a.serve(r)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		r.session.tell(notice)
		http.Redirect(w, hr, next, http.StatusSeeOther)
	}
}

func (c *Console) raw(f raw) http.HandlerFunc {
	return func(w http.ResponseWriter, hr *http.Request) {
		r := c.request(hr)
		switch {
		case r.session == nil && hr.Method == http.MethodPost:
			c.turnBack(w, hr)
		case r.session == nil:
			c.fail(w, r, fault.New(fault.Denied, "log in first"))
		case r.session.role < f.role:
			c.fail(w, r, r.session.refusal(f.role))
		default:
			if err := r.serveRaw(w, f); err != nil {
				c.fail(w, r, err)
			}
		}
	}
}

// serveRaw lets a form in as actions do.
func (r *request) serveRaw(w http.ResponseWriter, f raw) error {
	if r.Method == http.MethodPost {
		if err := r.admit(w, f.role); err != nil {
			return err
		}
	}
	return f.serve(w, r)
}

// answer is a finished page.
type answer struct {
	status int
	body   []byte
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the reader may have gone
}

// compose makes a page with what is the same on all.
func (c *Console) compose(r *request, status int, p view.Page) answer {
	p.Project, p.Now, p.LiveFrom = c.Project, c.Now(), r.news
	if r.session != nil {
		p.User = view.User{Name: r.session.user, Run: r.session.role >= api.Run, Admin: r.session.role >= api.Admin}
		p.Token = r.session.token
		if p.Notice == "" && r.Header.Get(partHeader) == "" {
			p.Notice = r.session.told()
		}
	}
	var out bytes.Buffer
	if err := view.Render(&out, p); err != nil {
		c.Log.Error("show a page", "path", r.URL.Path, "error", err)
		return answer{http.StatusInternalServerError, []byte("internal error")}
	}
	return answer{status, out.Bytes()}
}

var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.Unsupported: http.StatusNotImplemented, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.Denied: http.StatusForbidden, fault.Throttled: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

func (c *Console) show(w http.ResponseWriter, r *request, status int, p view.Page) {
	c.compose(r, status, p).write(w)
}

// fail shows an error.
func (c *Console) fail(w http.ResponseWriter, r *request, err error) { c.problem(r, err).write(w) }

// problem is the page of an error. The words of an internal one stay inside.
func (c *Console) problem(r *request, err error) answer {
	kind := fault.KindOf(err)
	status, known := statuses[kind]
	text := err.Error()
	if !known {
		status, text = http.StatusInternalServerError, "Something went wrong in the server; its log says what."
		if r.Context().Err() == nil {
			c.Log.Error("serve a page", "path", r.URL.Path, "error", err)
		}
	}
	back := view.Link{Text: "Overview", URL: "/console/"}
	return c.compose(r, status, view.Page{Title: http.StatusText(status), Content: view.Problem{Text: text, Back: back}})
}

// serveAsset serves what pages load. An address changes with the content, so it may be kept for ever.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	name, body, ok := view.FindAsset(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Type", assetTypes[path.Ext(name)])
	_, _ = w.Write(body) // the reader may have gone
}

var assetTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
