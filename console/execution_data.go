package console

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// executionData serves a text of an execution as a whole: input, output, cause, event-ID (the details of an event) or
// event-ID-MEMBER.
func (c *Console) executionData(w http.ResponseWriter, r *request) error {
	record, err := c.Engine.Describe(r.Context(), r.PathValue("arn"))
	if err != nil {
		return err
	}
	text, err := c.dataOf(r, record, r.PathValue("part"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text) // the reader may have gone
	return nil
}

func (c *Console) dataOf(r *request, record engine.Record, part string) (string, error) {
	switch {
	case part == "input":
		return record.Input.Text(), nil
	case part == "output" && !record.Output.IsZero():
		return record.Output.Text(), nil
	case part == "cause" && record.Cause != nil:
		return *record.Cause, nil
	}
	if rest, ok := strings.CutPrefix(part, "event-"); ok {
		number, member, _ := strings.Cut(rest, "-")
		return c.eventData(r, record, number, member)
	}
	return "", noData(part)
}

func noData(part string) error { return fault.New(fault.NotFound, "this execution has no %s", part) }

func (c *Console) eventData(r *request, record engine.Record, number, member string) (string, error) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id < 1 {
		return "", noData("event " + number)
	}
	e, err := (&executionPage{request: r, record: record}).event(id)
	if err != nil {
		return "", err
	}
	if member == "" {
		return e.JSON().Text(), nil
	}
	text, ok := payloadText(e.Details, member)
	if !ok || e.Details.Kind() != value.Object {
		return "", noData(member)
	}
	return text, nil
}
