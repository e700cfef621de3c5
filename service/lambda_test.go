package service_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/service/servicetest"
)

// noHost runs nothing: the examples of Lambda call no function.
type noHost struct{}

func (noHost) Check(*lambda.Setup) error { return nil }

func (noHost) Start(*lambda.Setup) (lambda.Sandbox, error) { return nil, errors.ErrUnsupported }

// openLambda returns the service with the function load.
func openLambda(t *testing.T) *service.Service {
	s, err := lambda.Open(t.Context(), &servicetest.Records{}, lambda.Options{
		Region: region, Account: accountID, Folder: t.TempDir(), Host: noHost{},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	table := s.Table()
	create, _ := table.Operation("CreateFunction")
	prepare(t, table, "CreateFunction", strings.Replace(create.Example, "check", "load", 1))
	return table
}
