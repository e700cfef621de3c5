package redshiftdata

import (
	"net/http"

	"github.com/stepwell/stepwell/service"
)

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name: "redshiftdata",
		SDK:  "RedshiftData",
		Protocol: service.Protocol{
			ContentType: "application/x-amz-json-1.1", Endpoint: "redshift-data", Target: "RedshiftData",
		},
		Errors: []service.Error{
			{Code: service.ValidationException, Status: http.StatusBadRequest},
			{Code: codeResourceNotFound, Status: http.StatusBadRequest},
			{Code: codeActiveStatements, Status: http.StatusBadRequest},
			{Code: codeActiveSessions, Status: http.StatusBadRequest},
			{Code: codeQueryTimeout, Status: http.StatusBadRequest},
			{Code: codeConnection, Status: http.StatusInternalServerError},
			{Code: codeExecute, Status: http.StatusInternalServerError},
			{Code: codeBatchExecute, Status: http.StatusInternalServerError},
			{Code: codeInternalServer, Status: http.StatusInternalServerError},
		},
		Operations: append(s.statementOperations(), s.catalogOperations()...),
	}
}

func errorsWith(more ...string) []string {
	return append(more, service.ValidationException, codeInternalServer)
}

// statementOperations are those about statements and sessions.
func (s *Service) statementOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "ExecuteStatement", Behaviour: service.Do(s.executeStatement),
			Errors:  errorsWith(codeActiveStatements, codeActiveSessions, codeResourceNotFound, codeExecute),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "Sql": "select :a::int as a", "Parameters": [{"Name": "a", "Value": "5"}]}`,
		}, {
			Name: "BatchExecuteStatement", Behaviour: service.Do(s.batchExecuteStatement),
			Errors:  errorsWith(codeActiveStatements, codeActiveSessions, codeResourceNotFound, codeBatchExecute),
			Example: `{"ClusterIdentifier": "etl", "DbUser": "awsuser", "Database": "dev", "Sqls": ["select 1", "select 2"]}`,
		}, {
			Name: "DescribeStatement", Behaviour: service.Do(s.describeStatement),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Id": "` + exampleID + `"}`,
		}, {
			Name: "GetStatementResult", Behaviour: service.Do(s.getStatementResult),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Id": "` + exampleID + `"}`,
		}, {
			Name: "GetStatementResultV2", Behaviour: service.Do(s.getStatementResultV2),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Id": "` + exampleCSV + `"}`,
		}, {
			Name: "ListStatements", Behaviour: service.Do(s.listStatements),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Status": "ALL", "MaxResults": 10}`,
		}, {
			Name: "CancelStatement", Behaviour: service.Do(s.cancelStatement),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"Id": "` + runningID + `"}`,
		}, {
			Name: "ListSessions", Behaviour: service.Do(s.listSessions),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"WorkgroupName": "etl"}`,
		},
	}
}

// catalogOperations look into the catalog.
func (s *Service) catalogOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "ListDatabases", Behaviour: service.Do(s.listDatabases),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev"}`,
		}, {
			Name: "ListSchemas", Behaviour: service.Do(s.listSchemas),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "SchemaPattern": "pub%"}`,
		}, {
			Name: "ListTables", Behaviour: service.Do(s.listTables),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "TablePattern": "dim%"}`,
		}, {
			Name: "DescribeTable", Behaviour: service.Do(s.describeTable),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "Schema": "public"}`,
		},
	}
}

// The statements of the examples: a finished one with a result, one with a result as CSV, and one that runs.
const (
	exampleCSV = "c5b6c0c9-0747-4bf4-b142-e8883122f766"
	exampleID  = "d9b6c0c9-0747-4bf4-b142-e8883122f766"
	runningID  = "a1b2c3d4-0747-4bf4-b142-e8883122f766"
)
