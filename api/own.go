package api

import (
	"net/http"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// certificatePath begins the address of a certificate that signs notifications, as on AWS.
const certificatePath = "/SimpleNotificationService-"

// ownDoor returns what serves a request to one of Stepwell's own addresses, nil for a request to an AWS service. A bucket
// may be called events too: what is signed for S3 is meant for the bucket.
func (c *call) ownDoor() func() {
	if c.claim != nil && c.claim.Service == "s3" || c.r.Header.Get("X-Amz-Target") != "" {
		return nil
	}
	switch {
	case c.events.Log != nil && c.r.Method == http.MethodGet && c.r.URL.Path == eventsPath:
		return c.serveEvents
	case c.warehouse != nil && c.r.Method == http.MethodPost && c.r.URL.Path == sqlPath:
		return c.serveSQL
	case c.certificates != nil && c.r.Method == http.MethodGet && strings.HasPrefix(c.r.URL.Path, certificatePath):
		return func() { c.certificates.ServeHTTP(c.w, c.r) } // public, like the key in it
	}
	return nil
}

// admitOwn lets a request in whose sender has a role.
func (c *call) admitOwn(need Role, hash string) error {
	caller, key, err := c.authenticate(hash)
	if err != nil {
		return err
	}
	c.r = c.r.WithContext(service.WithCaller(c.r.Context(), caller))
	return allow(key, need, c.r.URL.Path)
}

// refuseOwn answers with an error as awsJson has it.
func (c *call) refuseOwn(err error) {
	c.protocol, c.operation = awsJSON{}, c.r.URL.Path
	c.protocol.fail(c, c.problem(err))
}

// sentence is what a client reads of an error that comes behind the beginning of an answer.
func sentence(err error) string {
	if fault.KindOf(err) == fault.Internal {
		return "internal error"
	}
	return err.Error()
}
