package service

import (
	"context"
	"reflect"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Behaviour is what an operation does, with its types. Do makes it.
type Behaviour struct {
	request, response reflect.Type
	run               func(ctx context.Context, request any) (any, error)
}

// Do makes a behaviour of a typed function. Req and Resp are structs whose exported fields are the API's members, named as
// the API names them. A pointer, slice or map that is nil, an empty string and a zero time are absent members. The tag
// aws of a field lists, with commas:
//
//	required       a request without the member is refused
//	min=N, max=N   length of a string (characters) or list, or range of a number
//	token          an idempotency token: the door fills it when the caller left it out
//	json           a string that may be given as any JSON value, which is then taken as its text
//	always         the member is printed although its string is empty
//	stream         the member is an object's bytes: printed last, as text
//	camel          over HTTP the member's name begins with a lower-case letter, unlike others of its service
//	item=NAME      in the awsQuery protocol the elements of the list are named so, not member
//	query=NAME     in restJson1 the member is a query parameter; header=NAME: it is a header
//	payload        in restJson1 the member, a stream, is the whole body
//	status         in restJson1 the member is the answer's HTTP status
//
// The tag pattern holds a regular expression that a string must match whole, the tag enum its allowed values, separated by |.
// Faults are answered by their Code, which the service declares.
func Do[Req, Resp any](f func(ctx context.Context, request *Req) (*Resp, error)) Behaviour {
	return Behaviour{
		request:  reflect.TypeFor[Req](),
		response: reflect.TypeFor[Resp](),
		run: func(ctx context.Context, request any) (any, error) {
			return f(ctx, request.(*Req))
		},
	}
}

// BadParameters is the error of a request that does not have the operation's shape. Problems are in Step Functions' words.
type BadParameters struct{ Problems []string }

// Error returns the problems, separated by commas.
func (e *BadParameters) Error() string { return join(e.Problems, ", ") }

// Call checks a request, runs the operation and returns its response, a pointer to the struct that Do was given. The token
// fills the idempotency token that the request leaves out; it may be empty. Errors: *BadParameters, a fault
// ValidationException naming every violated constraint, and what the operation answers.
func (b Behaviour) Call(ctx context.Context, request value.Value, token string) (any, error) {
	target, violations, bad := b.read(request, token)
	if bad != nil {
		return nil, bad
	}
	if len(violations) > 0 {
		return nil, violated(violations)
	}
	return b.run(context.WithValue(ctx, tokenKey{}, token), target)
}

// read fills the request's struct. It returns the constraints that the service itself would complain about.
func (b Behaviour) read(request value.Value, token string) (target any, violations []string, bad *BadParameters) {
	if request.Kind() != value.Object {
		return nil, nil, &BadParameters{[]string{"The parameters must be an OBJECT"}}
	}
	r := reader{token: token}
	into := reflect.New(b.request)
	r.structure(request, into.Elem(), "")
	if len(r.problems) > 0 {
		return nil, nil, &BadParameters{r.problems}
	}
	return into.Interface(), r.violations, nil
}

type tokenKey struct{}

// IdempotencyToken returns what names the caller's try inside a behaviour: the same for every repetition of one task after
// a crash. It is empty when the door has none.
func IdempotencyToken(ctx context.Context) string {
	token, _ := ctx.Value(tokenKey{}).(string)
	return token
}

func violated(violations []string) error {
	noun := "error"
	if len(violations) > 1 {
		noun = "errors"
	}
	return fault.Invalidf("%d validation %s detected: %s", len(violations), noun, join(violations, "; ")).WithCode(ValidationException)
}

// ValidationException is the code of a request that breaks a constraint.
const ValidationException = "ValidationException"
