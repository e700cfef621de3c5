package warehouse

import (
	"context"

	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// call runs CALL. Outside a block the procedure opens and ends its transactions itself; a conflict with other sessions
// starts it again as long as it has committed nothing.
func (s *Session) call(ctx context.Context, j *job, c *syntax.Call) error {
	j.result.Tag = "CALL"
	var answer plpgsql.Result
	run := func(needed demand) (err error) {
		j.notices, j.wrote, j.marked = nil, false, false
		answer, err = plpgsql.Call(&host{ctx: ctx, session: s, job: j, needed: needed}, c.Text, c.Position, s.block)
		return err
	}
	s.calls++
	err := s.inOrAlone(ctx, run)
	s.calls--
	if err == nil {
		err = s.markCall(ctx, j)
	}
	if err != nil {
		s.rollback()
		s.aborted = s.block
		return err
	}
	return s.answer(j, answer)
}

// inOrAlone runs a procedure in the open block, or in transactions of its own.
func (s *Session) inOrAlone(ctx context.Context, run func(needed demand) error) error {
	if !s.block {
		return s.retry(ctx, run)
	}
	if s.tx == nil {
		s.open()
	}
	return run(nil)
}

// markCall marks a procedure that had no last transaction of its own: in the block that it belongs to, or in another one
// behind its last statement.
func (s *Session) markCall(ctx context.Context, j *job) error {
	switch {
	case j.marked || j.mark.token == "" || !j.wrote:
		return nil
	case s.tx != nil:
		return s.writeMark(ctx, j.mark, j.result)
	}
	return s.alone(ctx, func() error { return s.writeMark(ctx, j.mark, j.result) })
}

// answer sends the row of OUT arguments.
func (s *Session) answer(j *job, r plpgsql.Result) error {
	if r.Columns == nil {
		return nil
	}
	rows := &memoryRows{}
	for _, c := range r.Columns {
		column, err := columnOfType(c.Name, c.Type)
		if err != nil {
			return err
		}
		rows.columns = append(rows.columns, column)
	}
	for _, row := range r.Rows {
		values := make([]any, len(row))
		for i, v := range row {
			values[i] = valueOf(rows.columns[i], v)
		}
		rows.values = append(rows.values, values)
	}
	return s.stream(rows, j, -1, "CALL")
}

// host carries out what a procedure asks for.
type host struct {
	ctx     context.Context
	session *Session
	job     *job
	// needed are locks to take at the first Begin, because a try before fell into a conflict.
	needed demand
}

func (h *host) Query(sql string) (plpgsql.Result, error) {
	script, err := parse(sql, Run{})
	if err != nil {
		return plpgsql.Result{}, err
	}
	kept := &gathered{}
	for _, statement := range script {
		*kept = gathered{}
		if err := h.run(statement, kept); err != nil {
			return plpgsql.Result{}, err
		}
	}
	return kept.result, nil
}

func (h *host) run(statement syntax.Statement, kept *gathered) error {
	inner := &job{statement: statement, sink: kept, id: h.job.id, result: Result{Rows: -1}}
	do := func(ctx context.Context) error { return h.carryOut(ctx, inner, kept) }
	var err error
	if isWork(statement) {
		h.job.inner++
		inner.id, inner.parent, inner.fleeting = h.session.warehouse.queries.Number(), h.job.id, h.job.inner > manyInner
		err = h.session.record(h.ctx, inner, do)
	} else {
		err = do(h.ctx)
	}
	h.job.wrote = h.job.wrote || inner.wrote
	h.job.notices = append(h.job.notices, inner.notices...)
	kept.result.Changed = max(inner.result.Rows, 0)
	return err
}

// carryOut executes a statement in the open transaction, or in one of its own.
func (h *host) carryOut(ctx context.Context, inner *job, kept *gathered) error {
	s := h.session
	if s.tx != nil {
		return s.execute(ctx, inner)
	}
	committed := s.irrevocable
	err := s.alone(ctx, func() error {
		inner.notices, inner.wrote = nil, false
		*kept = gathered{}
		return s.execute(ctx, inner)
	})
	s.irrevocable = committed || err == nil && inner.wrote
	return err
}

func (h *host) Begin() error {
	h.session.open()
	needed := h.needed
	h.needed = nil
	return h.session.acquire(h.ctx, needed)
}

func (h *host) Commit() error {
	err := h.session.commit(h.ctx)
	if err == nil {
		h.session.irrevocable = true
	}
	return err
}

// Finish commits the last transaction with the mark that the call is done.
func (h *host) Finish() error {
	j := h.job
	if j.mark.token != "" && j.wrote {
		if err := h.session.writeMark(h.ctx, j.mark, j.result); err != nil {
			return err
		}
		j.marked = true
	}
	return h.session.commit(h.ctx)
}

func (h *host) Rollback() error {
	h.session.rollback()
	return nil
}

func (h *host) Procedures(schema, name string) ([]*plpgsql.Procedure, error) {
	rows, err := h.session.definitions(h.ctx, syntax.Name{Schema: schema, Name: name})
	if err != nil {
		return nil, err
	}
	list := make([]*plpgsql.Procedure, len(rows))
	for i, row := range rows {
		if list[i], err = h.session.warehouse.procedures.load(row[0].(string)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (h *host) Set(parameter, value string) (string, error) {
	previous := h.session.settings[parameter]
	return previous, h.session.set(h.ctx, parameter, value)
}

func (h *host) Notice(n plpgsql.Notice) { h.job.notice(Level(n.Level), n.Message) }

func (h *host) Interrupted() error {
	if err := h.ctx.Err(); err != nil {
		return cancelled(err)
	}
	return nil
}

// gathered is the Sink for a statement of a procedure: it keeps the answer as text.
type gathered struct {
	columns []Column
	result  plpgsql.Result
}

func (g *gathered) Columns(columns []Column) error {
	g.columns = columns
	g.result.Columns = make([]plpgsql.Column, len(columns))
	for i, c := range columns {
		g.result.Columns[i] = plpgsql.Column{Name: c.Name, Type: c.declared().String()}
	}
	return nil
}

func (g *gathered) Row(values []any) error {
	row := make([]plpgsql.Value, len(values))
	for i, v := range values {
		text, ok := Text(g.columns[i], v)
		row[i] = plpgsql.Value{Text: text, Null: !ok}
	}
	g.result.Rows = append(g.result.Rows, row)
	return nil
}

func (g *gathered) Notice(Notice) {}

func (g *gathered) Done(Result) error { return nil }
