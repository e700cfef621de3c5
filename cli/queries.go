package cli

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// openLedger opens the record of what executions set going.
func (l *local) openLedger(ctx context.Context, store kv.Store) (err error) {
	l.ledger, err = origin.OpenLedger(ctx, store, func(err error) { l.logger.Warn("keep what executions set going", "error", err) })
	if err != nil {
		return err
	}
	l.closers = append(l.closers, func() error { l.ledger.Close(); return nil })
	return nil
}

// unrecorded says that the record of statements has gaps.
func (l *local) unrecorded(missing int64, err error) {
	switch {
	case l.logger == nil:
	case err != nil:
		l.logger.Warn("the record of statements cannot be stored; the statements go on", "error", err)
	default:
		l.logger.Info("the record of statements is stored again", "missing", missing)
	}
}

// queryNews is what the event stream tells about a statement. Its text is not there, because it may be long.
type queryNews struct {
	Timestamp  time.Time      `json:"timestamp"`
	Type       string         `json:"type"`
	QueryID    int64          `json:"queryId"`
	Status     string         `json:"status"`
	Kind       string         `json:"kind,omitempty"`
	User       string         `json:"user"`
	Database   string         `json:"database"`
	Error      string         `json:"error,omitempty"`
	Duration   time.Duration  `json:"duration,omitempty"` // in nanoseconds
	ResultRows *int64         `json:"resultRows,omitempty"`
	Origin     *origin.Origin `json:"origin,omitempty"`
}

var queryTypes = map[querylog.Status]string{
	querylog.Running: "StatementStarted", querylog.Succeeded: "StatementFinished", querylog.Failed: "StatementFailed",
	querylog.Canceled: "StatementAborted",
}

// observeQuery puts the statements of clients into the event stream. Those of the Data API are there under their own ids.
func (l *local) observeQuery(q querylog.Query) {
	if l.events == nil || q.Origin.Statement != "" {
		return
	}
	news := queryNews{
		Timestamp: q.Started, Type: queryTypes[q.Status], QueryID: q.ID, Status: string(q.Status), Kind: q.Kind, User: q.User, Database: q.Database,
		Error: q.Error,
	}
	if q.Status != querylog.Running {
		news.Timestamp, news.Duration, news.ResultRows = q.Ended, q.Ended.Sub(q.Started), &q.Rows
	}
	if q.Origin != (origin.Origin{}) {
		news.Origin = &q.Origin
	}
	text, _ := json.Marshal([]queryNews{news}) // texts, numbers and times only
	l.events.Add(event.Entry{Kind: event.Statement, Source: "query:" + strconv.FormatInt(q.ID, 10), Items: text})
}
