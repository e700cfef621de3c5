package console

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse"
)

const (
	// keptRuns is how many runs of the SQL page are remembered, and busyRuns how many of one user may run at a time.
	keptRuns = 100
	busyRuns = 4
	// The most that is kept of one run: results, rows of each, bytes of all on a page, notices of each.
	keptResults = 100
	keptRows    = 500
	keptBytes   = 600 << 10
	keptNotices = 100
	// headMarkup is about how many bytes the head of a column takes on a page.
	headMarkup = 70
)

// sqlRuns are the texts that users have run from the SQL page, the newest last. They end with the process.
type sqlRuns struct {
	mu   sync.Mutex
	all  []*sqlRun
	busy sync.WaitGroup
}

// sqlRun is a text on its way, and what it has answered. It is its own sink.
type sqlRun struct {
	id, user string
	text     string
	planned  bool // only the plan is asked for
	readOnly bool
	started  time.Time
	limit    time.Duration
	cancel   context.CancelFunc
	ended    chan struct{}
	stopped  atomic.Bool

	mu      sync.Mutex
	results []sqlResult
	more    int
	plan    []string
	// open is the result of the statement that runs, since when, and room how many bytes of a page may still be kept.
	open  sqlResult
	since time.Time
	room  int
	took  time.Duration
	err   error
}

// sqlResult is what one statement answered.
type sqlResult struct {
	warehouse.Result
	took    time.Duration
	notices []view.Notice
	grid    *view.Grid
}

// find returns a user's run, nil when it is not remembered.
func (s *sqlRuns) find(user, id string) *sqlRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, run := range slices.Backward(s.all) {
		if run.user == user && run.id == id {
			return run
		}
	}
	return nil
}

// add makes room for a run. Error: Throttled.
func (s *sqlRuns) add(run *sqlRun) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	busy := 0
	for _, other := range s.all {
		if other.user == run.user && other.running() {
			busy++
		}
	}
	if busy >= busyRuns {
		return fault.New(fault.Throttled, "%d of your texts run already: wait for one or cancel it", busy)
	}
	if len(s.all) >= keptRuns {
		at := max(0, slices.IndexFunc(s.all, func(r *sqlRun) bool { return !r.running() }))
		s.all[at].cancel()
		s.all = slices.Delete(s.all, at, at+1)
	}
	s.all = append(s.all, run)
	s.busy.Add(1)
	return nil
}

// close ends all runs and waits for them.
func (s *sqlRuns) close() {
	s.mu.Lock()
	for _, run := range s.all {
		run.cancel()
	}
	s.mu.Unlock()
	s.busy.Wait()
}

// startSQL runs a text on a session of its own, in the background: a page that is left does not end it.
func (c *Console) startSQL(r *request, text string, limit time.Duration, planned bool) (*sqlRun, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), limit)
	run := &sqlRun{
		id: rand.Text(), user: r.session.user, text: text, planned: planned, readOnly: r.readsOnly(), started: c.Now(), limit: limit, cancel: cancel,
		ended: make(chan struct{}), room: keptBytes, since: time.Now(),
	}
	if err := c.runs.add(run); err != nil {
		cancel()
		return nil, err
	}
	ctx = origin.With(ctx, origin.Origin{Client: "console", Address: r.RemoteAddr})
	go func() {
		defer c.runs.busy.Done()
		defer cancel()
		err := c.runSQL(ctx, r.warehouseUser(), run)
		run.end(err, c.Now())
	}()
	return run, nil
}

func (c *Console) runSQL(ctx context.Context, user string, run *sqlRun) error {
	if run.planned {
		plan, err := c.Warehouse.Plan(ctx, run.text)
		run.mu.Lock()
		defer run.mu.Unlock()
		run.plan = plan
		return err
	}
	session, err := c.Warehouse.Session(ctx, warehouse.SessionConfig{User: user, ReadOnly: run.readOnly})
	if err != nil {
		return err
	}
	err = session.Run(ctx, run.text, warehouse.Run{}, run)
	switch {
	case err == nil:
	case run.stopped.Load():
		err = fault.New(fault.Unavailable, "canceled by you").WithCode("57014")
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fault.New(fault.Unavailable, "stopped by the time limit of %s", run.limit).WithCode("57014")
	}
	return errors.Join(err, session.Close())
}

func (s *sqlRun) end(err error, now time.Time) {
	s.mu.Lock()
	s.err, s.took = err, now.Sub(s.started)
	s.mu.Unlock()
	close(s.ended)
}

func (s *sqlRun) running() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// stop ends the run because its user wants it.
func (s *sqlRun) stop() {
	s.stopped.Store(true)
	s.cancel()
}

// wait gives a short run time to end.
func (s *sqlRun) wait(ctx context.Context, most time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	select {
	case <-s.ended:
	case <-ctx.Done():
	}
}

// Columns begins a result.
func (s *sqlRun) Columns(columns []warehouse.Column) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	grid := &view.Grid{}
	if s.room >= 0 {
		grid.Columns = gridColumns(columns)
		s.room -= headMarkup * len(columns)
	}
	s.open.Result.Columns, s.open.grid = columns, grid
	return nil
}

// Row keeps a row while there is room.
func (s *sqlRun) Row(values []any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	grid := s.open.grid
	if len(grid.Rows) >= keptRows || s.room < 0 {
		grid.Total++
		return nil
	}
	s.room = grid.Add(gridRow(s.open.Result.Columns, values), s.room)
	return nil
}

// Notice keeps a message while there is room.
func (s *sqlRun) Notice(n warehouse.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open.notices) < keptNotices && s.room >= 0 {
		notice := view.Notice{Level: string(n.Level), Text: oneLine(n.Message)}
		s.room -= len(notice.Text)
		s.open.notices = append(s.open.notices, notice)
	}
}

// Done ends one statement.
func (s *sqlRun) Done(r warehouse.Result) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	columns := s.open.Result.Columns
	s.open.Result = r
	s.open.Result.Columns = columns
	now := time.Now()
	s.open.took, s.since = now.Sub(s.since), now
	if len(s.results) < keptResults {
		s.results = append(s.results, s.open)
	} else {
		s.more++
	}
	s.open = sqlResult{}
	return nil
}
