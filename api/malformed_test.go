package api_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/api"
)

// TestMalformed sends what no client would send. The input is an HTTP request without its Host; the output is the answer.
func TestMalformed(t *testing.T) {
	o := openBuckets(t)
	o.Services = tables(t)
	handler := api.New(o)
	datadriven.RunTest(t, "testdata/malformed.txt", func(t *testing.T, d *datadriven.TestData) string {
		head, body, _ := strings.Cut(d.Input, "\n\n")
		return send(handler, head, strings.TrimSuffix(body, "\n"))
	})
}

func send(handler http.Handler, head, body string) string {
	lines := strings.Split(head, "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "localhost"
	for _, line := range lines[1:] {
		name, text, _ := strings.Cut(line, ": ")
		r.Header.Add(name, text)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	id := cmp.Or(w.Header().Get("X-Amzn-Requestid"), w.Header().Get("X-Amz-Request-Id"))
	return fmt.Sprintf("%d %s\n%s", w.Code, w.Header().Get("Content-Type"), strings.ReplaceAll(w.Body.String(), id, "ID"))
}

// The endpoint reads no more of a request than it may.
func TestOversize(t *testing.T) {
	handler := api.New(api.Options{Services: tables(t)})
	got := send(handler, "POST /\nX-Amz-Target: AWSStepFunctions.StartExecution", `{"input": "`+strings.Repeat("x", 5<<20)+`"}`)
	if !strings.HasPrefix(got, "413 ") || !strings.Contains(got, "RequestEntityTooLarge") {
		t.Errorf("got %.200s", got)
	}
}

// FuzzRequests sends any body to each protocol: every answer is an HTTP status, and nothing panics.
func FuzzRequests(f *testing.F) {
	trace, err := os.ReadFile("testdata/malformed.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range strings.Split(string(trace), "\n\n") {
		f.Add(body)
	}
	o := api.Options{Services: tables(f)}
	o.Buckets = openBuckets(f).Buckets
	handler := api.New(o)
	heads := []string{
		"POST /\nX-Amz-Target: AWSStepFunctions.StartExecution", "POST /\nX-Amz-Target: AWSStepFunctions.DescribeExecution",
		"POST /\nContent-Type: application/x-www-form-urlencoded", "POST /sales?delete",
		"PUT /sales/a\nX-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\nX-Amz-Decoded-Content-Length: 5",
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, head := range heads {
			if got := send(handler, head, body); strings.HasPrefix(got, "5") {
				t.Errorf("%s answers %s", head, got)
			}
		}
	})
}
