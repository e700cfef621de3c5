package api_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	datatypes "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/service"
)

func TestStatesClient(t *testing.T) {
	client := open(t, api.Options{Services: tables(t)}).sfn()
	started, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{
		StateMachineArn: aws.String(nightly), Name: aws.String("first"), Input: aws.String(`{"day": "2024-01-02"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if age := time.Since(*started.StartDate); age < -time.Second || age > time.Minute {
		t.Errorf("the execution started %s ago", age)
	}
	described, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
	if err != nil {
		t.Fatal(err)
	}
	if *described.Name != "first" || *described.Input != `{"day": "2024-01-02"}` || *described.StateMachineArn != nightly {
		t.Errorf("described as %s with %s of %s", *described.Name, *described.Input, *described.StateMachineArn)
	}
	var types []sfntypes.HistoryEventType
	for len(types) == 0 || types[len(types)-1] != sfntypes.HistoryEventTypeExecutionSucceeded {
		history, err := client.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: started.ExecutionArn})
		if err != nil {
			t.Fatal(err)
		}
		types = nil
		for _, event := range history.Events {
			types = append(types, event.Type)
		}
		if end := history.Events[len(types)-1].ExecutionSucceededEventDetails; end != nil && *end.Output != `{"rows":5}` {
			t.Errorf("the output is %s", *end.Output)
		}
	}
	want := []sfntypes.HistoryEventType{"ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"}
	if !slices.Equal(types, want) {
		t.Errorf("the history is %s", types)
	}
}

// What was created reads back the same.
func TestStatesCreate(t *testing.T) {
	client := open(t, api.Options{Services: tables(t)}).sfn()
	const definition = `{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}`
	created, err := client.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("hourly"), Definition: aws.String(definition), RoleArn: aws.String("arn:aws:iam::123456789012:role/r"),
		Tags: []sfntypes.Tag{{Key: aws.String("team"), Value: aws.String("data")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	described, err := client.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineArn})
	if err != nil {
		t.Fatal(err)
	}
	if *described.Definition != definition || described.Type != sfntypes.StateMachineTypeStandard || !described.CreationDate.Equal(*created.CreationDate) {
		t.Errorf("described as %s, %s, %s", *described.Definition, described.Type, described.CreationDate)
	}
	tags, err := client.ListTagsForResource(t.Context(), &sfn.ListTagsForResourceInput{ResourceArn: created.StateMachineArn})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Value != "data" {
		t.Errorf("the tags are %v, %v", tags, err)
	}
}

func TestStatesErrors(t *testing.T) {
	client := open(t, api.Options{Services: tables(t)}).sfn()
	_, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String(nightly + "x")})
	var missing *sfntypes.StateMachineDoesNotExist
	if !errors.As(err, &missing) || missing.ErrorMessage() != "State Machine Does Not Exist: '"+nightly+"x'" {
		t.Errorf("an unknown state machine answers %v", err)
	}
	_, err = client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: aws.String("")})
	expect(t, err, "ValidationException", "1 validation error detected: Value '' at 'executionArn' failed to satisfy constraint: "+
		"Member must have length greater than or equal to 1")
}

// expect holds an SDK's error against a code and a message; an empty message is not compared.
func expect(t *testing.T, err error, code, message string) {
	t.Helper()
	var problem smithy.APIError
	if !errors.As(err, &problem) {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	if problem.ErrorCode() != code || message != "" && problem.ErrorMessage() != message {
		t.Errorf("got %s %q\nwant %s %q", problem.ErrorCode(), problem.ErrorMessage(), code, message)
	}
}

func TestRedshiftDataClient(t *testing.T) {
	client := open(t, api.Options{Services: []*service.Service{openRedshiftData(t)}}).redshiftdata()
	submitted, err := client.ExecuteStatement(t.Context(), &redshiftdata.ExecuteStatementInput{
		WorkgroupName: aws.String("etl"), Database: aws.String("dev"), Sql: aws.String("select :n::int + 1 as n, 'a<b' as t, null as e"),
		Parameters: []datatypes.SqlParameter{{Name: aws.String("n"), Value: aws.String("41")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	status := datatypes.StatusStringSubmitted
	for status == datatypes.StatusStringSubmitted || status == datatypes.StatusStringPicked || status == datatypes.StatusStringStarted {
		described, err := client.DescribeStatement(t.Context(), &redshiftdata.DescribeStatementInput{Id: submitted.Id})
		if err != nil {
			t.Fatal(err)
		}
		status = described.Status
	}
	result, err := client.GetStatementResult(t.Context(), &redshiftdata.GetStatementResultInput{Id: submitted.Id})
	if err != nil {
		t.Fatal(err)
	}
	row := result.Records[0]
	n, _ := row[0].(*datatypes.FieldMemberLongValue)
	text, _ := row[1].(*datatypes.FieldMemberStringValue)
	null, _ := row[2].(*datatypes.FieldMemberIsNull)
	if n == nil || n.Value != 42 || text == nil || text.Value != "a<b" || null == nil || !null.Value || *result.ColumnMetadata[0].Name != "n" {
		t.Errorf("the result is %#v", row)
	}
	_, err = client.DescribeStatement(t.Context(), &redshiftdata.DescribeStatementInput{Id: aws.String("00000000-0000-0000-0000-000000000000")})
	var missing *datatypes.ResourceNotFoundException
	if !errors.As(err, &missing) {
		t.Errorf("an unknown statement answers %v", err)
	}
}

func TestSNSClient(t *testing.T) {
	client := open(t, api.Options{Services: tables(t)}).sns()
	published, err := client.Publish(t.Context(), &awssns.PublishInput{
		TopicArn: aws.String(topic), Message: aws.String("5 rows & more"),
		MessageAttributes: map[string]snstypes.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("load")}},
	})
	if err != nil || *published.MessageId == "" {
		t.Fatal(err)
	}
	_, err = client.Publish(t.Context(), &awssns.PublishInput{TopicArn: aws.String(topic + "x"), Message: aws.String("hello")})
	var missing *snstypes.NotFoundException
	if !errors.As(err, &missing) {
		t.Errorf("an unknown topic answers %v", err)
	}
	_, err = client.ListPhoneNumbersOptedOut(t.Context(), &awssns.ListPhoneNumbersOptedOutInput{})
	expect(t, err, "InvalidAction", `The action "ListPhoneNumbersOptedOut" is not known or not supported`)
	created, err := client.CreateTopic(t.Context(), &awssns.CreateTopicInput{Name: aws.String("loads"), Attributes: map[string]string{"DisplayName": "Loads & more"}})
	if err != nil {
		t.Fatal(err)
	}
	attributes, err := client.GetTopicAttributes(t.Context(), &awssns.GetTopicAttributesInput{TopicArn: created.TopicArn})
	if err != nil || attributes.Attributes["DisplayName"] != "Loads & more" {
		t.Errorf("attributes %v, %v", attributes, err)
	}
	batch, err := client.PublishBatch(t.Context(), &awssns.PublishBatchInput{TopicArn: created.TopicArn, PublishBatchRequestEntries: []snstypes.PublishBatchRequestEntry{
		{Id: aws.String("a"), Message: aws.String("one")}, {Id: aws.String("b"), Message: aws.String("")},
	}})
	if err != nil || len(batch.Successful) != 1 || len(batch.Failed) != 1 || *batch.Failed[0].Code != "InvalidParameter" {
		t.Errorf("batch %+v, %v", batch, err)
	}
}
