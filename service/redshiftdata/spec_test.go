package redshiftdata

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// The rows of section 2 of the specification: each operation with its errors.
var specification = map[string][]string{
	"ExecuteStatement": {
		service.ValidationException, codeExecute, codeActiveStatements, codeActiveSessions, codeResourceNotFound, codeInternalServer,
	},
	"BatchExecuteStatement": {
		service.ValidationException, codeBatchExecute, codeActiveStatements, codeActiveSessions, codeResourceNotFound, codeInternalServer,
	},
	"DescribeStatement":    {service.ValidationException, codeResourceNotFound, codeInternalServer},
	"GetStatementResult":   {service.ValidationException, codeResourceNotFound, codeInternalServer},
	"GetStatementResultV2": {service.ValidationException, codeResourceNotFound, codeInternalServer},
	"CancelStatement":      {service.ValidationException, codeResourceNotFound, codeInternalServer, codeConnection, codeQueryTimeout},
	"ListStatements":       {service.ValidationException, codeResourceNotFound, codeInternalServer},
	"ListDatabases":        {service.ValidationException, codeResourceNotFound, codeConnection, codeQueryTimeout, codeInternalServer},
	"ListSchemas":          {service.ValidationException, codeResourceNotFound, codeConnection, codeQueryTimeout, codeInternalServer},
	"ListTables":           {service.ValidationException, codeResourceNotFound, codeConnection, codeQueryTimeout, codeInternalServer},
	"DescribeTable":        {service.ValidationException, codeResourceNotFound, codeConnection, codeQueryTimeout, codeInternalServer},
	"ListSessions":         {service.ValidationException, codeInternalServer},
}

// unreachable are the errors that nothing can cause here, with the reason.
var unreachable = map[string]string{
	"DescribeStatement InternalServerException":   "it reads memory alone",
	"CancelStatement InternalServerException":     "it reads memory alone",
	"CancelStatement DatabaseConnectionException": "to cancel needs no connection",
	"CancelStatement QueryTimeoutException":       "it does not wait for the statement",
	"ListStatements ResourceNotFoundException":    "a cluster without statements has an empty list",
	"ListStatements InternalServerException":      "it reads memory alone",
	"ListSessions InternalServerException":        "it reads memory alone",
	"ListDatabases InternalServerException":       "an error of ours; see TestFailure",
	"ListSchemas InternalServerException":         "an error of ours; see TestFailure",
	"ListTables InternalServerException":          "an error of ours; see TestFailure",
	"DescribeTable InternalServerException":       "an error of ours; see TestFailure",
	"ListDatabases ResourceNotFoundException":     "an unknown cluster is a ValidationException, as AWS's service answers",
	"ListSchemas ResourceNotFoundException":       "an unknown cluster is a ValidationException, as AWS's service answers",
	"ListTables ResourceNotFoundException":        "an unknown cluster is a ValidationException, as AWS's service answers",
}

// specCase is one call; error is empty for one that succeeds. The request is in the names of the protocol, which are the
// state machines' names but for the parameters'.
type specCase struct {
	row       string // of the specification: section, and what stands there
	operation string
	error     string
	status    int
	text      string // in the error's message, or in the answer over HTTP
	before    func(p *process)
	request   string
}

const (
	somewhere = `"WorkgroupName": "etl", "Database": "dev"`
	nobody    = `{"Id": "00000000-0000-0000-0000-000000000000"}`
	noQuery   = "Query does not exist."
	noResult  = "Query does not have result. Please check query status with DescribeStatement."
)

// successes call every operation; $rows, $csv, $insert, $batch and $runs are statements.
var successes = []specCase{
	{row: "3.1 ExecuteStatement", operation: "ExecuteStatement", request: `{` + somewhere + `, "Sql": "select 1"}`, text: `"Database":"dev"`},
	{
		row: "3.1 WaitTimeSeconds", operation: "ExecuteStatement", text: `"Status":"FINISHED"`,
		request: `{` + somewhere + `, "Sql": "select 1", "WaitTimeSeconds": 30}`,
	},
	{row: "8 Create", operation: "ExecuteStatement", text: `"SessionId":`, request: `{` + somewhere + `, "Sql": "select 1", "SessionKeepAliveSeconds": 1}`},
	{
		row: "9 cluster, DbUser", operation: "ExecuteStatement", text: `"DbUser":"me"`,
		request: `{"ClusterIdentifier": "etl", "DbUser": "me", "Database": "dev", "Sql": "select 1"}`,
	}, {
		row: "9 any, SecretArn", operation: "ExecuteStatement", text: `"SecretArn":"etl/warehouse"`,
		request: `{` + somewhere + `, "SecretArn": "etl/warehouse", "Sql": "select 1"}`,
	}, {
		row: "5 Order", operation: "BatchExecuteStatement", text: `"Status":"FINISHED"`,
		request: `{` + somewhere + `, "Sqls": ["select 1", "select 2"], "WaitTimeSeconds": 30}`,
	}, {
		row: "5 AUTO_COMMIT", operation: "BatchExecuteStatement", text: `"HasResultSet":true,`,
		request: `{` + somewhere + `, "Sqls": ["select nothing", "select 2"], "ExecutionMode": "AUTO_COMMIT", "WaitTimeSeconds": 30}`,
	},
	{row: "3.2 DescribeStatement", operation: "DescribeStatement", request: `{"Id": "$rows"}`, text: `"ResultRows":1`},
	{row: "3.2 sub-statement id", operation: "DescribeStatement", request: `{"Id": "$batch:2"}`, text: `"QueryString":"select 2"`},
	{row: "3.2 SubStatements", operation: "DescribeStatement", request: `{"Id": "$batch"}`, text: `"SubStatements":[{`},
	{row: "4 in progress", operation: "DescribeStatement", request: `{"Id": "$runs"}`, text: `"Status":"STARTED"`},
	{row: "3.3 Output", operation: "GetStatementResult", request: `{"Id": "$rows"}`, text: `"Records":[[{"longValue":1}`},
	{row: "3.3 V2", operation: "GetStatementResultV2", request: `{"Id": "$csv"}`, text: `"CSVRecords":"a\r\n1\r\n"`},
	{row: "5 Results", operation: "GetStatementResult", request: `{"Id": "$batch:1"}`, text: `"TotalNumRows":1`},
	{row: "3.6 ListStatements", operation: "ListStatements", request: `{"Status": "FINISHED", "MaxResults": 1}`, text: `"NextToken":`},
	{row: "3.6 ListDatabases", operation: "ListDatabases", request: `{` + somewhere + `}`, text: `"Databases":["dev"]`},
	{row: "3.6 ListSchemas", operation: "ListSchemas", request: `{` + somewhere + `, "SchemaPattern": "p_bl%"}`, text: `"Schemas":["public"]`},
	{row: "3.6 ListTables", operation: "ListTables", request: `{` + somewhere + `, "TablePattern": "t"}`, text: `{"name":"t","schema":"public","type":"TABLE"}`},
	{row: "3.6 DescribeTable", operation: "DescribeTable", request: `{` + somewhere + `, "Schema": "public", "Table": "t"}`, text: `"name":"a"`},
	{row: "3.6 DescribeTable, no Table", operation: "DescribeTable", request: `{` + somewhere + `, "Schema": "pub%"}`, text: `"tableName":"t"`},
	{row: "8 ListSessions", operation: "ListSessions", request: `{"Status": "AVAILABLE"}`, text: `"SessionAliveSeconds":86400`},
	{row: "3.6 CancelStatement", operation: "CancelStatement", request: `{"Id": "$runs"}`, text: `{"Status":true}`},
}

// refusals have every error of every operation.
var refusals = slices.Concat(submitRefusals("ExecuteStatement", `"Sql": "select 1"`, codeExecute),
	submitRefusals("BatchExecuteStatement", `"Sqls": ["select 1"]`, codeBatchExecute), statementRefusals,
	lookRefusals("ListDatabases"), lookRefusals("ListSchemas"), lookRefusals("ListTables"), lookRefusals("DescribeTable"))

func validation(row, operation, request, text string) specCase {
	return specCase{row: row, operation: operation, error: service.ValidationException, status: 400, text: text, request: request}
}

// submitRefusals are those of both execute operations; sql is what they are to run, code their own error.
func submitRefusals(operation, sql, code string) []specCase {
	request := func(more string) string { return `{` + sql + `, ` + more + `}` }
	return []specCase{
		validation("13 both targets", operation, request(somewhere+`, "ClusterIdentifier": "etl"`), "Only one of"),
		validation("3.1 no target", operation, request(`"Database": "dev"`), "Either ClusterIdentifier or WorkgroupName"),
		validation("3.1 Database", operation, request(`"WorkgroupName": "etl"`), "Database is required"),
		validation("3.1 ClientToken", operation, request(somewhere+`, "ClientToken": "`+strings.Repeat("x", 65)+`"`), "less than or equal to 64"),
		validation("3.1 StatementName", operation, request(somewhere+`, "StatementName": "`+strings.Repeat("x", 2049)+`"`), "less than or equal to 2048"),
		validation("3.1 WaitTimeSeconds", operation, request(somewhere+`, "WaitTimeSeconds": 0`), "greater than or equal to 1"),
		validation("3.1 SessionKeepAliveSeconds", operation, request(somewhere+`, "SessionKeepAliveSeconds": 86401`), "less than or equal to 86400"),
		validation("3.1 ResultFormat", operation, request(somewhere+`, "ResultFormat": "XML"`), "[JSON, CSV]"),
		validation("9 workgroup, DbUser", operation, request(somewhere+`, "DbUser": "me"`), "DbUser cannot be given"),
		validation("9 SecretArn", operation, request(somewhere+`, "SecretArn": "arn:aws:s3:::b"`), "is not the ARN of a secret"),
		validation("7 same token, other input", operation, request(somewhere+`, "ClientToken": "taken"`), "was given with another request"),
		{
			row: "8 One at a time", operation: operation, error: service.ValidationException, status: 400,
			request: request(`"SessionId": "$busy"`), text: "is busy with the statement",
		}, {
			row: "11 statement text", operation: operation, error: service.ValidationException, status: 400, text: "exceeds the limit",
			request: request(somewhere), before: func(p *process) { p.quotas.text = 5 },
		}, {
			row: "11 active statements", operation: operation, error: codeActiveStatements, status: 400, text: "exceeded the allowed quota",
			request: request(somewhere), before: func(p *process) { p.quotas.active = 0 },
		}, {
			row: "11 active sessions", operation: operation, error: codeActiveSessions, status: 400, text: "exceeded the allowed quota",
			request: request(somewhere + `, "SessionKeepAliveSeconds": 5`), before: func(p *process) { p.quotas.sessions = 0 },
		}, {
			row: "8 unknown session", operation: operation, error: codeResourceNotFound, status: 400, text: "does not exist or is closed",
			request: request(`"SessionId": "00000000-0000-0000-0000-000000000000"`),
		}, {
			row: "2 " + code, operation: operation, error: code, status: 500, text: "could not be recorded",
			request: request(somewhere), before: func(p *process) { p.records.Fail = errors.New("no space left") },
		}, {
			row: "2 InternalServerException", operation: operation, error: codeInternalServer, status: 500, text: "internal error",
			request: request(somewhere), before: func(p *process) { p.closed = true },
		},
	}
}

var statementRefusals = []specCase{
	validation("3.1 Sql", "ExecuteStatement", `{`+somewhere+`}`, "Member must not be null"),
	validation("6 zero-length value", "ExecuteStatement", `{`+somewhere+`, "Sql": "select :x", "Parameters": [{"name": "x", "value": ""}]}`, "greater than or equal to 1"),
	validation("6 unused", "ExecuteStatement", `{`+somewhere+`, "Sql": "select 1", "Parameters": [{"name": "x", "value": "1"}]}`, "Unused parameters: [x]"),
	validation("6 missing", "ExecuteStatement", `{`+somewhere+`, "Sql": "select :x, :y", "Parameters": [{"name": "x", "value": "1"}]}`, "Missing parameters: [y]"),
	validation("6 duplicated", "ExecuteStatement", `{`+somewhere+`, "Sql": "select :x", "Parameters": [{"name": "x", "value": "1"}, {"name": "x", "value": "2"}]}`,
		"Duplicate parameters: [x]"),
	validation("11 batch", "BatchExecuteStatement", `{`+somewhere+`, "Sqls": [`+strings.Repeat(`"select 1", `, 40)+`"select 1"]}`, "less than or equal to 40"),
	validation("5 Parameters", "BatchExecuteStatement", `{`+somewhere+`, "Sqls": ["select 1", "select 2"], "Parameters": [{"name": "x", "value": "1"}]}`,
		"Unused parameters: [x]"),
	validation("3.2 Id pattern", "DescribeStatement", `{"Id": "x"}`, "regular expression"),
	validation("3.2 Id pattern", "GetStatementResult", `{"Id": "x"}`, "regular expression"),
	validation("3.2 Id pattern", "GetStatementResultV2", `{"Id": "x"}`, "regular expression"),
	validation("3.2 Id pattern", "CancelStatement", `{"Id": "x"}`, "regular expression"),
	validation("3.3 NextToken", "GetStatementResult", `{"Id": "$rows", "NextToken": "x"}`, "Invalid NextToken"),
	validation("3.3 batch parent", "GetStatementResult", `{"Id": "$batch"}`, "is a batch"),
	validation("3.3 CSV was asked", "GetStatementResult", `{"Id": "$csv"}`, "GetStatementResultV2"),
	validation("3.3 and vice versa", "GetStatementResultV2", `{"Id": "$rows"}`, "with GetStatementResult."),
	validation("3.6 already finished", "CancelStatement", `{"Id": "$rows"}`, "already in FINISHED state"),
	validation("3.6 sub-id not cancellable", "CancelStatement", `{"Id": "$batch:1"}`, "cannot be cancelled alone"),
	validation("3.6 MaxResults", "ListStatements", `{"MaxResults": 101}`, "less than or equal to 100"),
	validation("3.6 Status", "ListStatements", `{"Status": "GONE"}`, "SUBMITTED, PICKED"),
	validation("8 Status", "ListSessions", `{"Status": "GONE"}`, "AVAILABLE, BUSY, CLOSED"),
	notFound("3.3 unknown", "DescribeStatement", nobody, noQuery),
	notFound("3.3 unknown", "GetStatementResult", nobody, noQuery),
	notFound("3.3 unknown", "GetStatementResultV2", nobody, noQuery),
	notFound("3.3 unknown", "CancelStatement", nobody, noQuery),
	notFound("5 no such sub-statement", "DescribeStatement", `{"Id": "$batch:3"}`, noQuery),
	notFound("3.3 HasResultSet false", "GetStatementResult", `{"Id": "$insert"}`, noResult),
	notFound("3.3 HasResultSet false", "GetStatementResultV2", `{"Id": "$insert"}`, noResult),
	notFound("3.3 status not FINISHED", "GetStatementResult", `{"Id": "$runs"}`, noResult),
	old("DescribeStatement"), old("GetStatementResult"), old("GetStatementResultV2"), old("CancelStatement"),
	unreadablePage("GetStatementResult", "$rows"), unreadablePage("GetStatementResultV2", "$csv"),
	notFound("3.6 no such table", "DescribeTable", `{`+somewhere+`, "Table": "nope"}`, "does not exist"),
}

func notFound(row, operation, request, text string) specCase {
	return specCase{row: row, operation: operation, error: codeResourceNotFound, status: 400, text: text, request: request}
}

func old(operation string) specCase {
	c := notFound("3.3 older than 24 h", operation, `{"Id": "$rows"}`, noQuery)
	c.before = func(p *process) { p.later(25 * time.Hour) }
	return c
}

func unreadablePage(operation, id string) specCase {
	return specCase{
		row: "2 InternalServerException", operation: operation, error: codeInternalServer, status: 500, text: "internal error",
		request: `{"Id": "` + id + `"}`, before: func(p *process) { p.Service.records = broken{p.records} },
	}
}

// broken are records that give nothing back.
type broken struct{ service.Records }

func (broken) Get(context.Context, string, string) ([]byte, bool, error) {
	return nil, false, fault.New(fault.Internal, "the disk is gone")
}

// lookRefusals are those of the operations that look into the catalog.
func lookRefusals(operation string) []specCase {
	return []specCase{
		validation("3.6 Database", operation, `{"WorkgroupName": "etl"}`, "Member must not be null"),
		validation("3.6 MaxResults", operation, `{`+somewhere+`, "MaxResults": 1001}`, "less than or equal to 1000"),
		validation("3.6 NextToken", operation, `{`+somewhere+`, "NextToken": "x"}`, "Invalid NextToken"),
		{
			row: "3.6 missing cluster", operation: operation, error: service.ValidationException, status: 400, text: "Redshift endpoint doesn't exist",
			request: `{"ClusterIdentifier": "other", "Database": "dev"}`,
		}, {
			row: "4 fails to connect", operation: operation, error: codeConnection, status: 500, text: `database "elsewhere" does not exist`,
			request: `{"WorkgroupName": "etl", "Database": "elsewhere"}`,
		}, {
			row: "3.6 time out", operation: operation, error: codeQueryTimeout, status: 400, text: "did not answer",
			request: `{` + somewhere + `}`, before: func(p *process) { p.quotas.lookup = 0 },
		},
	}
}

// prepare makes the statements that the cases name.
func prepare(t *testing.T) (*process, *strings.Replacer) {
	where := site()
	p := start(t, At(where))
	where.Declare(redshift.Names{Clusters: []string{"etl"}})
	p.hold()
	day, tokened, csv, kept := int64(86400), to, to, to
	tokened.ClientToken, csv.ResultFormat, kept.SessionKeepAliveSeconds = "taken", formatCSV, &day
	insert := p.ask(tokened, "create table u (a int); insert into u values (1)").Id
	rows, table, batch := p.done("select 1 as a"), p.ask(csv, "select 1 as a").Id, p.batch(transaction, "select 1", "select 2")
	idle := p.ask(kept, "select 1").Id
	for _, id := range []string{insert, table, batch, idle} {
		p.wait(id)
	}
	runs := p.ask(kept, "insert into t values (1)")
	<-p.waiting
	return p, strings.NewReplacer("$rows", rows, "$csv", table, "$insert", insert, "$batch", batch, "$runs", runs.Id, "$busy", runs.SessionId)
}

// call changes the service for one case, calls it and takes the change back.
func (c specCase) call(p *process, do func()) {
	if c.before == nil {
		do()
		return
	}
	quotas, now, records := p.quotas, p.now, p.Service.records
	c.before(p)
	do()
	p.quotas, p.now, p.Service.records, p.closed, p.records.Fail = quotas, now, records, false, nil
}

func (c specCase) name() string { return c.operation + " " + strings.ReplaceAll(c.row, " ", "_") }

// Clients over HTTP get every answer and every error of the specification.
func TestSpecificationOverHTTP(t *testing.T) {
	p, ids := prepare(t)
	table := p.Table()
	for _, c := range slices.Concat(refusals, successes) {
		row, ok := table.Operation(c.operation)
		if !ok {
			t.Fatalf("no operation %s", c.operation)
		}
		c.call(p, func() {
			answer, err := table.CallJSON(t.Context(), row, value.MustParse(ids.Replace(c.request)))
			if err == nil {
				if c.error != "" || !strings.Contains(answer.Compact(), c.text) {
					t.Errorf("%s: %s", c.name(), answer.Compact())
				}
				return
			}
			problem := table.Problem(err)
			if problem.Code != c.error || problem.Status != c.status || !strings.Contains(problem.Message, c.text) {
				t.Errorf("%s: %d %s: %s", c.name(), problem.Status, problem.Code, problem.Message)
			}
			if member := detailMembers[c.error]; member != "" {
				if _, told := problem.Members[member]; !told {
					t.Errorf("%s: no %s", c.name(), member)
				}
			}
		})
	}
}

// detailMembers are what the errors have beside the message.
var detailMembers = map[string]string{codeResourceNotFound: "ResourceId", codeExecute: "StatementId", codeBatchExecute: "StatementId"}

// State machines get them too, under the names that Step Functions gives them.
func TestSpecificationInStateMachines(t *testing.T) {
	p, ids := prepare(t)
	tasks := service.NewIntegrations(p.Table())
	names := strings.NewReplacer(`"name":`, `"Name":`, `"value":`, `"Value":`)
	for number, c := range slices.Concat(refusals, successes) {
		resource := "arn:aws:states:::aws-sdk:redshiftdata:" + strings.ToLower(c.operation[:1]) + c.operation[1:]
		task, err := servicetest.Task(resource, names.Replace(ids.Replace(c.request)), int64(number))
		if err != nil {
			t.Fatal(c.name(), err)
		}
		c.call(p, func() {
			answer, failure := tasks.Run(t.Context(), task, nil)
			if failure == nil {
				if c.error != "" {
					t.Errorf("%s: %s", c.name(), answer.Compact())
				}
				return
			}
			if *failure.Error != "RedshiftData."+c.error || !strings.Contains(*failure.Cause, fmt.Sprintf("Status Code: %d", c.status)) ||
				!strings.Contains(*failure.Cause, c.text) {
				t.Errorf("%s: %s: %s", c.name(), *failure.Error, *failure.Cause)
			}
		})
	}
}

// The table has the operations and errors of the specification, and each has its case or a reason.
func TestSpecificationIsCovered(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range slices.Concat(refusals, successes) {
		covered[strings.TrimSpace(c.operation+" "+c.error)] = true
	}
	for _, row := range new(Service).Table().Operations {
		want := slices.Sorted(slices.Values(specification[row.Name]))
		if got := slices.Sorted(slices.Values(row.Errors)); !slices.Equal(got, want) {
			t.Errorf("%s has the errors %v, specified are %v", row.Name, got, want)
		}
		if !covered[row.Name] {
			t.Errorf("no case of %s succeeds", row.Name)
		}
		for _, code := range want {
			call := row.Name + " " + code
			if _, excused := unreachable[call]; covered[call] == excused {
				t.Errorf("%s: a case: %t, a reason for none: %t", call, covered[call], excused)
			}
		}
	}
	if all := len(new(Service).Table().Operations); all != len(specification) {
		t.Errorf("%d operations, %d are specified", all, len(specification))
	}
}

// SQLSTATEs are no names of the API, and what is broken inside is not told.
func TestFailure(t *testing.T) {
	for _, c := range []struct {
		err        error
		code, text string
	}{
		{missing("x", "Query does not exist."), codeResourceNotFound, noQuery},
		{fault.New(fault.NotFound, "relation \"svv_tables\" does not exist").WithCode("42P01"), service.ValidationException, "ERROR: relation \"svv_tables\" does not exist"},
		{fault.New(fault.Unsupported, "nothing like it"), service.ValidationException, "ERROR: nothing like it"},
		{fault.New(fault.Internal, "page 7 is torn").WithCode("XX000"), codeInternalServer, "The request failed because of an internal error."},
		{errors.New("disk full"), codeInternalServer, "The request failed because of an internal error."},
	} {
		var f *fault.Fault
		if got := failure(c.err); !errors.As(got, &f) || f.Code != c.code || f.Message != c.text {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}
