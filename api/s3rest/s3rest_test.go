package s3rest_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/api/s3rest"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
)

// TestTraces sends requests to a store with the bucket sales. The input is a request, with a Host when it has one; the output
// is the answer without what changes from run to run. UPLOAD stands for the id of the last multipart upload.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		store := dir.New(t.TempDir(), nil)
		if err := store.Make("sales"); err != nil {
			t.Fatal(err)
		}
		handler := s3rest.New(store, t.TempDir(), slog.New(slog.DiscardHandler))
		upload := ""
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			answer := send(handler, strings.ReplaceAll(d.Input, "UPLOAD", upload))
			if id := uploadID.FindStringSubmatch(answer); id != nil {
				upload = id[1]
			}
			if upload != "" {
				answer = strings.ReplaceAll(answer, upload, "UPLOAD")
			}
			return changing.ReplaceAllString(answer, "<$1>…</$1>")
		})
	})
}

var (
	uploadID = regexp.MustCompile("<UploadId>(.*?)</UploadId>")
	changing = regexp.MustCompile("<(LastModified|CreationDate|Initiated)>.*?</(LastModified|CreationDate|Initiated)>")
	// shown are the headers that a trace shows.
	shown = []string{"Content-Type", "Content-Length", "Content-Range", "Content-Disposition", "Etag", "x-amz-meta-loaded", "X-Amz-Tagging-Count"}
)

func send(handler http.Handler, input string) string {
	head, body, _ := strings.Cut(input, "\n\n")
	lines := strings.Split(head, "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	r := httptest.NewRequest(method, path, strings.NewReader(strings.TrimSuffix(body, "\n")))
	for _, line := range lines[1:] {
		name, text, _ := strings.Cut(line, ": ")
		r.Header.Set(name, text)
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	var out strings.Builder
	fmt.Fprintln(&out, w.Code)
	for _, name := range shown {
		text := w.Header().Get(name)
		if exact := w.Header()[name]; exact != nil {
			text = exact[0]
		}
		if text != "" && !(name == "Content-Length" && w.Body.Len() > 0) {
			fmt.Fprintf(&out, "%s: %s\n", name, text)
		}
	}
	fmt.Fprintln(&out, strings.TrimPrefix(w.Body.String(), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
	return strings.TrimRight(out.String(), "\n")
}

// A store that has no more than bucket.Store asks for has no requests that make, delete or list buckets.
func TestPlainStore(t *testing.T) {
	store := dir.New(t.TempDir(), nil)
	handler := s3rest.New(struct{ bucket.Store }{store}, "", slog.New(slog.DiscardHandler))
	for _, request := range []string{"GET /", "PUT /sales", "DELETE /sales", "POST /sales/a?uploads"} {
		if answer := send(handler, request); !strings.HasPrefix(answer, "501\n") {
			t.Errorf("%s: %s", request, answer)
		}
	}
}
