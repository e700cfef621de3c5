package redshiftdata

import (
	"context"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// pageSize is about how many bytes of values a page of results has.
const pageSize = 1 << 20

// field is one value of a result: exactly one member is set.
type field struct {
	BlobValue    []byte   `json:",omitempty" aws:"camel"`
	BooleanValue *bool    `json:",omitempty" aws:"camel"`
	DoubleValue  *float64 `json:",omitempty" aws:"camel"`
	IsNull       *bool    `json:",omitempty" aws:"camel"`
	LongValue    *int64   `json:",omitempty" aws:"camel"`
	StringValue  *string  `json:",omitempty" aws:"camel"`
}

// sink keeps the result of the last statement of a text as pages in the records.
type sink struct {
	service *Service
	ctx     context.Context
	id      string // of the statement or part

	columns []warehouse.Column
	rows    [][]field
	filled  int // bytes in rows
	pages   int
	size    int64 // bytes of values in pages
	packed  int64 // bytes of pages
	result  warehouse.Result
}

func (s *Service) sink(ctx context.Context, id string) *sink {
	return &sink{service: s, ctx: ctx, id: id, result: warehouse.Result{Rows: -1}}
}

// reset forgets the result of the statement before.
func (k *sink) reset() {
	k.columns, k.rows, k.filled, k.pages, k.size, k.packed = nil, nil, 0, 0, 0, 0
}

// Columns begins a result.
func (k *sink) Columns(columns []warehouse.Column) error {
	k.reset()
	k.columns = columns
	return nil
}

// Row adds a row.
func (k *sink) Row(values []any) error {
	row, size := make([]field, len(values)), 0
	for i, v := range values {
		var bytes int
		row[i], bytes = fieldOf(k.columns[i], v)
		size += bytes
	}
	if limit := k.service.quotas.row; size > limit {
		return fault.New(fault.Throttled, "Row size %d exceeds the limit of %d bytes", size, limit)
	}
	k.rows = append(k.rows, row)
	k.filled += size
	if k.filled >= pageSize {
		return k.flush()
	}
	return nil
}

// Notice is not part of the Data API.
func (k *sink) Notice(warehouse.Notice) {}

// Done ends one statement of the text.
func (k *sink) Done(r warehouse.Result) error {
	if r.Columns == nil {
		k.reset()
	} else if k.columns == nil {
		k.columns = r.Columns
	}
	k.result = r
	return nil
}

// flush makes the rows that are left a page.
func (k *sink) flush() error {
	if len(k.rows) == 0 {
		return nil
	}
	body, err := pack(k.rows)
	if err != nil {
		return err
	}
	k.packed += int64(len(body))
	if limit := k.service.quotas.result; k.packed > limit {
		return fault.New(fault.Throttled, "Result size exceeds the limit of %d bytes after compression", limit)
	}
	if err := k.service.records.Put(k.ctx, pageKind, pageID(k.id, k.pages), body); err != nil {
		return err
	}
	k.pages++
	k.size += int64(k.filled)
	k.rows, k.filled = nil, 0
	return nil
}

// outcome describes the result; the caller sets status and duration.
func (k *sink) outcome() outcome {
	return outcome{
		HasResultSet: k.columns != nil, ResultRows: k.result.Rows, ResultSize: k.size, QueryID: k.result.QueryID,
		Columns: metadata(k.columns), Pages: k.pages,
	}
}

// fieldOf gives a value the form of the API and counts its bytes.
func fieldOf(c warehouse.Column, v any) (field, int) {
	yes := true
	switch x := v.(type) {
	case nil:
		return field{IsNull: &yes}, 1
	case bool:
		return field{BooleanValue: &x}, 1
	case int64:
		return field{LongValue: &x}, 8
	case float64:
		return field{DoubleValue: &x}, 8
	}
	text, _ := warehouse.Text(c, v)
	return field{StringValue: &text}, len(text)
}

// refusing is the sink of a part that must not begin.
type refusing struct{ err error }

func (r refusing) Columns([]warehouse.Column) error { return r.err }
func (r refusing) Row([]any) error                  { return r.err }
func (r refusing) Notice(warehouse.Notice)          {}
func (r refusing) Done(warehouse.Result) error      { return r.err }
