package redshiftdata

import "github.com/stepwell/stepwell/service"

// What is otherwise than on AWS.
const (
	anyPlace  = "every cluster and workgroup is the one warehouse unless stepwell.yaml lists them; secrets are not read, and without DbUser the user is awsuser"
	anyCaller = "whoever may call the service sees the statements of all callers"
	ownTables = "system tables and views are not described"
)

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name: "redshiftdata",
		SDK:  "RedshiftData",
		Protocol: service.Protocol{
			ContentType: "application/x-amz-json-1.1", Endpoint: "redshift-data", Target: "RedshiftData",
		},
		Errors:     failures,
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
			Name: "ExecuteStatement", Behaviour: do(s.executeStatement),
			Errors:  errorsWith(codeActiveStatements, codeActiveSessions, codeResourceNotFound, codeExecute),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "Sql": "select :a::int as a", "Parameters": [{"Name": "a", "Value": "5"}]}`,
			Differs: anyPlace,
		}, {
			Name: "BatchExecuteStatement", Behaviour: do(s.batchExecuteStatement),
			Errors:  errorsWith(codeActiveStatements, codeActiveSessions, codeResourceNotFound, codeBatchExecute),
			Example: `{"ClusterIdentifier": "etl", "DbUser": "awsuser", "Database": "dev", "Sqls": ["select 1", "select 2"]}`,
			Differs: anyPlace,
		}, {
			Name: "DescribeStatement", Behaviour: do(s.describeStatement),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Id": "` + exampleID + `"}`, Differs: anyCaller,
		}, {
			Name: "GetStatementResult", Behaviour: do(s.getStatementResult),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Id": "` + exampleID + `"}`, Differs: anyCaller,
		}, {
			Name: "GetStatementResultV2", Behaviour: do(s.getStatementResultV2),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Id": "` + exampleCSV + `"}`, Differs: anyCaller,
		}, {
			Name: "ListStatements", Behaviour: do(s.listStatements),
			Errors:  errorsWith(codeResourceNotFound),
			Example: `{"Status": "ALL", "MaxResults": 10}`, Differs: anyCaller,
		}, {
			Name: "CancelStatement", Behaviour: do(s.cancelStatement),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"Id": "` + runningID + `"}`, Differs: anyCaller,
		}, {
			Name: "ListSessions", Behaviour: do(s.listSessions),
			Errors:  errorsWith(),
			Example: `{"WorkgroupName": "etl"}`, Differs: anyCaller,
		},
	}
}

// catalogOperations look into the catalog.
func (s *Service) catalogOperations() []service.Operation {
	return []service.Operation{
		{
			Name: "ListDatabases", Behaviour: do(s.listDatabases),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev"}`,
		}, {
			Name: "ListSchemas", Behaviour: do(s.listSchemas),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "SchemaPattern": "pub%"}`,
		}, {
			Name: "ListTables", Behaviour: do(s.listTables),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "TablePattern": "dim%"}`,
		}, {
			Name: "DescribeTable", Behaviour: do(s.describeTable),
			Errors:  errorsWith(codeResourceNotFound, codeConnection, codeQueryTimeout),
			Example: `{"WorkgroupName": "etl", "Database": "dev", "Schema": "public"}`,
			Differs: ownTables,
		},
	}
}

// The statements of the examples: a finished one with a result, one with a result as CSV, and one that runs.
const (
	exampleCSV = "c5b6c0c9-0747-4bf4-b142-e8883122f766"
	exampleID  = "d9b6c0c9-0747-4bf4-b142-e8883122f766"
	runningID  = "a1b2c3d4-0747-4bf4-b142-e8883122f766"
)
