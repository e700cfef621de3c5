package service_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/service/dynamodb"
	"github.com/stepwell/stepwell/service/events"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/service/redshiftserverless"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/scheduler"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

const account = "us-east-1:123456789012:"

// tables returns every service, prepared for the examples of its operations.
func tables(t *testing.T) []*service.Service {
	site := redshift.NewSite("us-east-1", "123456789012")
	clusters := redshift.New(site, &servicetest.Records{}).Table()
	prepare(t, clusters, "PauseCluster", `{"ClusterIdentifier": "nightly"}`)
	audit := openTables(t)
	return append(stores(t), openS3(t), openSNS(t), openStates(t), openRedshiftData(t), clusters, redshiftserverless.New(site).Table(), openBatch(t), openLambda(t), audit, openEvents(t), openScheduler(t))
}

// openCourier opens a courier that knows Step Functions and carries nothing.
func openCourier(t *testing.T) *target.Courier {
	c, err := target.Open(t.Context(), &servicetest.Records{}, target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c.Attach(new(servicetest.Machines).Table())
	return c
}

func openEvents(t *testing.T) *service.Service {
	s, err := events.Open(t.Context(), &servicetest.Records{}, openCourier(t), events.Options{Region: region, Account: accountID})
	if err != nil {
		t.Fatal(err)
	}
	prepare(t, s.Table(), "PutRule", `{"Name": "nightly", "ScheduleExpression": "rate(1 day)"}`)
	return s.Table()
}

func openScheduler(t *testing.T) *service.Service {
	s, err := scheduler.Open(t.Context(), &servicetest.Records{}, openCourier(t), scheduler.Options{Region: region, Account: accountID})
	if err != nil {
		t.Fatal(err)
	}
	prepare(t, s.Table(), "CreateSchedule", `{"Name": "nightly", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
		"Target": {"Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:nightly", "RoleArn": "arn:aws:iam::123456789012:role/run"}}`)
	return s.Table()
}

func openTables(t *testing.T) *service.Service {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := dynamodb.Open(t.Context(), store, store, region, accountID)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		store.Close()
	})
	prepare(t, s.Table(), "CreateTable", `{"TableName": "Audit", "BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": [{"AttributeName": "JobID", "AttributeType": "N"}], "KeySchema": [{"AttributeName": "JobID", "KeyType": "HASH"}]}`)
	return s.Table()
}

func openS3(t *testing.T) *service.Service {
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("etl-scripts"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), "etl-scripts", "load.sql", strings.NewReader("select 1"), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
	return s3.Table(store)
}

// The subscription that the examples of SNS ask about, as an earlier process left it.
const exampleSubscription = `{"ARN": "arn:aws:sns:us-east-1:123456789012:alerts:6b0e71bd-7e97-4d97-80ce-4a0994e55286", "Protocol": "file", "Endpoint": "all.jsonl",
	"TopicARN": "arn:aws:sns:us-east-1:123456789012:alerts", "Token": "2336412f37fb687f5d51e6e2425c464de257eb6c6d3a9f7b3c6e1d1f1d1e1c1b"}`

func openSNS(t *testing.T) *service.Service {
	records := &servicetest.Records{}
	if err := records.Put(t.Context(), "sns.subscription", "alerts", []byte(exampleSubscription)); err != nil {
		t.Fatal(err)
	}
	return openTopics(t, records, "us-east-1", "123456789012", nil, sns.Declared{Name: "alerts"}).Table()
}

// openTopics opens the notification service with topics.
func openTopics(t *testing.T, records service.Records, region, owner string, observers []sns.Observer, topics ...sns.Declared) *sns.Service {
	s, err := sns.Open(t.Context(), records, sns.Options{
		Region: region, Account: owner, Observers: observers, Transports: map[string]sns.Transport{"file": sns.Folder(t.TempDir())},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	for _, topic := range topics {
		if err := s.Declare(t.Context(), topic); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// The job that the examples of AWS Batch end, as an earlier process left it.
const endedJob = `{"ID": "0f6cbd0e-5d0c-4c0e-9a0e-3a0f4bb0b7a1", "Name": "load", "Status": "SUCCEEDED", "Stopped": 32503680000000, "Spec": {}}`

func openBatch(t *testing.T) *service.Service {
	records := &servicetest.Records{}
	if err := records.Put(t.Context(), "batch.job", "0f6cbd0e-5d0c-4c0e-9a0e-3a0f4bb0b7a1", []byte(endedJob)); err != nil {
		t.Fatal(err)
	}
	s, err := batch.Open(t.Context(), records, batch.Options{Region: "us-east-1", Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s.Table()
}

func openStates(t *testing.T) *service.Service {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := states.New()
	e := engine.Open(store, service.NewIntegrations(s.Table()), engine.Options{})
	s.Attach(e)
	s.Register(states.Machine{
		ARN:        "arn:aws:states:" + account + "stateMachine:nightly",
		Definition: `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`,
	})
	s.Register(states.Machine{
		ARN: "arn:aws:states:" + account + "stateMachine:quick", Express: true,
		Definition: `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`,
	})
	t.Cleanup(func() {
		e.Close()
		store.Close()
	})
	offerActivityTasks(t, s, e)
	breakExecution(t, e)
	startMapRun(t, e)
	return s.Table()
}

// startMapRun starts the map run that the examples are about, with a child that waits.
func startMapRun(t *testing.T, e *engine.Engine) {
	record, err := e.Start(t.Context(), engine.StartRequest{
		StateMachineARN: "arn:aws:states:" + account + "stateMachine:files", Name: "example", Input: "[1]",
		Definition: `{"StartAt": "A", "States": {"A": {"Type": "Map", "End": true, "Label": "each", "ItemProcessor": {
			"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
			"StartAt": "B", "States": {"B": {"Type": "Wait", "Seconds": 99999, "End": true}}}}}}`,
	})
	for runs := 0; runs == 0 && err == nil; {
		var list []engine.MapRun
		list, err = e.MapRuns(t.Context(), record.ARN)
		runs = len(list)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// breakExecution leaves the execution that the example of RedriveExecution is about.
func breakExecution(t *testing.T, e *engine.Engine) {
	record, err := e.Start(t.Context(), engine.StartRequest{
		StateMachineARN: "arn:aws:states:" + account + "stateMachine:nightly", Name: "broken",
		Definition: `{"StartAt": "A", "States": {"A": {"Type": "Fail"}}}`,
	})
	if err == nil {
		_, err = e.Wait(t.Context(), record.ARN)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// offerActivityTasks starts the executions whose tasks the examples of activities and task tokens are about.
func offerActivityTasks(t *testing.T, s *states.Service, e *engine.Engine) {
	row, _ := s.Table().Operation("CreateActivity")
	if _, err := row.Call(t.Context(), value.MustParse(`{"Name": "approve"}`), ""); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		if _, err := e.Start(t.Context(), engine.StartRequest{
			StateMachineARN: "arn:aws:states:" + account + "stateMachine:approval", Name: name,
			Definition: `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:` + account + `activity:approve", "End": true}}}`,
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// The statements that the examples of the Data API ask about, as an earlier process left them.
var statements = map[string]string{
	"d9b6c0c9-0747-4bf4-b142-e8883122f766": `{"Status": "FINISHED", "HasResultSet": true, "ResultRows": 0, "Request": {"Sqls": ["select 1"]},`,
	"c5b6c0c9-0747-4bf4-b142-e8883122f766": `{"Status": "FINISHED", "HasResultSet": true, "ResultRows": 0, "Request": {"Sqls": ["select 1"], "ResultFormat": "CSV"},`,
	"a1b2c3d4-0747-4bf4-b142-e8883122f766": `{"Status": "SUBMITTED", "Request": {"Sqls": ["select count(*) from generate_series(1, 100000000) a(x), generate_series(1, 100000) b(y) where x % 7 = y % 5"]},`,
}

func openRedshiftData(t *testing.T) *service.Service {
	w := duckdbtest.Open(t, warehouse.Options{})
	records := &servicetest.Records{}
	for id, text := range statements {
		body := text + `"ID": "` + id + `", "CreatedAt": "2999-01-01T00:00:00Z", "UpdatedAt": "2999-01-01T00:00:00Z"}`
		if err := records.Put(t.Context(), "redshiftdata.statement", id, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := redshiftdata.Open(t.Context(), w, records)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s.Table()
}

// Every operation has an example, and it succeeds.
func TestExamples(t *testing.T) {
	all := tables(t)
	tasks := service.NewIntegrations(all...)
	for _, table := range all {
		for number, operation := range table.Operations {
			action := strings.ToLower(operation.Name[:1]) + operation.Name[1:]
			task, err := servicetest.Task("arn:aws:states:::aws-sdk:"+table.Name+":"+action, operation.Example, int64(number))
			if err != nil {
				t.Errorf("%s %s: the example is not JSON: %v", table.Name, operation.Name, err)
				continue
			}
			if _, failure := tasks.Run(t.Context(), task, nil); failure != nil {
				t.Errorf("%s %s: %s: %s", table.Name, operation.Name, *failure.Error, *failure.Cause)
			}
		}
	}
}

// A table says each thing once, and every error of an operation is one of its service.
func TestTables(t *testing.T) {
	names := map[string]bool{}
	for _, table := range tables(t) {
		if names[table.Name] || table.SDK == "" || table.Protocol.ContentType == "" || table.Protocol.Endpoint == "" {
			t.Errorf("%s: a second table, or one without its names", table.Name)
		}
		names[table.Name] = true
		var codes []string
		for _, e := range table.Errors {
			if slices.Contains(codes, e.Code) || e.Status < 400 || e.Status > 599 {
				t.Errorf("%s: the error %s with the status %d", table.Name, e.Code, e.Status)
			}
			codes = append(codes, e.Code)
		}
		for i, operation := range table.Operations {
			if first, _ := table.Operation(operation.Name); first != &table.Operations[i] {
				t.Errorf("%s %s is there twice", table.Name, operation.Name)
			}
			if len(operation.Errors) == 0 {
				t.Errorf("%s %s names no errors", table.Name, operation.Name)
			}
			for _, code := range operation.Errors {
				if !slices.Contains(codes, code) {
					t.Errorf("%s %s: the service does not have the error %s", table.Name, operation.Name, code)
				}
			}
		}
	}
}
