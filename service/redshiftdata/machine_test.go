package redshiftdata

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
)

// task is a state of a chain of tasks. Its result is at $.NAME; an error goes there instead when it is the one expected.
type task struct{ name, operation, parameters, expected string }

// chain makes a state machine of tasks, one after the other, that ends with some of their results.
func chain(tasks []task, output string) string {
	var states strings.Builder
	for i, one := range tasks {
		next := "Output"
		if i+1 < len(tasks) {
			next = tasks[i+1].name
		}
		catch := ""
		if one.expected != "" {
			catch = fmt.Sprintf(`"Catch": [{"ErrorEquals": ["RedshiftData.%s"], "ResultPath": "$.%s", "Next": "%s"}], `, one.expected, one.name, next)
			next = "Unexpected"
		}
		fmt.Fprintf(&states, `"%s": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:%s", "Parameters": %s, %s"ResultPath": "$.%s", "Next": "%s"}, `,
			one.name, one.operation, one.parameters, catch, one.name, next)
	}
	return fmt.Sprintf(`{"StartAt": "%s", "States": {%s "Unexpected": {"Type": "Fail"}, "Output": {"Type": "Pass", "Parameters": %s, "End": true}}}`,
		tasks[0].name, &states, output)
}

// A state machine calls every operation, uses what one answers in the next, and catches errors by their names.
func TestStateMachine(t *testing.T) {
	p := start(t)
	definition := chain([]task{
		{"load", "batchExecuteStatement", `{"WorkgroupName": "etl", "Database": "dev", "SessionKeepAliveSeconds": 60, "WaitTimeSeconds": 30, "ExecutionMode": "AUTO_COMMIT",
			"Sqls": ["create table sales (id int, day date)", "insert into sales values (1, :day)", "create temp table today as select * from sales where day = :day"],
			"Parameters": [{"Name": "day", "Value.$": "$.day"}]}`, ""},
		{"look", "describeStatement", `{"Id.$": "$.load.Id", "WaitTimeSeconds": 30}`, ""},
		{"query", "executeStatement", `{"SessionId.$": "$.load.SessionId", "Sql": "select id, day from today", "WaitTimeSeconds": 30}`, ""},
		{"rows", "getStatementResult", `{"Id.$": "$.query.Id"}`, ""},
		{"query2", "executeStatement", `{"SessionId.$": "$.load.SessionId", "Sql": "select id, day from today", "WaitTimeSeconds": 30, "ResultFormat": "CSV"}`, ""},
		{"csv", "getStatementResultV2", `{"Id.$": "$.query2.Id"}`, ""},
		{"statements", "listStatements", `{"Status": "ALL", "WorkgroupName": "etl"}`, ""},
		{"sessions", "listSessions", `{"SessionId.$": "$.load.SessionId"}`, ""},
		{"databases", "listDatabases", `{"WorkgroupName": "etl", "Database": "dev"}`, ""},
		{"schemas", "listSchemas", `{"WorkgroupName": "etl", "Database": "dev", "SchemaPattern": "public"}`, ""},
		{"tables", "listTables", `{"WorkgroupName": "etl", "Database": "dev", "TablePattern": "sal%"}`, ""},
		{"table", "describeTable", `{"WorkgroupName": "etl", "Database": "dev", "Table": "sales"}`, ""},
		{"cancel", "cancelStatement", `{"Id.$": "$.query.Id"}`, service.ValidationException},
		{"lost", "describeStatement", `{"Id": "00000000-0000-0000-0000-000000000000"}`, codeResourceNotFound},
		{"elsewhere", "listSchemas", `{"WorkgroupName": "etl", "Database": "elsewhere"}`, codeConnection},
	}, `{"look.$": "$.look.SubStatements[*].Status", "rows.$": "$.rows.Records", "csv.$": "$.csv.Records", "statements.$": "$.statements.Statements[*].Status",
		"session.$": "$.sessions.Sessions[0].Status", "databases.$": "$.databases.Databases", "schemas.$": "$.schemas.Schemas",
		"tables.$": "$.tables.Tables[*].Name", "table.$": "$.table.ColumnList[*].TypeName", "cancel.$": "$.cancel.Error", "lost.$": "$.lost.Cause", "elsewhere.$": "$.elsewhere.Error"}`)
	const want = `{"look":["FINISHED","FINISHED","FINISHED"],"rows":[[{"LongValue":1},{"StringValue":"2026-03-01"}]],` +
		`"csv":[{"CSVRecords":"id,day\r\n1,2026-03-01\r\n"}],"statements":["FINISHED","FINISHED","FINISHED"],` +
		`"session":"AVAILABLE","databases":["dev"],"schemas":["public"],"tables":["sales"],"table":["int4","date"],` +
		`"cancel":"RedshiftData.ValidationException","lost":"Query does not exist. (Service: RedshiftData, Status Code: 400, Request ID: <uuid>)",` +
		`"elsewhere":"RedshiftData.DatabaseConnectionException"}`
	if got := execution(t, p, definition, `{"day": "2026-03-01"}`); got != want {
		t.Errorf("got %s", got)
	}
}

// execution runs a state machine to its end and returns its output.
func execution(t *testing.T, p *process, definition, input string) string {
	t.Helper()
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	tasks := service.NewIntegrations(p.Table())
	if _, err := asl.Parse(definition, asl.Options{Resource: tasks.Resolve}); err != nil {
		t.Fatal(err)
	}
	e := engine.Open(store, tasks, engine.Options{})
	defer e.Close()
	record, err := e.Start(t.Context(), engine.StartRequest{
		StateMachineARN: "arn:aws:states:us-east-1:123456789012:stateMachine:etl", Definition: definition, Input: input,
	})
	if err != nil {
		t.Fatal(err)
	}
	if record, err = e.Wait(t.Context(), record.ARN); err != nil || record.Error != nil {
		t.Fatalf("%+v, %v", record, err)
	}
	return servicetest.Mask(record.Output.Compact())
}
