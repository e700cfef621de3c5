package states_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/service"
)

// client is AWS's own, against the service over HTTP.
func client(t *testing.T) *sfn.Client {
	w := enter(t, t.TempDir())
	server := httptest.NewServer(api.New(api.Options{Services: []*service.Service{w.states.Table()}}))
	t.Cleanup(server.Close)
	return sfn.New(sfn.Options{
		BaseEndpoint: &server.URL, Region: "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
}

// must returns the answer of a call that has to succeed.
func must[T any](t *testing.T) func(answer T, err error) T {
	return func(answer T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}

// What a tool like Terraform does: create, read back equal, update, tag, delete.
func TestManagedByTool(t *testing.T) {
	c, ctx := client(t), t.Context()
	definition := approval
	created := must[*sfn.CreateStateMachineOutput](t)(c.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("m"), Definition: &definition, RoleArn: aws.String("r"), Publish: true,
		LoggingConfiguration: &types.LoggingConfiguration{Level: types.LogLevelOff, IncludeExecutionData: true},
		Tags:                 []types.Tag{{Key: aws.String("team"), Value: aws.String("data")}},
	}))
	read := must[*sfn.DescribeStateMachineOutput](t)(c.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineArn}))
	if *read.Definition != definition || *read.RoleArn != "r" || !read.LoggingConfiguration.IncludeExecutionData || !read.CreationDate.Equal(*created.CreationDate) {
		t.Errorf("read back %+v", read)
	}
	changed := `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`
	updated := must[*sfn.UpdateStateMachineOutput](t)(c.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{
		StateMachineArn: created.StateMachineArn, Definition: &changed, Publish: true,
	}))
	alias := must[*sfn.CreateStateMachineAliasOutput](t)(c.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{
		Name: aws.String("live"),
		RoutingConfiguration: []types.RoutingConfigurationListItem{
			{StateMachineVersionArn: created.StateMachineVersionArn, Weight: 10}, {StateMachineVersionArn: updated.StateMachineVersionArn, Weight: 90},
		},
	}))
	routes := must[*sfn.DescribeStateMachineAliasOutput](t)(c.DescribeStateMachineAlias(ctx,
		&sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: alias.StateMachineAliasArn})).RoutingConfiguration
	if len(routes) != 2 || routes[0].Weight != 10 || *routes[1].StateMachineVersionArn != *updated.StateMachineVersionArn {
		t.Errorf("routes %+v", routes)
	}
	must[*sfn.UntagResourceOutput](t)(c.UntagResource(ctx, &sfn.UntagResourceInput{ResourceArn: created.StateMachineArn, TagKeys: []string{"team"}}))
	must[*sfn.DeleteStateMachineAliasOutput](t)(c.DeleteStateMachineAlias(ctx, &sfn.DeleteStateMachineAliasInput{StateMachineAliasArn: alias.StateMachineAliasArn}))
	must[*sfn.DeleteStateMachineOutput](t)(c.DeleteStateMachine(ctx, &sfn.DeleteStateMachineInput{StateMachineArn: created.StateMachineArn}))
	_, err := c.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineArn})
	var gone *types.StateMachineDoesNotExist
	if !errors.As(err, &gone) {
		t.Errorf("after its end: %v", err)
	}
}

// A worker as people write them, and a caller who reads the history page by page.
func TestWorker(t *testing.T) {
	c, ctx := client(t), t.Context()
	activity := must[*sfn.CreateActivityOutput](t)(c.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("approve")})).ActivityArn
	m := must[*sfn.CreateStateMachineOutput](t)(c.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("m"), Definition: aws.String(approval), RoleArn: aws.String("r"),
	}))
	e := must[*sfn.StartExecutionOutput](t)(c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: m.StateMachineArn, Input: aws.String(`{"price": 7}`)}))
	task := must[*sfn.GetActivityTaskOutput](t)(c.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: activity, WorkerName: aws.String("desk")}))
	must[*sfn.SendTaskHeartbeatOutput](t)(c.SendTaskHeartbeat(ctx, &sfn.SendTaskHeartbeatInput{TaskToken: task.TaskToken}))
	must[*sfn.SendTaskSuccessOutput](t)(c.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: task.Input}))
	var seen []string
	pages := sfn.NewGetExecutionHistoryPaginator(c, &sfn.GetExecutionHistoryInput{ExecutionArn: e.ExecutionArn, MaxResults: 2})
	for pages.HasMorePages() {
		for _, event := range must[*sfn.GetExecutionHistoryOutput](t)(pages.NextPage(ctx)).Events {
			seen = append(seen, string(event.Type))
			if d := event.ActivityStartedEventDetails; d != nil && *d.WorkerName != "desk" {
				t.Errorf("taken by %s", *d.WorkerName)
			}
			if d := event.ExecutionSucceededEventDetails; d != nil && *d.Output != `{"price": 7}` {
				t.Errorf("output %s", *d.Output)
			}
		}
	}
	want := `["ExecutionStarted","TaskStateEntered","ActivityScheduled","ActivityStarted","ActivitySucceeded","TaskStateExited","ExecutionSucceeded"]`
	if got, _ := json.Marshal(seen); string(got) != want {
		t.Errorf("history %s", got)
	}
	_, err := c.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: task.Input})
	var late *types.TaskTimedOut
	if !errors.As(err, &late) {
		t.Errorf("a second answer: %v", err)
	}
	_, err = c.TestState(ctx, &sfn.TestStateInput{Definition: aws.String(`{"Type": "Succeed"}`)})
	if err == nil {
		t.Error("TestState is answered")
	}
}
