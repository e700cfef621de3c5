package api

import (
	"errors"
	"io"
	"net/http"

	"github.com/stepwell/stepwell/api/s3rest"
	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/fault"
)

// serveS3 checks the signature and leaves the rest to the protocol of buckets.
func (c *call) serveS3() {
	c.w.Header().Set("X-Amz-Request-Id", c.id)
	if err := c.admitS3(); err != nil {
		s3rest.Fail(c.w, c.r, err)
		return
	}
	c.s3.ServeHTTP(c.w, c.r)
}

// admitS3 lets a request in whose sender may send it, and unwraps its body.
func (c *call) admitS3() error {
	_, key, err := c.authenticate(sigv4.PayloadHash(c.r))
	var refused *sigv4.Refusal
	if errors.As(err, &refused) && refused.Reason == sigv4.Missing {
		return fault.New(fault.Denied, "Access Denied").WithCode("AccessDenied")
	}
	if err != nil {
		return err
	}
	need, operation := Run, "writing"
	switch {
	case c.r.Method == http.MethodGet || c.r.Method == http.MethodHead:
		need, operation = Read, "reading"
	case s3rest.NeedsAdmin(c.r):
		need, operation = Admin, "making or deleting a bucket"
	}
	if err := allow(key, need, operation); err != nil {
		return err
	}
	body, err := sigv4.Body(c.r, c.claim, key.Secret)
	if err != nil {
		return err
	}
	c.r.Body = unwrapped{body, c.r.Body}
	return nil
}

// unwrapped is a body without its chunks.
type unwrapped struct {
	io.Reader
	io.Closer
}
