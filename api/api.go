// Package api is the AWS-compatible HTTP endpoint: one handler for every service that has an operation table, in the
// service's own protocol (awsJson, awsQuery), and for S3's REST protocol over a bucket.Store. It holds no behaviour: what
// an operation does is in its table. It listens nowhere; Server gives a handler the limits of a server.
//
//	handler := api.New(api.Options{Services: tables, Buckets: store, Keys: keys})
//	err := api.Server(handler).Serve(listener)
package api

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/api/s3rest"
	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/warehouse"
)

// Options is what an endpoint serves and to whom.
type Options struct {
	Services []*service.Service
	// Buckets are served as S3; nil: there is no S3.
	Buckets bucket.Store
	// Uploads is the folder for the parts of multipart uploads; empty: they are refused.
	Uploads string
	// Keys may sign requests. Without keys every signature is accepted, also none, and the caller is called local: then only
	// programs of this machine may reach the endpoint.
	Keys []Key
	// Sessions finds temporary keys; nil: there are none.
	Sessions func(keyID string) (Key, bool)
	// Events is the stream of GET /events; without a Log there is none.
	Events Events
	// Warehouse runs the statements of POST /sql; nil: there is none.
	Warehouse *warehouse.Warehouse
	// Certificates serves what signed notifications are checked with, under /SimpleNotificationService-….pem; nil: nothing.
	Certificates http.Handler
	// Console serves pages under /console/, and lets in whom it will; nil: there are none.
	Console http.Handler
	// Log receives internal errors, and every request on level debug.
	Log *slog.Logger
	// Now is the clock that signatures are held against; nil: time.Now.
	Now func() time.Time
}

// endpoint is the handler of New.
type endpoint struct {
	services     []*service.Service
	s3           *s3rest.Handler
	certificates http.Handler
	console      http.Handler
	keys         map[string]Key
	sessions     func(keyID string) (Key, bool)
	log          *slog.Logger
	now          func() time.Time

	events    Events
	warehouse *warehouse.Warehouse
	streams   *atomic.Int64 // how many clients listen to events
	started   int64         // when, in nanoseconds
}

// New returns the handler of an endpoint. Requests that a page of another site makes a browser send are refused.
func New(o Options) http.Handler {
	e := &endpoint{services: o.Services, keys: map[string]Key{}, sessions: o.Sessions, log: o.Log, now: o.Now,
		certificates: o.Certificates, console: o.Console, events: o.Events, warehouse: o.Warehouse, streams: new(atomic.Int64), started: time.Now().UnixNano()}
	for _, key := range o.Keys {
		e.keys[key.ID] = key
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if o.Buckets != nil {
		e.s3 = s3rest.New(o.Buckets, o.Uploads, e.log)
	}
	return http.NewCrossOriginProtection().Handler(e)
}

// ServeHTTP answers one request.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = watch(w, r)
	c := &call{endpoint: e, w: w, r: r, id: uuid.NewString()}
	e.log.Debug("request", "id", c.id, "method", r.Method, "path", r.URL.Path, "target", r.Header.Get("X-Amz-Target"))
	if len(e.keys) == 0 && !localName(r.Host) {
		http.Error(w, "this endpoint has no keys and answers only to names of this machine, not to "+r.Host, http.StatusForbidden)
		return
	}
	c.claim, c.malformed = sigv4.Parse(r)
	if serve := c.ownDoor(); serve != nil {
		serve()
		return
	}
	c.route()
	switch {
	case c.protocol != nil:
		c.serve()
	case e.s3 != nil:
		c.serveS3()
	default:
		http.Error(w, "there is no service for this request", http.StatusNotFound)
	}
}

// call is one request on its way.
type call struct {
	*endpoint
	w         http.ResponseWriter
	r         *http.Request
	id        string
	claim     *sigv4.Claim // nil: not signed
	malformed error        // why there is no claim although there is a signature
	protocol  protocol
	table     *service.Service // nil: no table fits
	row       *service.Operation
	operation string
}
