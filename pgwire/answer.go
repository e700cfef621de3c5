package pgwire

import (
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/warehouse"
)

// flushAt is how many bytes of rows are gathered before they are sent.
const flushAt = 64 << 10

// answer sends what one statement answers: it is the warehouse's Sink.
type answer struct {
	connection *connection
	// described says that the client knows the columns already, and fields are they. Else they are taken from the answer.
	described bool
	fields    []pgproto3.FieldDescription
	// formats are the codes that Bind asked for.
	formats []int16
	// partial suppresses the end of the statement, which a portal with a row limit reports itself.
	partial bool

	columns []warehouse.Column
	rows    int64
	buffer  encoded
	pending int
}

// encoded is a whole message as bytes.
type encoded []byte

func (encoded) Backend() {}

func (encoded) Decode([]byte) error { return nil }

func (m encoded) Encode(dst []byte) ([]byte, error) { return append(dst, m...), nil }

// Columns keeps the columns and, where the client does not know them yet, describes them.
func (a *answer) Columns(columns []warehouse.Column) error {
	a.columns = columns
	if a.described {
		if len(a.fields) != len(columns) {
			return protocolError("the statement answers with %d columns and was described with %d", len(columns), len(a.fields)).WithCode("0A000")
		}
		return nil
	}
	fields, err := describeFields(columns, a.formats)
	if err != nil {
		return err
	}
	a.fields = fields
	if a.formats == nil {
		a.connection.backend.Send(&pgproto3.RowDescription{Fields: fields})
	}
	return nil
}

// Row sends one row.
func (a *answer) Row(values []any) error {
	row, err := a.appendRow(a.buffer[:0], values)
	if err != nil {
		return err
	}
	a.buffer = row
	a.rows++
	a.connection.backend.Send(a.buffer)
	if a.pending += len(row); a.pending < flushAt {
		return nil
	}
	a.pending = 0
	return a.connection.backend.Flush()
}

// Notice sends a message in between.
func (a *answer) Notice(n warehouse.Notice) { a.connection.notice(n) }

// Done sends the command tag.
func (a *answer) Done(r warehouse.Result) error {
	if !a.partial {
		a.connection.backend.Send(&pgproto3.CommandComplete{CommandTag: []byte(r.Tag)})
	}
	return nil
}
