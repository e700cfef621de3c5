package redshiftdata

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/origin"
)

// status is where a statement is on its way.
type status string

const (
	submitted status = "SUBMITTED"
	picked    status = "PICKED"
	started   status = "STARTED"
	finished  status = "FINISHED"
	failed    status = "FAILED"
	aborted   status = "ABORTED"
)

func (s status) over() bool { return s == finished || s == failed || s == aborted }

// statement is one call of ExecuteStatement or BatchExecuteStatement. The service's mu guards record.
type statement struct {
	record  statementRecord
	session *session                // nil: it has a connection of its own
	cancel  context.CancelCauseFunc // nil until it runs
	done    chan struct{}           // closed when the status is final
	told    status                  // what the observer knows
}

// statementRecord is what of a statement is durable.
type statementRecord struct {
	ID          string
	ClientToken string `json:",omitempty"`
	Request     statementRequest
	Batch       bool `json:",omitempty"`
	CreatedAt   time.Time
	UpdatedAt   time.Time
	PID         int64 `json:",omitempty"`
	// Principal is the ARN of who submitted it.
	Principal string `json:",omitempty"`
	// Origin is what led to it.
	Origin origin.Origin `json:",omitzero"`
	// EventDue says that it has ended and the bus does not have its event.
	EventDue bool `json:",omitempty"`
	// SessionID is the session that the statement uses, or made, and Connection is that of the session.
	SessionID  string     `json:",omitempty"`
	Connection connection `json:",omitzero"`
	outcome
	Parts []part `json:",omitempty"` // of a batch
}

// statementRequest is what of a request decides what is done: the same ClientToken must come with the same.
type statementRequest struct {
	connection
	Sqls          []string
	Parameters    []sqlParameter `json:",omitempty"`
	StatementName string         `json:",omitempty"`
	ResultFormat  string         `json:",omitempty"`
	ExecutionMode string         `json:",omitempty"`
	SessionID     string         `json:",omitempty"`
	KeepAlive     *int64         `json:",omitempty"` // seconds
	WithEvent     bool           `json:",omitempty"`
}

const (
	formatJSON = "JSON"
	formatCSV  = "CSV"

	// The ExecutionModes: the statements of a batch commit together, or each alone.
	transaction = "TRANSACTION"
	autoCommit  = "AUTO_COMMIT"
)

// format returns the ResultFormat, which is JSON unless the request says otherwise.
func (r *statementRequest) format() string { return cmp.Or(r.ResultFormat, formatJSON) }

// to returns whom the statement connects as, and to what.
func (r *statementRecord) to() connection {
	if r.SessionID != "" {
		return r.Connection
	}
	return r.Request.connection
}

// outcome is how a statement, or a part of a batch, went.
type outcome struct {
	Status       status
	Error        string        `json:",omitempty"`
	Duration     time.Duration `json:",omitempty"`
	HasResultSet bool          `json:",omitempty"`
	ResultRows   int64
	ResultSize   int64
	QueryID      int64
	Columns      []columnMetadata `json:",omitempty"`
	Pages        int              `json:",omitempty"`
}

// part is one statement of a batch.
type part struct {
	outcome
	CreatedAt, UpdatedAt time.Time
}

// unknown is an outcome of which nothing is known but the status.
func unknown(s status) outcome {
	return outcome{Status: s, Duration: -1, ResultRows: -1, ResultSize: -1}
}

func (r *statementRecord) parameters() map[string]string {
	values := make(map[string]string, len(r.Request.Parameters))
	for _, p := range r.Request.Parameters {
		values[p.Name] = p.Value
	}
	return values
}

// split takes an id apart: the statement's and the number of the part, 0 for the whole.
func split(id string) (whole string, number int) {
	whole, suffix, _ := strings.Cut(id, ":")
	number, _ = strconv.Atoi(suffix)
	return whole, number
}

func partID(whole string, number int) string { return whole + ":" + strconv.Itoa(number) }

// update changes a record in memory only.
func (s *Service) update(st *statement, change func(*statementRecord)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := st.told
	change(&st.record)
	st.record.UpdatedAt = s.now().UTC()
	if st.told = st.record.Status; st.told != before && s.observe != nil {
		s.observe(st.record.ID, st.record.news())
	}
}

// save changes a record and makes it durable.
func (s *Service) save(st *statement, change func(*statementRecord)) error {
	s.update(st, change)
	return s.put(st)
}

// put makes a record durable as it is.
func (s *Service) put(st *statement) error {
	s.mu.Lock()
	body, err := json.Marshal(st.record)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	// The work must be recorded although nobody waits for it any more.
	return s.records.Put(context.Background(), statementKind, st.record.ID, body)
}

// newestFirst returns all statements in the order of ListStatements.
func (s *Service) newestFirst() []*statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*statement, 0, len(s.statements))
	for _, st := range s.statements {
		all = append(all, st)
	}
	slices.SortFunc(all, func(a, b *statement) int {
		return cmp.Or(b.record.CreatedAt.Compare(a.record.CreatedAt), cmp.Compare(a.record.ID, b.record.ID))
	})
	return all
}

// find returns a copy of a statement's record and the number of the part that the id names.
func (s *Service) find(id string) (statementRecord, int, error) {
	whole, number := split(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	st, ok := s.statements[whole]
	if !ok || s.now().Sub(st.record.CreatedAt) > retention || number > len(st.record.Parts) || strings.HasSuffix(id, ":") || id != whole && number == 0 {
		return statementRecord{}, 0, missing(id, "Query does not exist.")
	}
	r := st.record
	r.Parts = slices.Clone(r.Parts)
	return r, number, nil
}

// findOver is find after a wait for the statement's end, if the caller wants to wait.
func (s *Service) findOver(ctx context.Context, id string, patience *int64) (statementRecord, int, error) {
	whole, _ := split(id)
	s.mu.Lock()
	st, ok := s.statements[whole]
	s.mu.Unlock()
	if ok && patience != nil {
		s.await(ctx, st, *patience)
	}
	return s.find(id)
}

// purge forgets what is older than the retention, at most once an hour.
func (s *Service) purge(ctx context.Context) error {
	s.mu.Lock()
	now := s.now()
	var old []statementRecord
	if now.Sub(s.purged) > time.Hour {
		s.purged = now
		for id, st := range s.statements {
			if st.record.Status.over() && now.Sub(st.record.CreatedAt) > retention {
				old = append(old, st.record)
				delete(s.statements, id)
				if s.tokens[st.record.ClientToken] == st {
					delete(s.tokens, st.record.ClientToken)
				}
			}
		}
		for id, n := range s.sessions {
			if n.closed && now.Sub(n.updated) > retention {
				delete(s.sessions, id)
			}
		}
	}
	s.mu.Unlock()
	for _, r := range old {
		if err := s.forget(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) forget(ctx context.Context, r statementRecord) error {
	ids := map[string]int{r.ID: r.Pages}
	for i, p := range r.Parts {
		ids[partID(r.ID, i+1)] = p.Pages
	}
	for id, pages := range ids {
		for number := range pages {
			if err := s.records.Delete(ctx, pageKind, pageID(id, number)); err != nil {
				return err
			}
		}
	}
	return s.records.Delete(ctx, statementKind, r.ID)
}
