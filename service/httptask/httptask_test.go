package httptask_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/httptask"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// api is a server that answers by its path and notes what it is asked.
type api struct {
	mu     sync.Mutex
	asked  strings.Builder
	tokens int
}

func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(&a.asked, "> %s %s\n", r.Method, r.URL)
	for _, name := range []string{"Authorization", "Content-Type", "Range", "User-Agent", "X-Key", "X-Many", "X-Own"} {
		if all := r.Header.Values(name); len(all) > 0 {
			fmt.Fprintf(&a.asked, "> %s: %s\n", name, strings.Join(all, " | "))
		}
	}
	if len(body) > 0 {
		fmt.Fprintf(&a.asked, "> %s\n", body)
	}
	w.Header()["Date"] = nil
	a.answer(w, r)
}

func (a *api) answer(w http.ResponseWriter, r *http.Request) {
	kind, text, status := "text/plain", "hello", http.StatusOK
	switch r.URL.Path {
	case "/json":
		kind, text = "application/json; charset=utf-8", `{"n": 1.50}`
	case "/broken":
		kind, text = "application/json", `{"n": `
	case "/image":
		kind = "image/png"
	case "/latin":
		text = "caf\xe9"
	case "/echo":
		text = "you said " + r.Header.Get("X-Key") + r.Header.Get("Authorization")
	case "/long":
		text = strings.Repeat("é", 140_000)
	case "/slow-down":
		text, status = "slow down", http.StatusTooManyRequests
	case "/denied":
		text, status = "who are you, "+r.Header.Get("X-Key"), http.StatusUnauthorized
	case "/moved":
		w.Header().Set("Location", "/json")
		status = http.StatusFound
	case "/hang-up":
		panic(http.ErrAbortHandler)
	case "/token":
		a.tokens++
		kind, text = "application/json", fmt.Sprintf(`{"access_token": "access-token-%d", "expires_in": 3600}`, a.tokens)
	case "/no-token":
		text = `{"error": "bad client oauth-secret"}`
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	io.WriteString(w, text)
}

func connections(server string) map[string]httptask.Connection {
	oauth := httptask.OAuth{TokenURL: server + "/token", ClientID: "client", Secret: "oauth-secret", Scope: "read"}
	bad := oauth
	bad.TokenURL = server + "/no-token"
	return map[string]httptask.Connection{
		"basic": {Basic: &httptask.Basic{User: "etl", Password: "basic-secret"}},
		"key": {
			APIKey: &httptask.APIKey{Header: "X-Key", Key: "key-secret"}, Headers: map[string]string{"X-Own": "connection's"},
			Query: map[string]string{"q": "connection's"}, Body: map[string]string{"b": "connection's", "c": "too"},
		},
		"oauth":    {OAuth: &oauth},
		"badoauth": {OAuth: &bad},
		"unset":    {Basic: &httptask.Basic{}, Missing: "the environment variable API_KEY is not set."},
	}
}

// TestTraces calls the server. The argument of call is the connection; $api is the server's address.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		a := &api{}
		server := httptest.NewServer(a)
		t.Cleanup(server.Close)
		tasks := service.NewIntegrations(httptask.New("us-east-1", connections(server.URL)).Table())
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "resolve" {
				return fmt.Sprintf("%v\n", tasks.Resolve(strings.TrimSpace(d.Input)))
			}
			if d.Cmd == "trace" {
				return strings.ReplaceAll(exchanged(t, tasks, d, server.URL), server.URL, "$api")
			}
			out := call(t.Context(), t, tasks, d, server.URL)
			out = a.asked.String() + out
			a.asked.Reset()
			return strings.ReplaceAll(out, server.URL, "$api")
		})
	})
}

func call(ctx context.Context, t *testing.T, tasks *service.Integrations, d *datadriven.TestData, server string) string {
	text := strings.ReplaceAll(d.Input, "$api", server)
	task, err := servicetest.Task("arn:aws:states:::http:invoke", text, 1)
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	if len(d.CmdArgs) > 0 {
		ref := value.OfMembers(value.Member{Key: "ConnectionArn",
			Value: value.OfString("arn:aws:events:us-east-1:123456789012:connection/" + d.CmdArgs[0].Key + "/0b1c")})
		task.Parameters = task.Parameters.With("Authentication", ref)
	}
	if reason, refused := tasks.Refuse(task.ScheduleTask); refused {
		return "refused: " + reason + "\n"
	}
	output, failure := tasks.Run(ctx, task, nil)
	if failure != nil {
		return fmt.Sprintf("%s: %s\n", *failure.Error, *failure.Cause)
	}
	if body, _ := output.Get("ResponseBody"); len(body.Text()) > 1000 {
		return fmt.Sprintf("a body of %d bytes\n", len(body.Str()))
	}
	return output.Compact() + "\n"
}

// exchanged are the messages of a call as they are told to whoever watches it.
func exchanged(t *testing.T, tasks *service.Integrations, d *datadriven.TestData, server string) (out string) {
	ctx := service.WatchExchange(t.Context(), func(e service.Exchange) {
		out += fmt.Sprintf("%+v\n", e.Request)
		if e.Response != nil {
			out += fmt.Sprintf("%+v\n", *e.Response)
		}
	})
	call(ctx, t, tasks, d, server)
	return out
}

// A server that is gone, one that hangs up and a cancelled call are socket errors; none of them tells the query.
func TestSocket(t *testing.T) {
	server := httptest.NewServer(&api{})
	tasks := service.NewIntegrations(httptask.New("us-east-1", connections(server.URL)).Table())
	for _, path := range []string{"/hang-up", "/gone"} {
		if path == "/gone" {
			server.Close()
		}
		task, err := servicetest.Task("arn:aws:states:::http:invoke", `{"ApiEndpoint": "`+server.URL+path+`", "Method": "GET",
			"InvocationConfig": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/key"}}`, 1)
		if err != nil {
			t.Fatal(err)
		}
		_, failure := tasks.Run(t.Context(), task, nil)
		if failure == nil || *failure.Error != "States.Http.Socket" || strings.Contains(*failure.Cause, "connection's") {
			t.Errorf("%s: %+v", path, failure)
		}
	}
}

// No answer, whatever it is, carries a secret of the connection that was used.
func TestSecretsStay(t *testing.T) {
	server := httptest.NewServer(&api{})
	t.Cleanup(server.Close)
	tasks := service.NewIntegrations(httptask.New("us-east-1", connections(server.URL)).Table())
	for _, name := range []string{"basic", "key", "oauth", "badoauth"} {
		for _, path := range []string{"/echo", "/denied"} {
			task, err := servicetest.Task("arn:aws:states:::http:invoke", `{"ApiEndpoint": "`+server.URL+path+`", "Method": "GET",
				"Authentication": {"ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/`+name+`"}}`, 1)
			if err != nil {
				t.Fatal(err)
			}
			output, failure := tasks.Run(t.Context(), task, nil)
			told := output.Text()
			if failure != nil {
				told = *failure.Cause
			}
			secrets := []string{"basic-secret", "ZXRsOmJhc2ljLXNlY3JldA", "key-secret", "oauth-secret", "access-token"}
			if slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(told, secret) }) {
				t.Errorf("%s %s told %s", name, path, told)
			}
		}
	}
}
