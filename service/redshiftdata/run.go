package redshiftdata

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse"
)

var (
	// errCancelled is why a statement ends that CancelStatement was called for.
	errCancelled = errors.New("cancelled")
	// errTooLong is why a statement ends that would not end.
	errTooLong = fault.New(fault.Throttled, "Query exceeded the maximum duration of a statement")
)

// interrupted reports whether a statement was ended by somebody's will, which is no error of its own.
func interrupted(ctx context.Context) bool {
	return ctx.Err() != nil && !errors.Is(context.Cause(ctx), errTooLong)
}

// run sets a statement going.
func (s *Service) run(st *statement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	var ctx context.Context
	from := st.record.Origin
	from.Statement = st.record.ID
	ctx, st.cancel = context.WithCancelCause(origin.With(s.working, from))
	s.work.Go(func() {
		defer st.cancel(nil)
		s.attend(ctx, st)
	})
}

// attend takes a statement from SUBMITTED to its end.
func (s *Service) attend(ctx context.Context, st *statement) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		s.finish(ctx, st, ctx.Err())
		return
	}
	s.enterStatus(st, picked)
	err := s.perform(ctx, st)
	s.finish(ctx, st, err)
}

// enterStatus is not durable: after a crash the statement begins again anyway.
func (s *Service) enterStatus(st *statement, to status) {
	s.update(st, func(r *statementRecord) { r.Status = to })
}

// await returns when a statement is over, the time is, or nobody waits any more.
func (s *Service) await(ctx context.Context, st *statement, patience int64) {
	ctx, stop := context.WithTimeout(ctx, seconds(patience))
	defer stop()
	select {
	case <-st.done:
	case <-ctx.Done():
	case <-s.working.Done():
	}
}

// perform runs the statement on its connection.
func (s *Service) perform(ctx context.Context, st *statement) (err error) {
	session, release, err := s.connect(ctx, st)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	ctx, stop := context.WithTimeoutCause(ctx, s.quotas.duration, errTooLong)
	defer stop()
	begun := s.now()
	s.update(st, func(r *statementRecord) { r.Status, r.PID = started, session.PID() })
	run := warehouse.Run{Parameters: st.record.parameters(), Token: st.record.ID}
	if st.record.Request.ExecutionMode == autoCommit {
		return s.performEach(ctx, st, session, run)
	}
	if st.record.Batch {
		return s.performBatch(ctx, st, session, run)
	}
	sink := s.sink(ctx, st.record.ID)
	err = session.Run(ctx, st.record.Request.Sqls[0], run, sink)
	if err == nil {
		err = sink.flush()
	}
	err = inTime(ctx, err)
	s.update(st, func(r *statementRecord) {
		if err == nil {
			r.outcome = sink.outcome()
		}
		r.Duration, r.Status = s.now().Sub(begun), started
	})
	return err
}

// inTime is the error of what ran, or why it was ended.
func inTime(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), errTooLong) {
		return errTooLong
	}
	return err
}

// finish makes the end of a statement durable. A statement that the closing of the service interrupted has no end yet.
func (s *Service) finish(ctx context.Context, st *statement, err error) {
	cause := context.Cause(ctx)
	if err != nil && errors.Is(cause, errClosed) {
		return
	}
	problem := s.save(st, func(r *statementRecord) {
		if r.Duration < 0 {
			r.Duration = 0
		}
		switch {
		case err == nil:
			r.Status = finished
		case errors.Is(cause, errCancelled):
			r.Status = aborted
			r.abortParts(s.now().UTC())
		default:
			r.Status = failed
			r.Error = errorText(err, r.Request.Sqls[0])
			if r.Batch {
				r.Error = r.batchError(err)
				r.abortParts(s.now().UTC())
			}
		}
		r.EventDue = r.Request.WithEvent
	})
	if problem != nil {
		// In this process the statement ends as failed; the next one finds it unfinished and runs it again.
		s.update(st, func(r *statementRecord) {
			r.Status, r.Error, r.EventDue = failed, "ERROR: record the end of the statement: "+problem.Error(), false
		})
	}
	s.mu.Lock()
	s.active--
	s.leave(st)
	s.mu.Unlock()
	close(st.done)
	s.tell(st)
}

// syntaxError is the SQLSTATE of the errors that tell their place.
const syntaxError = "42601"

// errorText is an error in the words of Redshift's JDBC driver, which the Data API shows.
func errorText(err error, sql string) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return "ERROR: " + err.Error()
	}
	text := f.Message
	if f.Err != nil {
		text = strings.TrimPrefix(text+": "+f.Err.Error(), ": ")
	}
	severity := "ERROR: "
	if f.Code == "3D000" {
		severity = "FATAL: "
	}
	if f.Code == syntaxError && f.Position.IsValid() {
		return fmt.Sprintf("%s%s\n  Position: %d", severity, text, offset(sql, f.Position))
	}
	return severity + text
}

// offset is a position as a count of characters from 1.
func offset(sql string, at fault.Position) int {
	lines := strings.SplitAfter(sql, "\n")
	count := at.Column
	for _, line := range lines[:min(at.Line-1, len(lines))] {
		count += utf8.RuneCountInString(line)
	}
	return count
}
