package service

import (
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
)

// pattern is a service integration pattern: what a task waits for.
type pattern uint8

const (
	requestResponse pattern = iota
	runJob                  // .sync
	runJobParsed            // .sync:2
	waitForTaskToken
)

var suffixes = map[string]pattern{"": requestResponse, "sync": runJob, "sync:2": runJobParsed, "waitForTaskToken": waitForTaskToken}

// resource is a Task's Resource taken apart: arn:aws:states:::[aws-sdk:]service:action[.pattern].
type resource struct {
	text    string
	sdk     bool
	service string
	action  string
	pattern pattern
	// function says that the text is a function's own ARN: its task is the function's input, its result the output.
	function bool
}

// parseResource reads the resource of a service integration.
func parseResource(text string) (resource, error) {
	parsed, err := arn.Parse(text)
	if err == nil && parsed.Service == "lambda" && strings.HasPrefix(parsed.Resource, "function:") {
		return resource{text: text, service: "lambda", action: "invoke", function: true}, nil
	}
	if err != nil || parsed.Service != "states" || parsed.Region != "" || parsed.Account != "" {
		return resource{}, elsewhere(text, parsed)
	}
	r := resource{text: text}
	rest, sdk := strings.CutPrefix(parsed.Resource, "aws-sdk:")
	r.sdk = sdk
	var known bool
	r.service, rest, known = strings.Cut(rest, ":")
	action, suffix, _ := strings.Cut(rest, ".")
	r.action = action
	p, ok := suffixes[suffix]
	r.pattern = p
	if !known || !ok || action == "" || strings.HasSuffix(rest, ".") || upper(action[0]) {
		return resource{}, notRecognized(text)
	}
	return r, nil
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

// operation returns the API's name of the action.
func (r resource) operation() string { return strings.ToUpper(r.action[:1]) + r.action[1:] }

// notRecognized is what Step Functions says about a resource that it does not know.
func notRecognized(text string) error {
	return fault.Invalidf("The resource provided %s is not recognized. The value is not a valid resource ARN, "+
		"or the resource is not available in this region.", text)
}

// elsewhere answers for resources that are no service integration.
func elsewhere(text string, parsed arn.ARN) error {
	if parsed.Service == "states" && strings.HasPrefix(parsed.Resource, "activity:") {
		return unsupported("%s: no service here has activities", text)
	}
	return notRecognized(text)
}
