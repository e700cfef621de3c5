package console

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/api"
)

// guarded is a console with a session of each role and nothing behind it: what is let in fails, or panics.
type guarded struct {
	*Console
	cookies map[api.Role]*http.Cookie
	tokens  map[api.Role]string
}

func guard() guarded {
	g := guarded{New(Options{Users: map[string]User{"dana": {}}}), map[api.Role]*http.Cookie{}, map[api.Role]string{}}
	for _, role := range []api.Role{api.Read, api.Run, api.Admin} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/console/", nil)
		g.begin(w, r, "dana", role)
		g.cookies[role] = w.Result().Cookies()[0]
		r.AddCookie(g.cookies[role])
		g.tokens[role] = g.find(r).token
	}
	return g
}

// ask sends a request and reports whether it came through to what is not there.
func (g guarded) ask(method, address string, cookie *http.Cookie, form url.Values) (w *httptest.ResponseRecorder, came bool) {
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w = httptest.NewRecorder()
	defer func() { came = recover() != nil || w.Code >= http.StatusInternalServerError }()
	g.ServeHTTP(w, r)
	return w, false
}

var wildcard = regexp.MustCompile(`\{[^}]*\}`)

// addressed is an address that a pattern fits.
func addressed(pattern string) string {
	return wildcard.ReplaceAllString(strings.TrimSuffix(pattern, "{$}"), "x")
}

// forms are all addresses that forms are sent to, with the roles they need.
func (c *Console) forms() map[string]api.Role {
	all := map[string]api.Role{}
	for _, a := range c.areas() {
		for _, act := range a.actions {
			all[act.path] = act.role
		}
		for _, post := range a.posts {
			all[post.path] = post.role
		}
	}
	return all
}

// readersForms are what a user who may only look sends. They run SQL in sessions that only read.
var readersForms = map[string]bool{sqlPath + "/run": true, sqlPath + "/cancel": true, sqlPath + "/download": true}

// No form does anything without the token of its own session, for nobody, and for a role that is too low.
func TestFormsAreGuarded(t *testing.T) {
	g := guard()
	forms := g.forms()
	if len(forms) < 10 {
		t.Fatalf("there are %d forms", len(forms))
	}
	for path, need := range forms {
		if need == api.Read && !readersForms[path] {
			t.Errorf("%s is open to those who may only look", path)
		}
		address := addressed(path)
		for name, token := range map[string]url.Values{"no token": {}, "an empty token": {"token": {""}}, "the token of another session": {"token": {g.tokens[api.Read]}}} {
			if w, came := g.ask(http.MethodPost, address, g.cookies[api.Admin], token); came || w.Code != http.StatusForbidden {
				t.Errorf("%s with %s answers %d", path, name, w.Code)
			}
		}
		if w, came := g.ask(http.MethodPost, address+"?token="+g.tokens[api.Admin], g.cookies[api.Admin], nil); came || w.Code != http.StatusForbidden {
			t.Errorf("%s with its token in the address answers %d", path, w.Code)
		}
		if w, came := g.ask(http.MethodPost, address, nil, url.Values{"token": {""}}); came || w.Code != http.StatusUnauthorized {
			t.Errorf("%s without a session answers %d", path, w.Code)
		}
		for role := range need {
			if w, came := g.ask(http.MethodPost, address, g.cookies[role], url.Values{"token": {g.tokens[role]}}); came || w.Code != http.StatusForbidden {
				t.Errorf("%s for the role %s answers %d", path, role, w.Code)
			}
		}
		if path == loadsPath+"/jobs/{name}/run" {
			continue // it would come through in the background
		}
		if w, _ := g.ask(http.MethodPost, address, g.cookies[need], url.Values{"token": {g.tokens[need]}}); w.Code == http.StatusForbidden {
			t.Errorf("%s is closed for the role %s", path, need)
		}
	}
}

// Nobody looks at a page or a file without a session, nor with a role that is too low.
func TestPagesAreGuarded(t *testing.T) {
	g := guard()
	for _, a := range g.areas() {
		for _, p := range a.pages {
			if w, came := g.ask(http.MethodGet, addressed(p.path), nil, nil); came || w.Code != http.StatusSeeOther {
				t.Errorf("%s without a session answers %d", p.path, w.Code)
			}
		}
		for _, file := range a.raws {
			if w, came := g.ask(http.MethodGet, addressed(file.path), nil, nil); came || w.Code != http.StatusForbidden {
				t.Errorf("%s without a session answers %d", file.path, w.Code)
			}
			for role := range file.role {
				if w, came := g.ask(http.MethodGet, addressed(file.path), g.cookies[role], nil); came || w.Code != http.StatusForbidden {
					t.Errorf("%s for the role %s answers %d", file.path, role, w.Code)
				}
			}
		}
	}
}
