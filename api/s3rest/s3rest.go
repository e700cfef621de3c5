// Package s3rest is S3's REST protocol over a bucket.Store: buckets, objects with ranges and metadata, copies, listings of
// both versions, deletion of many, multipart uploads. It checks no signatures: its caller does, and gives it bodies that are
// unwrapped. What else buckets are asked about is answered as by a bucket that nobody configured; what would have to be kept
// and is not (policies, versions, locks) is refused by name.
//
//	handler := s3rest.New(store, uploads, log)
//	handler.ServeHTTP(w, r)
package s3rest

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/stepwell/stepwell/bucket"
)

// Handler answers requests to buckets and objects.
type Handler struct {
	store   bucket.Store
	uploads string
	log     *slog.Logger
}

// New returns a handler for a store. Uploads is a folder for the parts of multipart uploads; they are refused when it is empty.
// The log receives internal errors, which clients do not see.
func New(store bucket.Store, uploads string, log *slog.Logger) *Handler {
	return &Handler{store, uploads, log}
}

// request is one request, with the bucket and the key that it names.
type request struct {
	*http.Request
	h           *Handler
	w           http.ResponseWriter
	bucket, key string
	query       url.Values
}

// ServeHTTP answers one request. The header X-Amz-Request-Id of the answer names it in errors.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := &request{Request: r, h: h, w: w, query: r.URL.Query()}
	q.bucket, q.key = Address(r)
	row, err := q.operation()
	if err == nil {
		err = q.checkVersion()
	}
	if err == nil {
		err = row.do(q)
	}
	if err == nil {
		return
	}
	if code, _ := describe(err); code == internalError && r.Context().Err() == nil {
		h.log.Error("internal error", "id", w.Header().Get("X-Amz-Request-Id"), "method", r.Method, "bucket", q.bucket, "key", q.key, "error", err)
	}
	Fail(w, r, err)
}

// Address returns the bucket and the key that a request names: in its path, or the bucket in the name of the host
// (sales.s3.us-east-1.amazonaws.com, sales.localhost).
func Address(r *http.Request) (bucket, key string) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	if name, ok := hostBucket(r.Host); ok {
		return name, path
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key
}

func hostBucket(host string) (string, bool) {
	host, _, _ = strings.Cut(host, ":")
	for _, mark := range []string{".s3.", ".s3-"} {
		if at := strings.Index(host, mark); at > 0 {
			return host[:at], true
		}
	}
	name, ok := strings.CutSuffix(host, ".localhost")
	return name, ok && name != "" && name != "s3" && !strings.HasPrefix(name, "s3.")
}

// NeedsAdmin reports whether a request makes, changes or deletes a bucket.
func NeedsAdmin(r *http.Request) bool {
	_, key := Address(r)
	return key == "" && (r.Method == http.MethodPut || r.Method == http.MethodDelete)
}
