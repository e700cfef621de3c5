package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/value"
)

// serve answers the Runtime API: /SECRET/2018-06-01/runtime/…
func (h *Host) serve(w http.ResponseWriter, r *http.Request) {
	secret, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	b := h.box(secret)
	path, isRuntime := strings.CutPrefix(path, "2018-06-01/runtime/")
	if b == nil || !isRuntime {
		answer(w, http.StatusNotFound, "InvalidPath", "There is nothing here.")
		return
	}
	if r.Method == http.MethodGet && path == "invocation/next" {
		b.next(w, r)
		return
	}
	if r.Method == http.MethodPost && path == "init/error" {
		b.initError(w, r)
		return
	}
	parts := strings.Split(path, "/") // invocation/ID/response
	if r.Method != http.MethodPost || len(parts) != 3 || parts[0] != "invocation" || parts[2] != "response" && parts[2] != "error" {
		answer(w, http.StatusNotFound, "InvalidPath", "There is nothing here.")
		return
	}
	b.respond(w, r, parts[1], parts[2] == "error")
}

func answer(w http.ResponseWriter, status int, kind, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body := value.OfMembers(
		value.Member{Key: "errorMessage", Value: value.OfString(text)}, value.Member{Key: "errorType", Value: value.OfString(kind)},
	)
	_, _ = io.WriteString(w, body.Text()) // to a process that may have ended
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

// next waits for an event and hands it over.
func (b *box) next(w http.ResponseWriter, r *http.Request) {
	b.asked.Do(func() {
		b.took = time.Since(b.began)
		close(b.ready)
	})
	var e *event
	select {
	case e = <-b.events:
	case <-r.Context().Done():
		return
	}
	b.mu.Lock()
	b.current = e
	b.mu.Unlock()
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(e.Payload)))
	header.Set("Lambda-Runtime-Aws-Request-Id", e.RequestID)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(e.deadline.UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", e.ARN)
	header.Set("Lambda-Runtime-Trace-Id", "Root=1-"+strconv.FormatInt(time.Now().Unix(), 16)+"-"+strings.ReplaceAll(e.RequestID, "-", "")[:24]+";Sampled=0")
	if e.ClientContext != "" {
		header.Set("Lambda-Runtime-Client-Context", e.ClientContext)
	}
	_, _ = w.Write(e.Payload) // a process that has ended meanwhile shows by its end
}

// maxRead is how much of an answer that is too large is read, so that the process hears of it instead of losing its connection.
const maxRead = 64 << 20

// body reads an answer; large says that it is more than an answer may be.
func body(r *http.Request) (content []byte, large bool, err error) {
	content, err = io.ReadAll(io.LimitReader(r.Body, lambda.MaxResponse+1))
	if len(content) > lambda.MaxResponse {
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxRead))
		return nil, true, err
	}
	return content, false, err
}

func (b *box) respond(w http.ResponseWriter, r *http.Request, request string, failed bool) {
	content, large, err := body(r)
	if err != nil {
		return // the process ended while it answered
	}
	b.mu.Lock()
	e := b.current
	if e != nil && e.RequestID == request {
		b.current = nil
	}
	b.mu.Unlock()
	switch {
	case e == nil || e.RequestID != request:
		answer(w, http.StatusBadRequest, "InvalidRequestID", "Invalid request ID")
	case large:
		text := fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", lambda.MaxResponse)
		e.reply <- reply{payload: tooLarge(text), failed: true, note: text}
		answer(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", text)
	default:
		e.reply <- reply{payload: content, failed: failed}
		accept(w)
	}
}

func tooLarge(text string) []byte {
	return []byte(value.OfMembers(
		value.Member{Key: "errorType", Value: value.OfString("Function.ResponseSizeTooLarge")},
		value.Member{Key: "errorMessage", Value: value.OfString(text)},
	).Text())
}

func (b *box) initError(w http.ResponseWriter, r *http.Request) {
	content, _, err := body(r)
	if err != nil {
		return
	}
	select {
	case b.broken <- content:
	default: // one error is enough
	}
	accept(w)
}
