package cli_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// browsing is a client of the console as a browser is one, which follows no redirect by itself.
type browsing struct {
	t      *testing.T
	client http.Client
	base   string
}

func browse(t *testing.T, base string) *browsing {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browsing{t, http.Client{Jar: jar, CheckRedirect: stay}, base}
}

// get and post return the status, where a redirect leads, and the body.
func (b *browsing) get(path string) (status int, location, body string) {
	return b.send(http.MethodGet, path, nil, nil)
}

func (b *browsing) post(path string, form url.Values) (status int, location, body string) {
	return b.send(http.MethodPost, path, form, nil)
}

func (b *browsing) send(method, path string, form url.Values, header map[string]string) (status int, location, body string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	status, answer, location, body := b.answered(r)
	if policy := answer.Get("Content-Security-Policy"); strings.HasPrefix(path, "/console/") && status < 400 && !strings.Contains(policy, "script-src 'self'") {
		b.t.Errorf("%s %s has the policy %q", method, path, policy)
	}
	return status, location, body
}

// answered is what a request comes to.
func (b *browsing) answered(r *http.Request) (status int, header http.Header, location, body string) {
	b.t.Helper()
	answer, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, answer.Header.Get("Location"), string(text)
}

func (b *browsing) login(name, password string) {
	b.t.Helper()
	if status, _, _ := b.post("/console/login", url.Values{"name": {name}, "password": {password}}); status != http.StatusSeeOther {
		b.t.Fatalf("the login of %s answers %d", name, status)
	}
}

var tokenPattern = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is the one that the forms of this session carry.
func (b *browsing) token() string {
	b.t.Helper()
	_, _, body := b.get("/console/")
	found := tokenPattern.FindStringSubmatch(body)
	if found == nil {
		b.t.Fatal("the front page has no form with a token")
	}
	return found[1]
}

// served is a project of one state machine with users for the console.
func served(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	definition := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`
	if err := os.WriteFile(filepath.Join(folder, "hello.asl.json"), []byte(definition), 0o644); err != nil {
		t.Fatal(err)
	}
	verifier := "SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$bpSY5Ze9NUH+I35LC3gVq+DpBfK46iXBxvhAKqVu9pE=:VpYlBuxyzeCI1KnctrefdljpB1mk3Gp7sBI/t11+NkQ=" // of secret
	users := filepath.Join(folder, "users")
	if err := os.WriteFile(users, []byte("root toor admin\ndana "+verifier+" run\nlook glass read\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, endpoint, _ := startUp(t, folder, "--postgres-address", "127.0.0.1:0", "--users", users)
	return endpoint
}

// Who is not logged in sees nothing but the login, and comes back to what was asked for, on this server only.
func TestConsoleLogin(t *testing.T) {
	base := served(t)
	b := browse(t, base)
	for path, want := range map[string]string{
		"/console/":                 "/console/login",
		"/console/machines?page=2":  "/console/login?next=%2Fconsole%2Fmachines%3Fpage%3D2",
		"/console/live?of=all":      "",
		"/console/asset/../machine": "/console/machine",
	} {
		if _, location, body := b.get(path); location != want || strings.Contains(body, "hello") {
			t.Errorf("%s leads to %q instead of %q", path, location, want)
		}
	}
	for _, next := range []string{"https://example.com/", "//example.com/console/", `/\example.com`, "/console/../x", "javascript:alert(1)", "/console/\r\nSet-Cookie: a=b", "%2F%2Fexample.com"} {
		fresh := browse(t, base)
		status, location, _ := fresh.post("/console/login", url.Values{"name": {"root"}, "password": {"toor"}, "next": {next}})
		if status != http.StatusSeeOther || location != "/console/" {
			t.Errorf("the login with next=%q answers %d and leads to %q", next, status, location)
		}
	}
	if _, location, _ := b.post("/console/login", url.Values{"name": {"look"}, "password": {"glass"}, "next": {"/console/machines?page=2"}}); location != "/console/machines?page=2" {
		t.Errorf("the login leads to %q", location)
	}
	if status, _, body := b.get("/console/"); status != http.StatusOK || !strings.Contains(body, "hello") {
		t.Errorf("the front page answers %d", status)
	}
}

// A password is guessed slowly, and a wrong name looks as a wrong password does.
func TestConsoleGuessing(t *testing.T) {
	b := browse(t, served(t))
	try := func(name string) (int, string) {
		status, _, body := b.post("/console/login", url.Values{"name": {name}, "password": {"wrong"}})
		return status, strings.ReplaceAll(body, name, "NAME")
	}
	status, known := try("look")
	if _, unknown := try("nobody"); status != http.StatusUnauthorized || known != unknown {
		t.Errorf("a wrong password answers %d, and otherwise than a wrong name", status)
	}
	for range 10 {
		status, _ = try("look")
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the eleventh attempt answers %d", status)
	}
	b.login("root", "toor")
}

// A form counts only with the token of its own session, and other sites cannot send one.
func TestConsoleForgery(t *testing.T) {
	base := served(t)
	root, look := browse(t, base), browse(t, base)
	root.login("root", "toor")
	look.login("look", "glass")
	theirs := look.token()
	for name, form := range map[string]url.Values{"no token": {}, "a token of another": {"token": {theirs}}, "an empty token": {"token": {""}}} {
		if status, _, _ := root.post("/console/logout", form); status != http.StatusForbidden {
			t.Errorf("a form with %s answers %d", name, status)
		}
	}
	for name, header := range map[string]map[string]string{
		"another site": {"Sec-Fetch-Site": "cross-site"}, "another origin": {"Origin": "https://example.com"},
	} {
		if status, _, _ := root.send(http.MethodPost, "/console/logout", url.Values{"token": {root.token()}}, header); status != http.StatusForbidden {
			t.Errorf("a form of %s answers %d", name, status)
		}
	}
	mine := root.token()
	if status, _, _ := root.post("/console/logout", url.Values{"token": {mine}}); status != http.StatusSeeOther {
		t.Errorf("a logout answers %d", status)
	}
	if status, location, _ := root.get("/console/"); status != http.StatusSeeOther || location != "/console/login" {
		t.Errorf("after the logout the front page answers %d", status)
	}
}

// What a request says comes back as text.
func TestConsoleReflection(t *testing.T) {
	b := browse(t, served(t))
	b.login("dana", "secret")
	hostile := `"><script>alert(1)</script>`
	for _, path := range []string{
		"/console/search?q=" + url.QueryEscape(hostile), "/console/" + url.PathEscape(hostile), "/console/machines/" + url.PathEscape(hostile),
		"/console/executions/" + url.PathEscape(hostile), "/console/statements/" + url.PathEscape(hostile), "/console/warehouse/" + url.PathEscape(hostile) + "/t",
		"/console/logs/" + url.PathEscape(hostile), "/console/buckets/" + url.PathEscape(hostile), "/console/functions/" + url.PathEscape(hostile),
		"/console/jobs/" + url.PathEscape(hostile), "/console/topics/" + url.PathEscape(hostile), "/console/tables/" + url.PathEscape(hostile),
		"/console/schedules?status=" + url.QueryEscape(hostile), "/console/statements?text=" + url.QueryEscape(hostile), "/console/mapruns/" + url.PathEscape(hostile),
	} {
		status, _, body := b.get(path)
		if status >= http.StatusInternalServerError && status != http.StatusNotImplemented {
			t.Errorf("%s answers %d", path, status)
		}
		if strings.Contains(body, "<script>alert") {
			t.Errorf("%s answers with the script", path)
		}
	}
}

// A server that has keys and no users keeps its console shut.
func TestConsoleClosed(t *testing.T) {
	folder := t.TempDir()
	keys := filepath.Join(folder, "keys")
	if err := os.WriteFile(keys, []byte("AKIA secret admin\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "hello.asl.json"), []byte(`{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	_, endpoint, _ := startUp(t, folder, "--postgres-address", "127.0.0.1:0", "--keys", keys)
	status, _, body := browse(t, endpoint).get("/console/")
	if status != http.StatusForbidden || !strings.Contains(body, "--users") {
		t.Errorf("the console answers %d: %s", status, body)
	}
}
