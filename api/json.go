package api

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// awsJSON is awsJson1.0 and 1.1: X-Amz-Target names the operation, bodies are JSON objects.
type awsJSON struct{}

func (awsJSON) parse(c *call, body []byte) (func() (string, error), error) {
	if c.r.Method != http.MethodPost {
		return nil, coded("UnknownOperationException", http.StatusNotFound, "The operation is called with POST, not with %s", c.r.Method)
	}
	if c.table != nil {
		c.row, _ = c.table.Operation(c.operation)
	}
	if c.row == nil {
		return nil, coded("UnknownOperationException", http.StatusBadRequest, "The operation %q is not known or not supported", c.r.Header.Get("X-Amz-Target"))
	}
	request := value.EmptyObject()
	if len(body) > 0 {
		var err error
		if request, err = value.Parse(string(body)); err != nil {
			return nil, coded(service.SerializationException, http.StatusBadRequest, "The body is not JSON: %v", err)
		}
	}
	return func() (string, error) {
		v, err := c.table.CallJSON(c.r.Context(), c.row, request)
		if err != nil {
			return "", err
		}
		return v.Text(), nil
	}, nil
}

func (awsJSON) write(c *call, answer string) { c.sendJSON(http.StatusOK, answer) }

func (awsJSON) fail(c *call, p service.Problem) {
	c.w.Header().Set("X-Amzn-Errortype", p.Code)
	members := []value.Member{{Key: "__type", Value: value.OfString(p.Code)}, {Key: "message", Value: value.OfString(p.Message)}}
	for _, name := range slices.Sorted(maps.Keys(p.Members)) {
		members = append(members, value.Member{Key: name, Value: p.Members[name]})
	}
	c.sendJSON(p.Status, value.OfMembers(members...).Text())
}

func (c *call) sendJSON(status int, text string) {
	contentType := "application/x-amz-json-1.0"
	if c.table != nil {
		contentType = c.table.Protocol.ContentType
	}
	c.send(status, contentType, text)
}

func (c *call) send(status int, contentType, text string) {
	header := c.w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Content-Length", strconv.Itoa(len(text)))
	header.Set("X-Amzn-Requestid", c.id)
	c.w.WriteHeader(status)
	_, _ = io.WriteString(c.w, text) // a client that left needs no answer
}

var jsonRefusals = [...]string{
	sigv4.Missing: "MissingAuthenticationTokenException", sigv4.Malformed: "IncompleteSignatureException",
	sigv4.UnknownKey: "UnrecognizedClientException", sigv4.Mismatch: "InvalidSignatureException",
	sigv4.Skewed: "InvalidSignatureException", sigv4.Expired: "ExpiredTokenException",
}

func (awsJSON) refusal(reason sigv4.Reason) string { return jsonRefusals[reason] }
