package api

import (
	"net/http"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
)

// certificatePath begins the address of a certificate that signs notifications, as on AWS.
const certificatePath = "/SimpleNotificationService-"

// consolePath begins the addresses of pages.
const consolePath = "/console/"

// isFrontDoor reports whether a browser asks for the server's address alone. For a client of S3 that is the list of buckets.
func isFrontDoor(r *http.Request) bool {
	atDoor := r.URL.Path == "/" && r.URL.RawQuery == "" || r.URL.Path == "/console"
	return atDoor && r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// ownDoor returns what serves a request to one of Stepwell's own addresses, nil for a request to an AWS service. A bucket
// may be called events too: what is signed for S3 is meant for the bucket.
func (c *call) ownDoor() func() {
	if c.claim != nil && c.claim.Service == "s3" || c.r.Header.Get("X-Amz-Target") != "" {
		return nil
	}
	switch {
	case c.console != nil && strings.HasPrefix(c.r.URL.Path, consolePath):
		return func() { c.console.ServeHTTP(c.w, c.r) } // it has a login of its own
	case c.console != nil && c.claim == nil && isFrontDoor(c.r):
		return func() { http.Redirect(c.w, c.r, consolePath, http.StatusSeeOther) }
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
	c.r = c.r.WithContext(origin.With(service.WithCaller(c.r.Context(), caller), c.origin(key)))
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
