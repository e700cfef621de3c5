package service_test

import (
	"testing"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/logs"
	"github.com/stepwell/stepwell/service/secretsmanager"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/ssm"
	"github.com/stepwell/stepwell/service/sts"
	"github.com/stepwell/stepwell/value"
)

const (
	region    = "us-east-1"
	accountID = "123456789012"
)

// stores returns the services that are only records, with what the examples of their operations find.
func stores(t *testing.T) []*service.Service {
	records := &servicetest.Records{}
	secrets := secretsmanager.New(records, region, accountID).Table()
	prepare(t, secrets, "CreateSecret", `{"Name": "etl/redshift", "SecretString": "x"}`)
	parameters := ssm.New(records, region, accountID).Table()
	prepare(t, parameters, "PutParameter", `{"Name": "/etl/schema", "Value": "ods", "Type": "String"}`)
	groups := logs.New(records, region, accountID).Table()
	prepare(t, groups, "CreateLogGroup", `{"LogGroupName": "/etl/nightly"}`)
	prepare(t, groups, "CreateLogStream", `{"LogGroupName": "/etl/nightly", "LogStreamName": "load"}`)
	return []*service.Service{secrets, parameters, groups, sts.New(accountID).Table()}
}

func prepare(t *testing.T, table *service.Service, operation, request string) {
	t.Helper()
	row, ok := table.Operation(operation)
	if !ok {
		t.Fatalf("%s has no %s", table.Name, operation)
	}
	if _, err := row.Call(t.Context(), value.MustParse(request), ""); err != nil {
		t.Fatal(err)
	}
}

// Without anything behind them, tables still tell what there is.
func TestOfferedStores(t *testing.T) {
	tasks := service.NewIntegrations(new(secretsmanager.Service).Table(), new(ssm.Service).Table(), new(logs.Service).Table(), new(sts.Service).Table())
	for _, action := range []string{"secretsmanager:getSecretValue", "ssm:getParametersByPath", "cloudwatchlogs:putLogEvents", "sts:assumeRole"} {
		if err := tasks.Resolve("arn:aws:states:::aws-sdk:" + action); err != nil {
			t.Error(err)
		}
	}
}
