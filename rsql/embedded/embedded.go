// Package embedded lets scripts run on Stepwell's own warehouse: it makes a warehouse session an rsql.Session.
//
//	session, err := embedded.Open(ctx, w, warehouse.SessionConfig{User: "etl"})
package embedded

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/warehouse"
)

// Session is a session of a warehouse.
type Session struct {
	ctx     context.Context
	session *warehouse.Session
	peer    rsql.Peer
}

// Open opens a session. Its statements end when ctx does.
func Open(ctx context.Context, w *warehouse.Warehouse, c warehouse.SessionConfig) (*Session, error) {
	session, err := w.Session(ctx, c)
	if err != nil {
		return nil, err
	}
	s := &Session{ctx: ctx, session: session, peer: rsql.Peer{User: c.User, Version: "8.0.2", Redshift: true}}
	var names warehouse.Collector
	if err := session.Run(ctx, "select current_database(), current_user", warehouse.Run{Unrecorded: true}, &names); err != nil {
		return nil, errors.Join(err, session.Close())
	}
	answer := names.Answers[0]
	s.peer.Database, _ = warehouse.Text(answer.Columns[0], answer.Values[0][0])
	s.peer.User, _ = warehouse.Text(answer.Columns[1], answer.Values[0][1])
	return s, nil
}

// Peer describes the warehouse.
func (s *Session) Peer() rsql.Peer { return s.peer }

// InBlock reports whether a transaction block is open.
func (s *Session) InBlock() bool { return s.session.State() != warehouse.Idle }

// Close rolls back what is open.
func (s *Session) Close() error { return s.session.Close() }

// Execute runs a text of statements. An error is an *rsql.Failure, also one of the context's end.
func (s *Session) Execute(text string, answers rsql.Answers) error {
	err := s.session.Run(s.ctx, text, warehouse.Run{}, &sink{answers: answers})
	if err == nil {
		return nil
	}
	return failure(err, text)
}

// codes are the SQLSTATEs of faults that have none of their own.
var codes = map[fault.Kind]string{
	fault.Invalid: "22023", fault.Unsupported: "0A000", fault.NotFound: "42704", fault.Conflict: "55000", fault.Denied: "42501",
	fault.Throttled: "53000", fault.Unavailable: "58000",
}

func failure(err error, text string) *rsql.Failure {
	out := &rsql.Failure{Severity: "ERROR", Code: fault.CodeOf(err), Message: err.Error()}
	var f *fault.Fault
	if errors.As(err, &f) {
		if out.Code == "" {
			out.Code = codes[f.Kind]
		}
		out.Message = f.At(fault.Position{}).Error()
		out.Position = position(f, text)
	}
	if out.Code == "" {
		out.Code = "XX000"
	}
	var inside *plpgsql.Failure
	if errors.As(err, &inside) {
		out.Context, out.Position = strings.Join(inside.Context, "\n"), 0
	}
	return out
}

// position counts the characters up to a fault. The start of a text is what the warehouse says of a fault without a place.
func position(f *fault.Fault, text string) int {
	at := f.Position
	if !at.IsValid() || at.Line == 1 && at.Column == 1 && f.Code != "42601" {
		return 0
	}
	before, rest := 0, text
	for range at.Line - 1 {
		line, behind, found := strings.Cut(rest, "\n")
		if !found {
			return 0
		}
		before, rest = before+utf8.RuneCountInString(line)+1, behind
	}
	return before + max(at.Column, 1)
}

// sink collects the answer of each statement.
type sink struct {
	answers rsql.Answers
	columns []warehouse.Column
	answer  rsql.Answer
}

// Columns begins an answer of rows.
func (s *sink) Columns(columns []warehouse.Column) error {
	s.columns = columns
	s.answer = rsql.Answer{HasRows: true}
	for _, c := range columns {
		s.answer.Columns = append(s.answer.Columns, report.Column{Name: c.Name, Right: isNumber(c.Type)})
	}
	return nil
}

func isNumber(kind string) bool {
	switch kind {
	case "int2", "int4", "int8", "float4", "float8", "numeric", "oid":
		return true
	}
	return false
}

// Row keeps one row as text.
func (s *sink) Row(values []any) error {
	row := make([]report.Cell, len(values))
	for i, v := range values {
		text, ok := warehouse.Text(s.columns[i], v)
		row[i] = report.Cell{Text: text, Null: !ok}
	}
	s.answer.Rows = append(s.answer.Rows, row)
	return nil
}

// Notice hands a message on.
func (s *sink) Notice(n warehouse.Notice) {
	s.answers.Notice(rsql.Notice{Level: string(n.Level), Message: n.Message})
}

// Done hands the answer on.
func (s *sink) Done(r warehouse.Result) error {
	s.answer.Tag, s.answer.Count = r.Tag, max(r.Rows, 0)
	s.answer.HasRows = r.Columns != nil
	s.answers.Answer(s.answer)
	s.answer = rsql.Answer{}
	return nil
}
