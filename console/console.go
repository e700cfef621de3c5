// Package console is the pages that a person opens in a browser: what ran, what runs, what failed and why. It asks the
// services' own tables, as any client does, and so lets nobody do what the API would refuse; what pages look like is
// console/view. It keeps nothing but who is logged in.
//
//	pages := console.New(console.Options{Project: "sales", Services: tables, …})
//	handler := api.New(api.Options{Console: pages, …})
package console

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/warehouse"
)

// Options is what the pages show, and to whom.
type Options struct {
	// Project is the name of what is served.
	Project  string
	Services []*service.Service
	// Engine has the executions.
	Engine    *engine.Engine
	Warehouse *warehouse.Warehouse
	// Buckets have the files of loads.
	Buckets Buckets
	// Ledger has what states set going; nil: nobody takes it down.
	Ledger *origin.Ledger
	// Events are the news that pages follow.
	Events *event.Log
	// Plans says when schedules and rules come next; nil: there are none.
	Plans func() []target.Plan
	// Outcomes are the last calls of a schedule or a rule, by its ARN; nil: none are known.
	Outcomes func(arn string) []target.Outcome
	// Data is the data folder, and Backups makes copies of it; nil: nothing does.
	Data    string
	Backups Backups
	// Settings are how the server is configured; nil: nothing is said of it.
	Settings func() []view.SettingGroup
	// Users may log in, by their names. Without users everybody who reaches the server may do everything.
	Users map[string]User
	// Closed says why there are no pages; empty: there are.
	Closed string
	// Log receives internal errors.
	Log *slog.Logger
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Buckets are all buckets with their objects.
type Buckets interface {
	bucket.Store
	Buckets(ctx context.Context) ([]bucket.Bucket, error)
}

// User is who may log in.
type User struct {
	// Knows reports whether a password is the user's.
	Knows func(password string) bool
	Role  api.Role
}

// Console is the handler of everything under /console/.
type Console struct {
	Options
	mux       *http.ServeMux
	sessions  sessions
	parts     parts
	services  map[string]*service.Service
	following atomic.Int64
	loadDays  loadDaysSeen
	histories histories
	runs      sqlRuns
}

// New returns the handler of a server's pages.
func New(o Options) *Console {
	c := &Console{Options: o, mux: http.NewServeMux(), services: map[string]*service.Service{}}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	for _, s := range o.Services {
		c.services[s.Name] = s
	}
	c.sessions.open = map[string]*session{}
	c.route()
	return c
}

// Close ends what users run from the pages, before the warehouse closes.
func (c *Console) Close() { c.runs.close() }

// policy lets a page load nothing but from this server, run no script of its own text, and stand in no frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP answers one request.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
	if c.Closed != "" {
		http.Error(w, c.Closed, http.StatusForbidden)
		return
	}
	c.mux.ServeHTTP(w, r)
}
