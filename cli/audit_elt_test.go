package cli_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// eltJob is what stepwell audit shows of job 101: its state, and whether it has begun and ended.
func eltJob(t *testing.T, folder string) string {
	t.Helper()
	out, err := stepwell(t, "audit", "--project", folder, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	job, _, _ := strings.Cut(string(out), "\n")
	_, state, _ := strings.Cut(job, `"JobState":"`)
	state, _, _ = strings.Cut(state, `"`)
	for _, name := range []string{"JobStart", "JobEnd"} {
		if strings.Contains(job, name) {
			state += " " + name
		}
	}
	return state
}

// setReady is what a person does after a failure: the item is edited through the server. While this runs, the rule has its
// next run, and of two runs only one gets a job.
func setReady(t *testing.T, folder string) {
	t.Helper()
	server, endpoint, _ := startUp(t, folder)
	config := aws.Config{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")}
	_, err := dynamodb.NewFromConfig(config).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 aws.String("elt-audit"),
		Key:                       map[string]dynamodbtypes.AttributeValue{"JobID": &dynamodbtypes.AttributeValueMemberN{Value: "101"}},
		UpdateExpression:          aws.String("SET JobState = :ready"),
		ExpressionAttributeValues: map[string]dynamodbtypes.AttributeValue{":ready": &dynamodbtypes.AttributeValueMemberS{Value: "Ready"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ function, event, want string }{
		{"elt-read-job", `{"JobID": 102}`, `"JobState": "Ready"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "a"}`, `"JobState": "Running"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "a"}`, `"JobState": "Running"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "b"}`, `another run has job 102`},
		{"elt-release-job", `{"JobID": 102}`, `"JobState": "Ready"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "b"}`, `"JobState": "Running"`},
	} {
		answer, err := lambda.NewFromConfig(config).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &x.function, Payload: []byte(x.event)})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(answer.Payload), x.want) {
			t.Errorf("%s of %s gives %s, want %s", x.function, x.event, answer.Payload, x.want)
		}
	}
	if err := errors.Join(server.Process.Signal(os.Interrupt), server.Wait()); err != nil {
		t.Error(err)
	}
	planned, err := stepwell(t, "schedules", "--project", folder, "--json").Output()
	if err != nil || !strings.Contains(string(planned), `"scheduleExpression":"rate(5 minutes)"`) || strings.Contains(string(planned), `"nextRun":null`) {
		t.Errorf("the plans are %s, %v", planned, err)
	}
}
