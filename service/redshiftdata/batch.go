package redshiftdata

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/stepwell/stepwell/warehouse"
)

// performBatch runs all statements of a batch as one transaction.
func (s *Service) performBatch(ctx context.Context, st *statement, session *warehouse.Session, run warehouse.Run) error {
	committed, err := s.warehouse.Done(ctx, st.record.ID)
	if err != nil {
		return err
	}
	if committed { // by a process that died before it could say so; what the statements answered is lost
		s.endParts(st, func(int) outcome { return unknown(finished) })
		return nil
	}
	b := batch{service: s, ctx: ctx, statement: st, begun: s.now()}
	good, err := session.RunBatch(ctx, st.record.Request.Sqls, run, b.sink)
	if err == nil && b.last != nil {
		err = b.end(finished)
	}
	if err = inTime(ctx, err); err != nil && !interrupted(ctx) {
		b.fail(good, err)
	}
	s.update(st, func(r *statementRecord) { r.sum() })
	return err
}

// performEach runs the statements of a batch one by one, each in its own transaction. One that fails stops none of the
// others; the error of the first that failed is the batch's.
func (s *Service) performEach(ctx context.Context, st *statement, session *warehouse.Session, run warehouse.Run) error {
	b := batch{service: s, ctx: ctx, statement: st}
	var first error
	for i, sql := range st.record.Request.Sqls {
		run.Token = partID(st.record.ID, i+1)
		err := session.Run(ctx, sql, run, b.begin(i))
		if err == nil {
			err = b.end(finished)
		}
		if interrupted(ctx) {
			return ctx.Err()
		}
		if err = inTime(ctx, err); err != nil {
			b.update(func(p *part) {
				p.Status, p.Error, p.Duration = failed, errorText(err, sql), s.now().Sub(b.begun)
			})
			first = cmp.Or(first, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	s.update(st, func(r *statementRecord) { r.sum() })
	return first
}

// batch follows which part of a batch runs.
type batch struct {
	service   *Service
	ctx       context.Context
	statement *statement
	number    int // of the part that runs, from 1
	last      *sink
	begun     time.Time
}

// sink is called when a part begins; the part before it has ended well then.
func (b *batch) sink(i int) warehouse.Sink {
	if b.last != nil {
		if err := b.end(finished); err != nil {
			return refusing{err}
		}
	}
	return b.begin(i)
}

func (b *batch) begin(i int) *sink {
	b.number, b.begun = i+1, b.service.now()
	b.last = b.service.sink(b.ctx, partID(b.statement.record.ID, b.number))
	b.update(func(p *part) { p.Status = started })
	return b.last
}

func (b *batch) update(change func(*part)) {
	b.service.update(b.statement, func(r *statementRecord) {
		p := &r.Parts[b.number-1]
		change(p)
		p.UpdatedAt = r.UpdatedAt
	})
}

// end closes the part that runs.
func (b *batch) end(as status) error {
	if err := b.last.flush(); err != nil {
		return err
	}
	b.update(func(p *part) {
		p.outcome = b.last.outcome()
		p.Status, p.Duration = as, b.service.now().Sub(b.begun)
	})
	return nil
}

// fail gives the part that failed its error and takes the later ones back. The earlier ones stay FINISHED although their
// work is undone, as on AWS.
func (b *batch) fail(failedPart int, err error) {
	b.service.update(b.statement, func(r *statementRecord) {
		for i := range r.Parts {
			p := &r.Parts[i]
			switch {
			case i < failedPart && !p.Status.over():
				p.Status = finished
			case i == failedPart:
				p.Status, p.Error = failed, errorText(err, r.Request.Sqls[i])
				p.Duration = b.service.now().Sub(b.begun)
			case i > failedPart:
				p.Status = aborted
			}
			p.UpdatedAt = b.service.now().UTC()
		}
	})
}

// endParts ends every part with an outcome.
func (s *Service) endParts(st *statement, end func(i int) outcome) {
	s.update(st, func(r *statementRecord) {
		for i := range r.Parts {
			r.Parts[i].outcome = end(i)
			r.Parts[i].UpdatedAt = s.now().UTC()
		}
	})
}

// sum gives a batch the sums over its parts.
func (r *statementRecord) sum() {
	r.Duration, r.ResultRows, r.ResultSize, r.HasResultSet = 0, 0, 0, false
	for _, p := range r.Parts {
		r.Duration += max(p.Duration, 0)
		r.ResultRows += max(p.ResultRows, 0)
		r.ResultSize += max(p.ResultSize, 0)
		r.HasResultSet = r.HasResultSet || p.HasResultSet
	}
}

// batchError is the error of a batch: that of the part that failed, with its number.
func (r *statementRecord) batchError(err error) string {
	for i, p := range r.Parts {
		if p.Status == failed {
			return fmt.Sprintf("Query #%d failed with %s", i+1, p.Error)
		}
	}
	return errorText(err, "")
}

// abortParts takes back the parts that have not ended.
func (r *statementRecord) abortParts(now time.Time) {
	for i := range r.Parts {
		if p := &r.Parts[i]; !p.Status.over() {
			p.Status, p.UpdatedAt = aborted, now
		}
	}
}
