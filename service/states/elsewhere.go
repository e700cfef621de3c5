package states

import (
	"context"

	"github.com/stepwell/stepwell/fault"
)

// An operation that comes later looks at its request only as far as AWS refuses it.

func missing(operation string) error {
	return fault.New(fault.Unsupported, "%s is not supported yet: it comes with the rest of the States Language (issue 7)", operation)
}

func redriveExecution(context.Context, *nothing) (*nothing, error) {
	return nil, missing("RedriveExecution")
}
func describeMapRun(context.Context, *nothing) (*nothing, error) {
	return nil, missing("DescribeMapRun")
}
func listMapRuns(context.Context, *nothing) (*nothing, error)  { return nil, missing("ListMapRuns") }
func updateMapRun(context.Context, *nothing) (*nothing, error) { return nil, missing("UpdateMapRun") }
