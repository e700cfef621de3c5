package api

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/warehouse"
)

const sqlPath = "/sql"

// SQLRequest is the body of POST /sql, which stepwell sql sends: a text that runs in a session of its own. File names it in
// errors.
type SQLRequest struct {
	Text string `json:"text"`
	File string `json:"file,omitempty"`
	User string `json:"user,omitempty"`
}

// SQLLine is one line of the answer: exactly one member is there. Error is the last line of a run that failed.
type SQLLine struct {
	Columns []warehouse.Column `json:"columns,omitempty"`
	Row     []*string          `json:"row,omitempty"`
	Notice  *warehouse.Notice  `json:"notice,omitempty"`
	Done    *SQLDone           `json:"done,omitempty"`
	Error   *SQLError          `json:"error,omitempty"`
}

// SQLDone is the end of one statement.
type SQLDone struct {
	Tag      string `json:"tag"`
	Answered bool   `json:"answered"` // with rows, or none
}

// SQLError is how a statement failed; Code is its SQLSTATE, where it has one.
type SQLError struct {
	Message string `json:"message"`
	Code    string `json:"code,omitempty"`
}

// serveSQL answers POST /sql: lines of JSON, as the statements go.
func (c *call) serveSQL() {
	c.w.Header().Set("X-Amzn-Requestid", c.id)
	request, err := c.admitSQL()
	if err != nil {
		c.refuseOwn(err)
		return
	}
	session, err := c.warehouse.Session(c.r.Context(), warehouse.SessionConfig{User: request.User})
	if err != nil {
		c.refuseOwn(err)
		return
	}
	defer session.Close()
	c.w.Header().Set("Content-Type", "application/jsonl")
	lines := &sqlLines{encoder: json.NewEncoder(c.w), control: http.NewResponseController(c.w)}
	from := origin.Of(c.r.Context())
	from.Client = "stepwell sql"
	err = session.Run(origin.With(c.r.Context(), from), request.Text, warehouse.Run{File: request.File}, lines)
	if err != nil && c.r.Context().Err() == nil {
		_ = lines.put(SQLLine{Error: &SQLError{Message: err.Error(), Code: fault.CodeOf(err)}})
	}
	lines.flush()
	_ = lines.control.SetWriteDeadline(time.Time{})
}

func (c *call) admitSQL() (request SQLRequest, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxStatements))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return request, coded("RequestEntityTooLarge", http.StatusRequestEntityTooLarge, "The request is larger than %d bytes", maxStatements)
	case err != nil:
		return request, coded(service.SerializationException, http.StatusBadRequest, "The request ended too early")
	}
	if err := c.admitOwn(Run, sigv4.Hash(body)); err != nil {
		return request, err
	}
	if err := json.Unmarshal(body, &request); err != nil {
		return request, coded(service.SerializationException, http.StatusBadRequest, "The body is not JSON: %v", err)
	}
	return request, nil
}

// maxStatements is the longest body of POST /sql, in bytes: a statement of Redshift has at most 16 MB.
const maxStatements = 64 << 20

// sqlLines is the sink of a run that writes lines.
type sqlLines struct {
	encoder *json.Encoder
	control *http.ResponseController
	columns []warehouse.Column
}

func (l *sqlLines) put(line SQLLine) error {
	_ = l.control.SetWriteDeadline(time.Now().Add(stall))
	return l.encoder.Encode(line)
}

func (l *sqlLines) flush() { _ = l.control.Flush() }

// Columns begins a result.
func (l *sqlLines) Columns(columns []warehouse.Column) error {
	l.columns = columns
	return l.put(SQLLine{Columns: columns})
}

// Row adds a row.
func (l *sqlLines) Row(values []any) error {
	row := make([]*string, len(values))
	for i, v := range values {
		if text, ok := warehouse.Text(l.columns[i], v); ok {
			row[i] = &text
		}
	}
	return l.put(SQLLine{Row: row})
}

// Notice shows at once.
func (l *sqlLines) Notice(n warehouse.Notice) {
	_ = l.put(SQLLine{Notice: &n}) // a client that left ends the run
	l.flush()
}

// Done ends one statement.
func (l *sqlLines) Done(r warehouse.Result) error {
	if err := l.put(SQLLine{Done: &SQLDone{Tag: r.Tag, Answered: r.Columns != nil}}); err != nil {
		return err
	}
	l.flush()
	return nil
}
