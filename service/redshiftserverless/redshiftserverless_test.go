package redshiftserverless_test

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/redshiftserverless"
	"github.com/stepwell/stepwell/service/servicetest"
)

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		site := redshift.NewSite("us-east-1", "123456789012")
		table := redshiftserverless.New(site).Table()
		servicetest.Trace(t, path, []*service.Service{table}, map[string]servicetest.Command{
			"listen": func(*testing.T, *datadriven.TestData) string { site.Listen("127.0.0.1", 5439); return "" },
			"declare": func(*testing.T, *datadriven.TestData) string {
				site.Declare(redshift.Names{Workgroups: []string{"etl"}})
				return ""
			},
		})
	})
}
