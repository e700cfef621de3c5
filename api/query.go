package api

import (
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/service"
)

// awsQuery is the protocol of form fields and XML answers: Action names the operation.
type awsQuery struct{}

func (awsQuery) parse(c *call, body []byte) (func() (string, error), error) {
	form, err := c.form(body)
	if err != nil {
		return nil, err
	}
	c.operation = form.Get("Action")
	if c.table == nil {
		c.table = c.find(func(s *service.Service) bool {
			_, has := s.Operation(c.operation)
			return has && speaksQuery(s)
		})
	}
	if c.operation == "" {
		return nil, coded("MissingAction", http.StatusBadRequest, "The request is missing an action or a required parameter.")
	}
	if c.table != nil {
		c.row, _ = c.table.Operation(c.operation)
	}
	if c.row == nil {
		return nil, coded("InvalidAction", http.StatusBadRequest, "The action %q is not known or not supported", c.operation)
	}
	return func() (string, error) { return c.table.CallQuery(c.r.Context(), c.row, form) }, nil
}

func speaksQuery(s *service.Service) bool {
	return s.Protocol.Target == "" && s.Protocol.Endpoint != "s3" && !s.Protocol.REST()
}

func (awsQuery) write(c *call, answer string) {
	var out strings.Builder
	out.WriteString("<" + c.operation + "Response" + c.namespace() + ">")
	out.WriteString("<" + c.operation + "Result>" + answer + "</" + c.operation + "Result>")
	out.WriteString("<ResponseMetadata><RequestId>" + c.id + "</RequestId></ResponseMetadata>")
	out.WriteString("</" + c.operation + "Response>")
	c.send(http.StatusOK, "text/xml", out.String())
}

func (awsQuery) fail(c *call, p service.Problem) {
	// These protocols have their own name for what others call so.
	if p.Code == service.ValidationException {
		p.Code = "ValidationError"
	}
	fault := "Sender"
	if p.Status >= http.StatusInternalServerError {
		fault = "Receiver"
	}
	var out strings.Builder
	out.WriteString("<ErrorResponse" + c.namespace() + "><Error><Type>" + fault + "</Type><Code>")
	_ = xml.EscapeText(&out, []byte(p.Code))
	out.WriteString("</Code><Message>")
	_ = xml.EscapeText(&out, []byte(p.Message))
	out.WriteString("</Message></Error><RequestId>" + c.id + "</RequestId></ErrorResponse>")
	c.send(p.Status, "text/xml", out.String())
}

func (c *call) namespace() string {
	if c.table == nil || c.table.Protocol.Namespace == "" {
		return ""
	}
	return ` xmlns="` + c.table.Protocol.Namespace + `"`
}

var queryRefusals = [...]string{
	sigv4.Missing: "MissingAuthenticationToken", sigv4.Malformed: "IncompleteSignature",
	sigv4.UnknownKey: "InvalidClientTokenId", sigv4.Mismatch: "SignatureDoesNotMatch",
	sigv4.Skewed: "SignatureDoesNotMatch", sigv4.Expired: "RequestExpired",
}

func (awsQuery) refusal(reason sigv4.Reason) string { return queryRefusals[reason] }
