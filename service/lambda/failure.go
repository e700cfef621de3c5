package lambda

import (
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Failure is the error of a function that failed, out of the response of Invoke; nil where it did not.
func Failure(response any) error {
	answer, ok := response.(*invokeResponse)
	if !ok || answer.FunctionError == "" {
		return nil
	}
	described, _ := value.Parse(string(answer.Payload))
	kind, _ := described.Get("errorType")
	message, _ := described.Get("errorMessage")
	if kind.Str() == "" {
		return fault.Invalidf("%s", message.Str())
	}
	return fault.Invalidf("%s: %s", kind.Str(), message.Str())
}
