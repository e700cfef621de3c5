package service_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// pipeline reads a script from a bucket, runs it, polls until it is done and tells a topic.
const pipeline = `
Parameters:
  Cluster: {Type: String, Default: etl}
Resources:
  Scripts: {Type: AWS::S3::Bucket, Properties: {BucketName: etl-scripts}}
  Alerts: {Type: AWS::SNS::Topic, Properties: {TopicName: alerts}}
  Role: {Type: AWS::IAM::Role}
  Refresh:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      DefinitionString: !Sub |
        {
          "StartAt": "Read",
          "States": {
            "Read": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "ResultPath": "$.script",
              "Parameters": {"Bucket": "${Scripts}", "Key": "load.sql"}, "Next": "Run"},
            "Run": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:batchExecuteStatement", "ResultPath": "$.sql",
              "Parameters": {"ClusterIdentifier": "${Cluster}", "Database": "dev", "DbUser": "awsuser", "Sqls.$": "States.Array($.script.Body)"},
              "Next": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 5, "Next": "Look"},
            "Look": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:describeStatement", "ResultPath": "$.sql",
              "Parameters": {"Id.$": "$.sql.Id"}, "Next": "Done?"},
            "Done?": {"Type": "Choice", "Default": "Wait", "Choices": [
              {"Variable": "$.sql.Status", "StringEquals": "FINISHED", "Next": "Tell"},
              {"Variable": "$.sql.Status", "StringEquals": "FAILED", "Next": "Broken"}]},
            "Tell": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "OutputPath": "$.MessageId",
              "Parameters": {"TopicArn": "${Alerts}", "Message.$": "$.sql"}, "End": true},
            "Broken": {"Type": "Fail", "Error": "Sql", "CausePath": "$.sql.Error"}
          }
        }
`

func TestPipeline(t *testing.T) {
	for _, c := range []struct {
		name, script string
		status       machine.Status
		cause        string
	}{
		{"good", "create table if not exists t (a int); insert into t values (1), (2); select count(*) from t", machine.Succeeded, ""},
		{"bad", "create table u (a int); select 1/(count(1)-count(1)) from u", machine.Failed, "Query #1 failed with ERROR: Divide by zero"},
	} {
		t.Run(c.name, func(t *testing.T) {
			record := refresh(t, c.script)
			cause := ""
			if record.Cause != nil {
				cause = *record.Cause
			}
			if record.Status != c.status || cause != c.cause {
				t.Errorf("%s: %s", record.Status, cause)
			}
		})
	}
}

// refresh deploys the pipeline in an empty folder and runs it to its end.
func refresh(t *testing.T, script string) engine.Record {
	stack, err := template.Parse(pipeline, template.Options{File: "template.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	buckets := dir.New(filepath.Join(folder, "buckets"), nil)
	for _, b := range stack.Buckets {
		if err := buckets.Make(b.Name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := buckets.Put(t.Context(), "etl-scripts", "load.sql", strings.NewReader(script), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
	w := duckdbtest.Open(t, warehouse.Options{Buckets: buckets})
	store, err := sqlite.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	data, err := redshiftdata.Open(t.Context(), w, store)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	var declared []sns.Declared
	for _, topic := range stack.Topics {
		declared = append(declared, sns.Declared{Name: topic.Name})
	}
	observers := []sns.Observer{sns.File(filepath.Join(folder, "notifications.jsonl"))}
	topics := openTopics(t, store, "us-east-1", "123456789012", observers, declared...)
	tasks := service.NewIntegrations(s3.Table(buckets), data.Table(), topics.Table())
	e := engine.Open(store, tasks, engine.Options{WaitCap: time.Millisecond})
	defer e.Close()
	m := stack.StateMachines[0]
	if _, err := asl.Parse(m.Definition, asl.Options{File: m.File, Resource: tasks.Resolve}); err != nil {
		t.Fatal(err)
	}
	record, err := e.Start(t.Context(), engine.StartRequest{StateMachineARN: m.ARN, Definition: m.Definition, File: m.File, RoleARN: m.RoleARN})
	if err != nil {
		t.Fatal(err)
	}
	if record, err = e.Wait(t.Context(), record.ARN); err != nil {
		t.Fatal(err)
	}
	return record
}

// A mistake in a definition stands on the template's line, and a resource that is not there is one of the mistakes.
func TestFindingsPointIntoTheTemplate(t *testing.T) {
	text := strings.NewReplacer(`"Next": "Look"`, `"Next": "Lokk"`, "sns:publish", "sqs:sendMessage").Replace(pipeline)
	stack, err := template.Parse(text, template.Options{File: "template.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	tasks := service.NewIntegrations(tables(t)...)
	m := stack.StateMachines[0]
	_, err = asl.Parse(m.Definition, asl.Options{File: m.File, Resource: tasks.Resolve})
	var findings asl.Findings
	if !errors.As(err, &findings) {
		t.Fatalf("no findings: %v", err)
	}
	for what, mark := range map[string]string{"Lokk": `"Lokk"`, "sqs": "sqs:sendMessage"} {
		line := 1 + strings.Count(text[:strings.Index(text, mark)], "\n")
		found := false
		for _, f := range findings {
			found = found || f.Position.File == "template.yaml" && f.Position.Line == line && strings.Contains(f.Message, what)
		}
		if !found {
			t.Errorf("nothing about %s on line %d:\n%v", what, line, err)
		}
	}
}

// Parameters that the operation does not have end the execution, as on AWS, without a way to catch it.
func TestBadParameters(t *testing.T) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	e := engine.Open(store, service.NewIntegrations(fake), engine.Options{})
	defer e.Close()
	record, err := e.Start(t.Context(), engine.StartRequest{
		StateMachineARN: "arn:aws:states:" + account + "stateMachine:m",
		Definition: `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:fake:echo",
			"Parameters": {"Tex": "x"}, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}], "End": true}, "B": {"Type": "Pass", "End": true}}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	if record, err = e.Wait(t.Context(), record.ARN); err != nil {
		t.Fatal(err)
	}
	const want = `An error occurred while executing the state 'A' (entered at the event id #2). The Parameters '{"Tex":"x"}' ` +
		`could not be used to start the Task: [The field "Tex" is not supported by Step Functions]`
	if record.Error == nil || *record.Error != "States.Runtime" || record.Cause == nil || *record.Cause != want {
		t.Errorf("%s: %v", record.Status, record)
	}
}
