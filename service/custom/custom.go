// Package custom makes the custom resources of templates: it asks the function behind one as CloudFormation does, and takes the
// answer that the function puts at a URL of its own, once. It remembers nothing; what a resource was made of is its caller's to keep.
//
//	h := custom.New(custom.Options{Invoke: …, URL: …}) // serves HTTP at the URL
//	answer, err := h.Ask(ctx, custom.Request{Type: custom.Create, …})
package custom

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Options are what a Host needs.
type Options struct {
	// Invoke calls a function and returns when it has ended; the error says how it failed.
	Invoke func(ctx context.Context, function string, event value.Value) error
	// URL returns where functions reach the Host, without a slash at the end.
	URL func() (string, error)
}

// Host asks functions and serves the URLs of their answers.
type Host struct {
	options Options
	mu      sync.Mutex
	waiting map[string]chan []byte // by the secret of the URL
}

// New returns a Host that nobody has asked yet.
func New(options Options) *Host {
	return &Host{options: options, waiting: map[string]chan []byte{}}
}

// The types of requests.
const (
	Create = "Create"
	Update = "Update"
	Delete = "Delete"
)

// Request is what a function is asked to do.
type Request struct {
	Type string
	// Function is the ARN that the resource has as its ServiceToken.
	Function                         string
	StackID, LogicalID, ResourceType string
	// PhysicalID is what the function called the resource; not for Create.
	PhysicalID string
	// Properties and, for Update, OldProperties are those of the resource.
	Properties, OldProperties value.Value
	// Timeout is how long the answer may take; 0: an hour.
	Timeout time.Duration
}

// defaultTimeout is CloudFormation's.
const defaultTimeout = time.Hour

// Ask asks a function and waits for its answer. Errors: Invalid for a FAILED answer and for one that is none, Unavailable when the
// function fails before it answers or does not answer in time.
func (h *Host) Ask(ctx context.Context, r Request) (Answer, error) {
	base, err := h.options.URL()
	if err != nil {
		return Answer{}, err
	}
	secret, requestID := rand.Text(), uuid.NewString()
	answers := make(chan []byte, 1)
	h.mu.Lock()
	h.waiting[secret] = answers
	h.mu.Unlock()
	defer h.take(secret)

	timeout := r.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	broken := make(chan error, 1)
	go func() {
		if err := h.options.Invoke(within, r.Function, r.event(requestID, base+"/"+secret)); err != nil {
			broken <- err
		}
	}()
	select {
	case body := <-answers:
		return r.answer(requestID, body)
	case err := <-broken:
		select {
		case body := <-answers: // it failed behind its answer
			return r.answer(requestID, body)
		default:
		}
		return Answer{}, fault.New(fault.Unavailable, "the function %s failed before it answered", r.Function).Because(err)
	case <-within.Done():
		if err := ctx.Err(); err != nil {
			return Answer{}, fault.New(fault.Unavailable, "nobody waits for the answer of the function %s any more", r.Function)
		}
		return Answer{}, fault.New(fault.Unavailable, "the function %s put no answer at the ResponseURL within %s", r.Function, timeout)
	}
}

// take returns where the answer of a URL goes, and ends the URL.
func (h *Host) take(secret string) (chan<- []byte, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	answers, ok := h.waiting[secret]
	delete(h.waiting, secret)
	return answers, ok
}

// maxAnswer is the largest answer that CloudFormation takes, in bytes.
const maxAnswer = 4096

// ServeHTTP takes an answer.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPut {
		http.Error(w, "an answer is put", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer+1))
	if err != nil {
		http.Error(w, "the answer broke off", http.StatusBadRequest)
		return
	}
	answers, ok := h.take(strings.TrimPrefix(r.URL.Path, "/"))
	if !ok {
		http.Error(w, "this URL is not known, has taken its answer or has expired", http.StatusForbidden)
		return
	}
	answers <- body
}
