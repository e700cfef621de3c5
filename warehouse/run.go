package warehouse

import (
	"context"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// Run says how a text is run. The zero value is a plain run.
type Run struct {
	// File names the text in error positions.
	File string
	// Parameters are the values of :name placeholders. Each placeholder must have one; see Placeholders.
	Parameters map[string]string
	// Token marks in each transaction what it did, so that a text run again after a crash with the same token skips the
	// statements already committed (their tags and counts are restored) instead of doing them twice. A procedure is
	// marked behind its last commit, and what acts on temporary tables only is never marked.
	Token string
	// Unrecorded leaves the statements out of the record: they are not the client's.
	Unrecorded bool
}

// Run runs every statement of a text in order and stops at the first error. Outside BEGIN each statement commits alone.
// The whole text is parsed before anything is run.
func (s *Session) Run(ctx context.Context, text string, r Run, sink Sink) error {
	script, err := parse(text, r)
	if err != nil {
		s.Reject(ctx, text, err)
		return err
	}
	return s.run(ctx, script, r, sink)
}

func (s *Session) run(ctx context.Context, script []syntax.Statement, r Run, sink Sink) error {
	for i, statement := range script {
		j := job{statement: statement, sink: sink, id: s.warehouse.queries.Number()}
		if r.Token != "" {
			j.mark = mark{token: r.Token, ordinal: i}
		}
		do := func(ctx context.Context) error { return s.do(ctx, &j) }
		record := s.record
		if r.Unrecorded {
			record = func(ctx context.Context, _ *job, do func(context.Context) error) error { return do(ctx) }
		}
		if err := record(ctx, &j, do); err != nil {
			return located(err, statement.Source(), r.File, j.id)
		}
	}
	return nil
}

// RunBatch runs texts as one transaction, as BatchExecuteStatement does: an error rolls all of them back. sink(i) receives
// the answers of texts[i]. It returns how many texts ended well; on an error that is the index of the failed one, and
// len(texts) means that the final commit failed. A token marks the batch as a whole; ask Warehouse.Done before running it again.
func (s *Session) RunBatch(ctx context.Context, texts []string, r Run, sink func(i int) Sink) (int, error) {
	scripts, err := parseAll(texts, r)
	if err != nil {
		s.Reject(ctx, texts[len(scripts)], err)
		return len(scripts), err
	}
	if s.block || s.aborted {
		return 0, fault.New(fault.Conflict, "the session has an open transaction block").WithCode("25001")
	}
	s.open()
	s.block = true
	defer func() {
		s.rollback()
		s.block, s.aborted = false, false
	}()
	for i, script := range scripts {
		if err := s.run(ctx, script, Run{File: r.File}, sink(i)); err != nil {
			return i, err
		}
	}
	if s.tx == nil {
		return len(texts), nil
	}
	if r.Token != "" {
		if err := s.writeMark(ctx, mark{token: r.Token, ordinal: wholeBatch}, Result{}); err != nil {
			return len(texts), err
		}
	}
	return len(texts), s.commit(ctx)
}

// parseAll reads all texts; on an error the scripts are those before it.
func parseAll(texts []string, r Run) ([][]syntax.Statement, error) {
	var scripts [][]syntax.Statement
	for _, text := range texts {
		script, err := parse(text, r)
		if err != nil {
			return scripts, err
		}
		scripts = append(scripts, script)
	}
	return scripts, nil
}

// job is one statement on its way.
type job struct {
	statement syntax.Statement
	sink      Sink
	mark      mark
	id        int64
	// parent is the CALL that the statement belongs to, inner how many statements of its own a CALL has had, fleeting that there
	// were too many for the record.
	parent   int64
	inner    int
	fleeting bool
	// query is what the record will say.
	query querylog.Query
	// result is filled by what performs the statement.
	result Result
	// wrote says that the statement changed something that outlives the session.
	wrote bool
	// marked says that the mark is written already.
	marked bool
	// notices are kept back while the statement may have to run again.
	notices []Notice
}

func (j *job) notice(level Level, message string) {
	j.notices = append(j.notices, Notice{Level: level, Message: message})
}

func (j *job) flush() {
	for _, n := range j.notices {
		j.query.AddNotice(string(n.Level), n.Message)
		j.sink.Notice(n)
	}
	j.notices = nil
}

// do runs one statement with the transaction that it needs and reports its end.
func (s *Session) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return cancelled(err)
	}
	ctx, stop := s.limit(ctx)
	defer stop()
	source := j.statement.Source()
	j.result = Result{SQL: source.Text, Position: source.Position, Rows: -1, QueryID: j.id}
	restored, err := s.restore(ctx, j)
	if err == nil && !restored {
		err = s.transact(ctx, j)
	}
	j.flush()
	s.lastID = j.id
	if err != nil {
		return err
	}
	return j.sink.Done(j.result)
}

// limit applies the session's statement_timeout, which is in milliseconds.
func (s *Session) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	ms, err := strconv.Atoi(s.settings["statement_timeout"])
	if err != nil || ms <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Duration(ms)*time.Millisecond)
}

// transact puts the statement into the open block, or into a transaction of its own.
func (s *Session) transact(ctx context.Context, j *job) error {
	switch statement := j.statement.(type) {
	case *syntax.Begin:
		return s.beginBlock(j, statement.ReadOnly)
	case *syntax.Commit:
		return s.endBlock(ctx, j, true)
	case *syntax.Rollback:
		return s.endBlock(ctx, j, false)
	case *syntax.CopyJob:
		if statement.Action == "RUN" && !s.aborted {
			return s.runCopyJob(ctx, j, statement)
		}
	case *syntax.Call:
		if s.aborted {
			return errAborted
		}
		return s.call(ctx, j, statement)
	}
	switch {
	case s.aborted:
		return errAborted
	case s.block:
		return s.inBlock(ctx, j)
	}
	return s.alone(ctx, func() error {
		j.notices, j.wrote = nil, false
		return s.perform(ctx, j)
	})
}

var errAborted = fault.New(fault.Conflict,
	"current transaction is aborted, commands ignored until end of transaction block").WithCode("25P02")

// inBlock runs the statement in the open block; an error ends the transaction at once and leaves the block aborted.
func (s *Session) inBlock(ctx context.Context, j *job) error {
	if s.tx == nil {
		s.open()
	}
	err := s.perform(ctx, j)
	if err != nil {
		s.abort()
	}
	return err
}

// perform carries the statement out in the open transaction and marks there that it did.
func (s *Session) perform(ctx context.Context, j *job) error {
	if err := s.execute(ctx, j); err != nil || !j.wrote || j.mark.token == "" || s.tx == nil {
		return err
	}
	return s.writeMark(ctx, j.mark, j.result)
}

func (s *Session) abort() {
	s.rollback()
	s.aborted = true
}

func (s *Session) beginBlock(j *job, readOnly bool) error {
	j.result.Tag = "BEGIN"
	if s.aborted {
		return errAborted
	}
	if s.block {
		j.notice(Warning, "there is already a transaction in progress")
		return nil
	}
	s.open()
	s.tx.readOnly = readOnly
	s.block = true
	return nil
}

func (s *Session) endBlock(ctx context.Context, j *job, keep bool) error {
	j.result.Tag = "ROLLBACK"
	if keep && !s.aborted {
		j.result.Tag = "COMMIT"
	}
	open, aborted := s.block, s.aborted
	s.block, s.aborted = false, false
	switch {
	case !open:
		j.notice(Warning, "there is no transaction in progress")
	case aborted || s.tx == nil:
	case !keep:
		s.rollback()
	default:
		return s.commit(ctx)
	}
	return nil
}
