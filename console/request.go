package console

import (
	"crypto/subtle"
	"errors"
	"net/http"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// request is one request with who makes it.
type request struct {
	*http.Request
	console *Console
	session *session // nil: not logged in
	news    int64    // the newest event when the request came
}

func (c *Console) request(hr *http.Request) *request {
	r := &request{Request: hr, console: c, session: c.find(hr)}
	if c.Events != nil {
		r.news = c.Events.Last()
	}
	if r.session != nil {
		caller := service.Caller{Name: r.session.user, Role: r.session.role.String()}
		if caller.Name == "" {
			caller.Name = "local"
		}
		r.Request = hr.WithContext(service.WithCaller(hr.Context(), caller))
	}
	return r
}

// maxForm is the largest form, in bytes: an execution's input of 256 KiB, and what escaping adds.
const maxForm = 2 << 20

// admit lets a form in that one of our pages showed to the user, who has the role for it.
func (r *request) admit(w http.ResponseWriter, need api.Role) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	var large *http.MaxBytesError
	if err := r.ParseForm(); errors.As(err, &large) {
		return fault.Invalidf("a form has at most %d bytes; stepwell sql --file takes larger statements", maxForm)
	} else if err != nil {
		return fault.Invalidf("the form cannot be read").Because(err)
	}
	if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("token")), []byte(r.session.token)) != 1 {
		return fault.New(fault.Denied, "this form is not from a page of this session: load the page again and repeat")
	}
	if r.session.role < need {
		return r.session.refusal(need)
	}
	return nil
}

// operation finds an operation of a service that the user may carry out.
func (r *request) operation(serviceName, operation string) (*service.Service, *service.Operation, error) {
	table := r.console.services[serviceName]
	if table == nil {
		return nil, nil, fault.New(fault.Unavailable, "there is no service %s here", serviceName)
	}
	row, ok := table.Operation(operation)
	if !ok {
		return nil, nil, fault.New(fault.Internal, "%s has no operation %s", serviceName, operation)
	}
	if need := api.Needs(operation); r.session.role < need {
		return nil, nil, r.session.refusal(need)
	}
	return table, row, nil
}

// call carries out an operation of a service for the user. The names of members are those of the service's own protocol.
func (r *request) call(serviceName, operation string, members ...value.Member) (value.Value, error) {
	table, row, err := r.operation(serviceName, operation)
	if err != nil {
		return value.Value{}, err
	}
	return table.CallJSON(r.Context(), row, value.OfMembers(members...))
}

// member is one parameter of a call.
func member(name string, v value.Value) value.Member { return value.Member{Key: name, Value: v} }
