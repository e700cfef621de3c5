package cli

import (
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// sql runs a text in a session of the server's and prints what it answers.
func (r *remote) sql(ctx context.Context, request api.SQLRequest, into *printer) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	response, err := r.send(ctx, http.MethodPost, "/sql", map[string]string{"Content-Type": "application/json"}, body)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	for lines := json.NewDecoder(response.Body); ; {
		var line api.SQLLine
		switch err := lines.Decode(&line); {
		case err == io.EOF:
			return nil
		case err != nil:
			return r.gone(err)
		case line.Error != nil:
			return fault.Invalidf("%s", line.Error.Message).WithCode(line.Error.Code)
		}
		if err := into.line(line); err != nil {
			return err
		}
	}
}

// line prints one line of the server's answer.
func (p *printer) line(line api.SQLLine) error {
	switch {
	case line.Columns != nil:
		return p.Columns(line.Columns)
	case line.Row != nil:
		return p.Row(valuesOf(p.now, line.Row))
	case line.Notice != nil:
		p.Notice(*line.Notice)
	case line.Done != nil:
		result := warehouse.Result{Tag: line.Done.Tag}
		if line.Done.Answered {
			result.Columns = p.now
		}
		return p.Done(result)
	}
	return nil
}

// valuesOf makes values of their texts; only truth has another form than its text.
func valuesOf(columns []warehouse.Column, row []*string) []any {
	values := make([]any, len(row))
	for i, text := range row {
		switch {
		case text == nil:
		case columns[i].Type == "bool":
			values[i] = *text == "t"
		default:
			values[i] = *text
		}
	}
	return values
}
