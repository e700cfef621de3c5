package pgwire

import (
	"errors"
	"io"
	"net"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/warehouse"
)

var errFunctionCall = fault.New(fault.Unsupported, "calls of functions by the fast path are not supported").WithCode("0A000")

// protocolError is a message that does not fit to those before it.
func protocolError(format string, args ...any) *fault.Fault {
	return fault.Invalidf(format, args...).WithCode("08P01")
}

// states gives faults without a SQLSTATE of their own the nearest one.
var states = map[fault.Kind]string{fault.Invalid: "42000", fault.Unsupported: "0A000", fault.NotFound: "42704", fault.Conflict: "55000",
	fault.Denied: "42501", fault.Throttled: "53000", fault.Unavailable: "58000"}

// fail reports an error. text is what the client sent and offset where in it the statement begins that positions count
// from; without a text no position is given.
func (c *connection) fail(err error, text string, offset int) {
	answer := &pgproto3.ErrorResponse{Severity: "ERROR", Code: fault.CodeOf(err)}
	var f *fault.Fault
	if errors.As(err, &f) {
		if answer.Code == "" {
			answer.Code = states[f.Kind]
		}
		answer.Message = message(f)
		answer.Position = position(f, text, offset)
	} else {
		answer.Message = err.Error()
	}
	if answer.Code == "" {
		answer.Code = "XX000"
	}
	var inside *plpgsql.Failure
	if errors.As(err, &inside) {
		answer.Where = strings.Join(inside.Context, "\n")
		answer.Position = 0
	}
	c.backend.Send(answer)
}

// message is what a fault says without its position, which has a field of its own.
func message(f *fault.Fault) string {
	plain := f.At(fault.Position{})
	if plain.Code == "57014" {
		plain.Err = nil // that a context ended tells the client nothing
	}
	return plain.Error()
}

// position counts characters from 1, which is how the protocol counts; 0 is unknown. The start of a statement is what the
// warehouse says of errors that have no place.
func position(f *fault.Fault, text string, offset int) int32 {
	at := f.Position
	start := at.Line == 1 && at.Column == 1 && f.Code != "42601"
	if !at.IsValid() || start || offset > len(text) || text == "" {
		return 0
	}
	before, rest := utf8.RuneCountInString(text[:offset]), text[offset:]
	for range at.Line - 1 {
		line, behind, found := strings.Cut(rest, "\n")
		if !found {
			return 0
		}
		before, rest = before+utf8.RuneCountInString(line)+1, behind
	}
	return int32(before + max(at.Column, 1))
}

// fatal reports why the connection ends. The client may be gone already.
func (c *connection) fatal(code, message string) {
	c.backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: code, Message: message})
	_ = c.backend.Flush()
}

// notice sends a message that is no error, unless client_min_messages holds it back. INFO is always sent.
func (c *connection) notice(n warehouse.Notice) {
	if n.Level != warehouse.Info && rank[string(n.Level)] < rank[c.leastLevel()] {
		return
	}
	code := "00000"
	if n.Level == warehouse.Warning {
		code = "01000"
	}
	c.backend.Send(&pgproto3.NoticeResponse{Severity: string(n.Level), Code: code, Message: n.Message})
}

var rank = map[string]int{"LOG": 1, "NOTICE": 2, "WARNING": 3, "ERROR": 4, "FATAL": 5, "PANIC": 5}

func (c *connection) leastLevel() string {
	level, _ := c.session.Setting("client_min_messages")
	return strings.ToUpper(level)
}

// isEnd reports whether an error only says that the client is gone.
func isEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
