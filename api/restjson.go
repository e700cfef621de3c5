package api

import (
	"maps"
	"net/http"
	"slices"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// restJSON is restJson1: method and path name the operation, members travel in path, query, headers and body.
type restJSON struct{ answer service.RESTAnswer }

func (p *restJSON) parse(c *call, body []byte) (func() (string, error), error) {
	row, labels, ok := c.table.Route(c.r.Method, c.r.URL.EscapedPath())
	if !ok {
		return nil, coded("UnknownOperationException", http.StatusNotFound, "There is no operation %s %s", c.r.Method, c.r.URL.Path)
	}
	c.row, c.operation = row, row.Name
	return func() (text string, err error) {
		p.answer, err = c.table.CallREST(c.r.Context(), row, service.RESTRequest{
			Labels: labels, Query: c.r.URL.Query(), Header: c.r.Header, Body: body,
		})
		return p.answer.Body, err
	}, nil
}

func (p *restJSON) write(c *call, answer string) {
	for name, text := range p.answer.Header {
		c.w.Header().Set(name, text)
	}
	c.send(p.answer.Status, "application/json", answer)
}

func (*restJSON) fail(c *call, p service.Problem) {
	c.w.Header().Set("X-Amzn-Errortype", p.Code)
	members := []value.Member{{Key: "message", Value: value.OfString(p.Message)}}
	for _, name := range slices.Sorted(maps.Keys(p.Members)) {
		members = append(members, value.Member{Key: name, Value: p.Members[name]})
	}
	c.send(p.Status, "application/json", value.OfMembers(members...).Text())
}

func (*restJSON) refusal(reason sigv4.Reason) string { return jsonRefusals[reason] }
