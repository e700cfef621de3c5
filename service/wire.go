package service

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// SerializationException is the code of a body that does not have the operation's shape.
const SerializationException = "SerializationException"

// CallJSON carries out an operation for a client of an awsJson protocol: names are the protocol's, moments are seconds.
// Errors: SerializationException, ValidationException, and what the operation answers; Problem describes them all.
func (s *Service) CallJSON(ctx context.Context, row *Operation, body value.Value) (value.Value, error) {
	if body.Kind() != value.Object {
		return value.Value{}, unreadable(unconvertible(body.Kind(), "an OBJECT"))
	}
	response, err := row.callWire(ctx, body, &s.Protocol)
	if err != nil {
		return value.Value{}, err
	}
	return s.Print(response)
}

// callWire is Call for a request in the protocol's own form.
func (b Behaviour) callWire(ctx context.Context, request value.Value, protocol *Protocol) (any, error) {
	r := reader{wire: protocol}
	target := reflect.New(b.request)
	r.structure(request, target.Elem(), "")
	if len(r.problems) > 0 {
		return nil, unreadable(r.problems[0])
	}
	if len(r.violations) > 0 {
		return nil, violated(r.violations)
	}
	return b.run(ctx, target.Interface())
}

func unreadable(message string) error {
	return fault.Invalidf("%s", message).WithCode(SerializationException)
}

// epochTime prints moments as awsJson does: seconds, with milliseconds as decimals.
func epochTime(t time.Time) value.Value {
	return value.OfNumber(strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', -1, 64))
}

var kindTokens = map[value.Kind]string{value.String: "STRING_VALUE", value.Number: "NUMBER_VALUE"}

var javaTypes = map[string]string{
	"a STRING": "String", "a BOOLEAN": "Boolean", "an INTEGER": "Integer", "a FLOAT": "Double", "a TIMESTAMP": "Timestamp",
}

// unconvertible is what AWS's JSON protocols say about a value of the wrong kind.
func unconvertible(kind value.Kind, noun string) string {
	scalar, ok := javaTypes[noun]
	switch {
	case !ok && noun == "an ARRAY":
		return "Expected list or null"
	case !ok:
		return "Expected a structure or null"
	case kind == value.Array:
		return "Start of list found where not expected"
	case kind == value.Object:
		return "Start of structure or map found where not expected."
	}
	token, ok := kindTokens[kind]
	if !ok {
		token = strings.ToUpper(kind.String()) + "_VALUE"
	}
	return token + " can not be converted to a " + scalar
}

// Print returns a response as clients of the service read it.
func (s *Service) Print(response any) (value.Value, error) {
	p := printer{moments: epochTime, wire: &s.Protocol}
	v := p.print(reflect.ValueOf(response).Elem())
	return v, p.err
}

// Problem is an error as a client of the service reads it.
type Problem struct {
	Code    string
	Message string
	Status  int // of HTTP
	// Members are what the error's shape has beside the message, by the protocol's names.
	Members map[string]value.Value
}

// Detail is the cause of a fault whose error shape has members beside the message, by the API's names.
type Detail map[string]string

// Error returns nothing: the fault's message says what happened.
func (Detail) Error() string { return "" }

// Described is a Detail whose members are more than texts.
type Described map[string]value.Value

// Error returns nothing, as that of Detail.
func (Described) Error() string { return "" }

// kindCodes name the errors that have no name of their own.
var kindCodes = map[fault.Kind]string{
	fault.Invalid:     ValidationException,
	fault.Unsupported: "NotImplementedException",
	fault.NotFound:    "ResourceNotFoundException",
	fault.Conflict:    "ConflictException",
	fault.Denied:      "AccessDeniedException",
	fault.Throttled:   "ThrottlingException",
	fault.Unavailable: "ServiceUnavailableException",
}

// Problem describes an error that CallJSON or CallQuery answered with. The words of an internal error stay inside.
func (s *Service) Problem(err error) Problem {
	code, status, declared := s.classify(err)
	kind := fault.KindOf(err)
	switch {
	case fault.CodeOf(err) == SerializationException:
		code = SerializationException
	case declared:
	case kind == fault.Internal:
		const text = "The request processing has failed because of an unknown error, exception or failure."
		return Problem{Code: "InternalFailure", Message: text, Status: status}
	case fault.CodeOf(err) == "":
		code = kindCodes[kind]
	}
	return Problem{Code: code, Message: fault.MessageOf(err), Status: status, Members: s.members(err)}
}

// members are those of the error's detail, as the protocol spells them.
func (s *Service) members(err error) map[string]value.Value {
	var texts Detail
	var described Described
	if !errors.As(err, &texts) && !errors.As(err, &described) {
		return nil
	}
	members := map[string]value.Value{}
	for name, text := range texts {
		members[member{name: name}.wireName(s.Protocol.Camel)] = value.OfString(text)
	}
	for name, v := range described {
		members[member{name: name}.wireName(s.Protocol.Camel)] = v
	}
	return members
}
