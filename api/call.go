package api

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
)

// maxBody is the largest request outside S3 unless its service says more, in bytes: a batch of log events or of SQL texts stays below it.
const maxBody = 4 << 20

// protocol is how requests and answers look.
type protocol interface {
	// parse finds the operation's name and its parameters.
	parse(c *call, body []byte) (func() (answer string, err error), error)
	// write sends an answer.
	write(c *call, answer string)
	// fail sends an error.
	fail(c *call, p service.Problem)
	// refusal is the code of a bad signature.
	refusal(reason sigv4.Reason) string
}

func (c *call) serve() {
	answer, err := c.answer()
	if err != nil {
		c.protocol.fail(c, c.problem(err))
		return
	}
	c.protocol.write(c, answer)
}

func (c *call) answer() (string, error) {
	most := c.mostBytes()
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "", coded("RequestEntityTooLarge", http.StatusRequestEntityTooLarge, "The request is larger than %d bytes", most)
	case err != nil:
		return "", coded(service.SerializationException, http.StatusBadRequest, "The request ended too early")
	}
	caller, key, err := c.authenticate(sigv4.Hash(body))
	if err != nil {
		return "", err
	}
	c.r = c.r.WithContext(origin.With(service.WithCaller(c.r.Context(), caller), c.origin(key)))
	run, err := c.protocol.parse(c, body)
	if err != nil {
		return "", err
	}
	if err := allow(key, Needs(c.operation), c.operation); err != nil {
		return "", err
	}
	return run()
}

// origin is what led to the request: what the key was handed out for, or the client itself.
func (c *call) origin(key Key) origin.Origin {
	from := key.Origin
	if from == (origin.Origin{}) {
		from.Client, _, _ = strings.Cut(c.r.UserAgent(), " ")
		from.Address = c.r.RemoteAddr
	}
	return from
}

// mostBytes is how large the request can be. The body is read before its signature can be verified, so who names no key that is
// known here gets no more than everybody.
func (c *call) mostBytes() int64 {
	if c.table == nil || c.table.MaxBody == 0 {
		return maxBody
	}
	if len(c.keys) > 0 {
		if c.claim == nil {
			return maxBody
		}
		if _, known := c.key(c.claim.KeyID); !known {
			return maxBody
		}
	}
	return c.table.MaxBody
}

// problemError is an error of the endpoint itself.
type problemError service.Problem

// Error returns the sentence for the client.
func (p problemError) Error() string { return p.Message }

func coded(code string, status int, format string, args ...any) error {
	return problemError{Code: code, Message: fault.Invalidf(format, args...).Message, Status: status}
}

// problem describes an error in the words of the protocol.
func (c *call) problem(err error) service.Problem {
	var refused *sigv4.Refusal
	var own problemError
	switch {
	case errors.As(err, &refused):
		status := http.StatusForbidden
		if refused.Reason == sigv4.Malformed {
			status = http.StatusBadRequest
		}
		return service.Problem{Code: c.protocol.refusal(refused.Reason), Message: refused.Text, Status: status}
	case errors.As(err, &own):
		return service.Problem(own)
	}
	if c.r.Context().Err() == nil && fault.KindOf(err) == fault.Internal {
		c.log.Error("internal error", "id", c.id, "operation", c.operation, "error", err)
	}
	table := c.table
	if table == nil {
		table = &service.Service{}
	}
	return table.Problem(err)
}

// form returns the parameters of an awsQuery request.
func (c *call) form(body []byte) (url.Values, error) {
	text := string(body)
	if c.r.Method == http.MethodGet {
		text = c.r.URL.RawQuery
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, coded("MalformedQueryString", http.StatusBadRequest, "The query string contains a syntax error: %v", err)
	}
	return form, nil
}
