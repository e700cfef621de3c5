package redshiftdata

import (
	"context"
	"net/http"
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

const (
	codeResourceNotFound = "ResourceNotFoundException"
	codeActiveStatements = "ActiveStatementsExceededException"
	codeActiveSessions   = "ActiveSessionsExceededException"
	codeInternalServer   = "InternalServerException"
	codeExecute          = "ExecuteStatementException"
	codeBatchExecute     = "BatchExecuteStatementException"
	codeConnection       = "DatabaseConnectionException"
	codeQueryTimeout     = "QueryTimeoutException"
)

// failures are the errors of the API.
var failures = []service.Error{
	{Code: service.ValidationException, Status: http.StatusBadRequest},
	{Code: codeResourceNotFound, Status: http.StatusBadRequest},
	{Code: codeActiveStatements, Status: http.StatusBadRequest},
	{Code: codeActiveSessions, Status: http.StatusBadRequest},
	{Code: codeQueryTimeout, Status: http.StatusBadRequest},
	{Code: codeConnection, Status: http.StatusInternalServerError},
	{Code: codeExecute, Status: http.StatusInternalServerError},
	{Code: codeBatchExecute, Status: http.StatusInternalServerError},
	{Code: codeInternalServer, Status: http.StatusInternalServerError},
}

// do is a row's behaviour, which answers with no other errors than the API's.
func do[Req, Resp any](f func(context.Context, *Req) (*Resp, error)) service.Behaviour {
	return service.Do(func(ctx context.Context, r *Req) (*Resp, error) {
		response, err := f(ctx, r)
		if err != nil {
			return nil, failure(err)
		}
		return response, nil
	})
}

// failure gives an error that has no name in the API one: SQLSTATEs of the warehouse are no names there.
func failure(err error) error {
	if code := fault.CodeOf(err); slices.ContainsFunc(failures, func(e service.Error) bool { return e.Code == code }) {
		return err
	}
	kind := fault.KindOf(err)
	if kind == fault.Internal || kind == fault.Unavailable {
		return fault.New(kind, "The request failed because of an internal error.").WithCode(codeInternalServer).Because(err)
	}
	return fault.New(kind, "%s", errorText(err, "")).WithCode(service.ValidationException)
}

func invalid(format string, args ...any) *fault.Fault {
	return fault.Invalidf(format, args...).WithCode(service.ValidationException)
}

// missing says that a thing does not exist, or has nothing to give.
func missing(id, format string, args ...any) error {
	return fault.New(fault.NotFound, format, args...).WithCode(codeResourceNotFound).Because(service.Detail{"ResourceId": id})
}
