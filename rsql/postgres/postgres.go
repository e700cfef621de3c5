// Package postgres lets scripts run on PostgreSQL, on Amazon Redshift and on Stepwell's own PostgreSQL port: it is an
// rsql.Session over pgx's connection, with the simple protocol, in which the server writes every value as text.
//
// Tested against PostgreSQL 15 and against Stepwell's port. COPY FROM STDIN and TO STDOUT are refused: the rows would have
// to go through the script.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/report"
)

// Session is a connection.
type Session struct {
	ctx     context.Context
	conn    *pgconn.PgConn
	peer    rsql.Peer
	answers rsql.Answers
}

// Connect connects with a connection string or URL as libpq knows them; what it leaves out comes from the environment (PGHOST,
// PGUSER, PGPASSWORD …), the service file and the password file. Statements end when ctx does.
func Connect(ctx context.Context, info string) (*Session, error) {
	config, err := pgconn.ParseConfig(info)
	if err != nil {
		return nil, errors.New(withoutSecret(err))
	}
	s := &Session{ctx: ctx}
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if s.answers != nil {
			s.answers.Notice(rsql.Notice{Level: n.Severity, Message: n.Message, Detail: n.Detail, Hint: n.Hint})
		}
	}
	if s.conn, err = pgconn.ConnectConfig(ctx, config); err != nil {
		return nil, refusal(config, err)
	}
	s.peer = rsql.Peer{Database: config.Database, User: config.User, Host: config.Host, Port: strconv.Itoa(int(config.Port)),
		Version: s.conn.ParameterStatus("server_version")}
	s.peer.Redshift = s.conn.ParameterStatus("padb_version") != "" || strings.HasPrefix(s.peer.Version, "8.0.2")
	return s, nil
}

// withoutSecret returns the reason why a connection string cannot be read, which the error tells behind the string.
func withoutSecret(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return "the connection string cannot be read: " + inner.Error()
	}
	return "the connection string cannot be read"
}

// refusal words a failed connection as libpq does.
func refusal(config *pgconn.Config, err error) error {
	where := fmt.Sprintf("at %q, port %d", config.Host, config.Port)
	if strings.HasPrefix(config.Host, "/") {
		where = fmt.Sprintf("on socket %q", fmt.Sprintf("%s/.s.PGSQL.%d", config.Host, config.Port))
	}
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return fmt.Errorf("connection to server %s failed: %s:  %s", where, answer.Severity, answer.Message)
	}
	return fmt.Errorf("connection to server %s failed: %w", where, innermost(err))
}

// innermost leaves out what the network's errors say of the address, which stands in front already.
func innermost(err error) error {
	var call *os.SyscallError
	var name *net.DNSError
	switch {
	case errors.As(err, &call):
		return call.Err
	case errors.As(err, &name):
		return name
	}
	return err
}

// Peer describes the server.
func (s *Session) Peer() rsql.Peer { return s.peer }

// InBlock reports whether a transaction block is open, also one that failed.
func (s *Session) InBlock() bool { return s.conn.TxStatus() != 'I' }

// Close ends the connection, which rolls back what is open.
func (s *Session) Close() error { return s.conn.Close(context.WithoutCancel(s.ctx)) }

// Execute runs a text of statements.
func (s *Session) Execute(text string, answers rsql.Answers) error {
	if throughScript(text) {
		return &rsql.Failure{Severity: "ERROR", Code: "0A000", Message: "COPY FROM STDIN and COPY TO STDOUT are not supported in scripts"}
	}
	s.answers = answers
	defer func() { s.answers = nil }()
	results := s.conn.Exec(s.ctx, text)
	for results.NextResult() {
		if err := one(results.ResultReader(), answers); err != nil {
			_ = results.Close()
			return failure(err)
		}
	}
	return failure(results.Close())
}

// throughScript recognizes a COPY whose rows go through the client.
func throughScript(text string) bool {
	fields := strings.Fields(strings.ToUpper(strings.TrimRight(text, "; \n")))
	if len(fields) == 0 || fields[0] != "COPY" {
		return false
	}
	for i, field := range fields[1:] {
		if (field == "STDIN" || field == "STDOUT") && (fields[i] == "FROM" || fields[i] == "TO") {
			return true
		}
	}
	return false
}

func one(result *pgconn.ResultReader, answers rsql.Answers) error {
	var a rsql.Answer
	fields := result.FieldDescriptions()
	for _, f := range fields {
		a.Columns = append(a.Columns, report.Column{Name: f.Name, Right: isNumber(f.DataTypeOID)})
	}
	for result.NextRow() {
		row := make([]report.Cell, len(fields))
		for i, v := range result.Values() {
			row[i] = report.Cell{Text: string(v), Null: v == nil}
		}
		a.Rows = append(a.Rows, row)
	}
	tag, err := result.Close()
	if err != nil {
		return err
	}
	a.Tag, a.Count = tag.String(), tag.RowsAffected()
	a.HasRows = fields != nil
	answers.Answer(a)
	return nil
}

func isNumber(oid uint32) bool {
	switch oid {
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.Float4OID, pgtype.Float8OID, pgtype.NumericOID, pgtype.OIDOID,
		pgtype.XIDOID, pgtype.XID8OID, pgtype.CIDOID, moneyOID:
		return true
	}
	return false
}

// moneyOID is the type that pgtype has no name for.
const moneyOID = 790

// failure turns an answer of the server into an *rsql.Failure; other errors stay, for the connection is gone.
func failure(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Severity == "FATAL" {
		return err
	}
	return &rsql.Failure{Severity: e.Severity, Code: e.Code, Message: e.Message, Detail: e.Detail, Hint: e.Hint, Context: e.Where,
		Position: int(e.Position), Location: fmt.Sprintf("%s, %s:%d", e.Routine, e.File, e.Line)}
}
