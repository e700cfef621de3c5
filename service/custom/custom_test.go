package custom_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service/custom"
	"github.com/stepwell/stepwell/value"
)

const function = "arn:aws:lambda:us-east-1:123456789012:function:seed"

// The traces have what a function puts, with a word in the place of the request's id and URL; args say what it is asked.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			request := custom.Request{
				Type: d.Cmd, Function: function, StackID: "stack", LogicalID: "Seed", ResourceType: "Custom::Seed", PhysicalID: "old",
				Properties:    value.MustParse(`{"ServiceToken": "f", "Rows": 2, "Deep": [{"On": true, "Text": "x"}]}`),
				OldProperties: value.MustParse(`{"Rows": 1}`),
			}
			return ask(t, request, d.Input, d.HasArg("event"))
		})
	})
}

// ask asks a function that puts such an answer.
func ask(t *testing.T, request custom.Request, answer string, showEvent bool) string {
	var h *custom.Host
	var server *httptest.Server
	event, ended := "", make(chan struct{})
	h = custom.New(custom.Options{
		URL: func() (string, error) { return server.URL, nil },
		Invoke: func(_ context.Context, _ string, e value.Value) error {
			defer close(ended)
			id, url := member(e, "RequestId"), member(e, "ResponseURL")
			hide := strings.NewReplacer(id, "ID", url, "URL")
			event = hide.Replace(e.Compact()) + "\n"
			put(t, url, strings.ReplaceAll(answer, "ID", id))
			return nil
		},
	})
	server = httptest.NewServer(h)
	defer server.Close()
	got, err := h.Ask(t.Context(), request)
	<-ended
	if !showEvent {
		event = ""
	}
	if err != nil {
		return event + hideID(err.Error())
	}
	return event + fmt.Sprintf("%s %s", got.ID, got.Data.Compact())
}

func member(v value.Value, name string) string {
	m, _ := v.Get(name)
	return m.Str()
}

func hideID(text string) string {
	before, _, ok := strings.Cut(text, "(RequestId: ")
	if !ok {
		return text
	}
	return before + "(RequestId: ID)"
}

func put(t *testing.T, url, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}

const good = `{"Status": "SUCCESS", "PhysicalResourceId": "p", "StackId": "stack", "RequestId": "ID", "LogicalResourceId": "Seed"}`

// A URL takes one answer, by PUT; nobody guesses another one.
func TestOnce(t *testing.T) {
	var h *custom.Host
	var server *httptest.Server
	var url string
	ended := make(chan struct{})
	h = custom.New(custom.Options{
		URL: func() (string, error) { return server.URL, nil },
		Invoke: func(_ context.Context, _ string, e value.Value) error {
			defer close(ended)
			url = member(e, "ResponseURL")
			answer, err := http.Get(url)
			if err != nil {
				t.Error(err)
				return nil
			}
			answer.Body.Close()
			body := strings.ReplaceAll(good, "ID", member(e, "RequestId"))
			if got := []int{answer.StatusCode, put(t, server.URL+"/guess", body), put(t, url, body)}; fmt.Sprint(got) != "[405 403 200]" {
				t.Errorf("statuses %v", got)
			}
			return nil
		},
	})
	server = httptest.NewServer(h)
	defer server.Close()
	if _, err := h.Ask(t.Context(), custom.Request{Type: custom.Create, Function: function, StackID: "stack", LogicalID: "Seed"}); err != nil {
		t.Fatal(err)
	}
	<-ended
	if status := put(t, url, good); status != http.StatusForbidden {
		t.Errorf("the second answer is met with %d", status)
	}
}

// A function that fails, or says nothing, is told of; nobody waits longer than the timeout, or than the user wants.
func TestNoAnswer(t *testing.T) {
	for _, c := range []struct {
		name, want string
		fails      error
		leaves     bool
	}{
		{"fails", "failed before it answered: boom", errors.New("boom"), false},
		{"is silent", "put no answer at the ResponseURL within 5s", nil, false},
		{"nobody waits", "nobody waits for the answer", nil, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := custom.New(custom.Options{
				URL:    func() (string, error) { return "http://127.0.0.1", nil },
				Invoke: func(context.Context, string, value.Value) error { return c.fails },
			})
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			if c.leaves {
				time.AfterFunc(time.Second, leave)
			}
			_, err := h.Ask(ctx, custom.Request{Type: custom.Create, Function: function, Timeout: 5 * time.Second})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		})
	}
}
