package warehouse

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/load"
)

// loading is one COPY while it runs, and what is known of it for the load tables.
type loading struct {
	query, session, copyJob int64
	table                   syntax.Name
	schema                  string
	source, format          string
	started                 time.Time
	progress                load.Progress
	outcome                 load.Outcome
}

// loads are the COPY statements that run now.
type loads struct {
	mu      sync.Mutex
	running []*loading
}

func (r *loads) begin(s *Session, j *job, c *syntax.Copy, plan *load.Plan, copyJob int64) *loading {
	l := &loading{query: j.id, session: s.pid, copyJob: copyJob, table: c.Target, schema: s.schemaOf(c.Target), source: c.From, format: plan.Format(),
		started: time.Now().UTC()}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = append(r.running, l)
	return l
}

func (r *loads) end(l *loading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = slices.DeleteFunc(r.running, func(other *loading) bool { return other == l })
}

func (r *loads) all() []*loading {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.running)
}

// Loading tells how far a running COPY is.
type Loading struct {
	QueryID int64
	PID     int64 // of its session
	Table   string
	Started time.Time
	load.Done
}

// Left estimates how long the COPY will still run, by the part of the bytes that is read. ok is false as long as nothing
// is known.
func (l Loading) Left(now time.Time) (d time.Duration, ok bool) {
	spent := now.Sub(l.Started)
	if l.Read <= 0 || l.Size < l.Read || spent <= 0 {
		return 0, false
	}
	return time.Duration(float64(spent) * float64(l.Size-l.Read) / float64(l.Read)), true
}

// Loads returns the COPY statements that run now, in the order in which they began.
func (w *Warehouse) Loads() []Loading {
	var list []Loading
	for _, l := range w.loads.all() {
		list = append(list, Loading{QueryID: l.query, PID: l.session, Table: l.table.Name, Started: l.started, Done: l.progress.Done()})
	}
	return list
}

// loadState is a row of stv_load_state, with what sys_load_history shows beside it while the load runs.
type loadState struct {
	Query      int64  `json:"query"`
	Session    int64  `json:"session"`
	RecordTime string `json:"recordtime"`
	Started    string `json:"started"`
	Size       int64  `json:"size"`
	Plain      int64  `json:"plain"`
	Read       int64  `json:"bytes_read"`
	Lines      int64  `json:"lines"`
	Rows       int64  `json:"loaded"`
	Files      int64  `json:"files"`
	FilesDone  int64  `json:"files_done"`
	File       string `json:"current_file"`
	Table      string `json:"table_name"`
	Source     string `json:"source"`
	Format     string `json:"format"`
	CopyJob    int64  `json:"copy_job"`
}

const timestampForm = "2006-01-02 15:04:05.999999"

// showLoads tells a query that reads the running loads what they are now: they stand in a variable of its connection.
func (s *Session) showLoads(ctx context.Context, query string) error {
	query = strings.ToLower(query)
	if !strings.Contains(query, "stv_load_state") && !strings.Contains(query, "sys_load_history") {
		return nil
	}
	states := []loadState{}
	for _, l := range s.warehouse.loads.all() {
		done := l.progress.Done()
		states = append(states, loadState{Query: l.query, Session: l.session, RecordTime: time.Now().UTC().Format(timestampForm),
			Started: l.started.Format(timestampForm), Size: done.Size, Plain: done.Plain, Read: done.Read, Lines: done.Lines, Rows: done.Rows,
			Files: done.Files, FilesDone: done.FilesDone, File: done.File, Table: l.table.Name, Source: l.source, Format: l.format, CopyJob: l.copyJob})
	}
	text, err := json.Marshal(states)
	if err != nil {
		return err
	}
	return s.conn.Set(ctx, "loads", string(text))
}
