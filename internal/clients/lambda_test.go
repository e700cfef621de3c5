package clients

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

const handler = "def handler(event, context):\n    print('got', event)\n    return {'n': event['n'] + 1}\n"

// handlerZip is an archive with a handler of Python.
func handlerZip(t *testing.T) []byte {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not on this machine")
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	f, err := w.Create("index.py")
	if err == nil {
		_, err = f.Write([]byte(handler))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

// The AWS CLI makes, calls, changes and removes a function.
func TestLambdaCommands(t *testing.T) {
	requireCLI(t)
	s, folder := running(t, open), t.TempDir()
	for name, content := range map[string][]byte{"code.zip": handlerZip(t), "event.json": []byte(`{"n": 1}`)} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct{ command, want string }{
		{"lambda create-function --function-name cli --runtime python3.12 --handler index.handler --role arn:aws:iam::123456789012:role/x " +
			"--zip-file fileb://code.zip --query State --output text", "Active"},
		{"lambda create-function --function-name cli --runtime python3.12 --handler index.handler --role arn:aws:iam::123456789012:role/x " +
			"--zip-file fileb://code.zip", "(ResourceConflictException)"},
		{"lambda invoke --function-name cli --payload fileb://event.json out.json --query StatusCode --output text", "200"},
		{"lambda invoke --function-name cli --invocation-type DryRun out.json --query StatusCode --output text", "204"},
		{"lambda update-function-configuration --function-name cli --timeout 9 --environment Variables={A=b} --query [Timeout,Environment.Variables.A] --output text", "9\tb"},
		{"lambda update-function-code --function-name cli --zip-file fileb://code.zip --query LastUpdateStatus --output text", "Successful"},
		{"lambda list-functions --query Functions[?FunctionName=='cli'].Runtime --output text", "python3.12"},
		{"lambda put-function-concurrency --function-name cli --reserved-concurrent-executions 1 --query ReservedConcurrentExecutions --output text", "1"},
		{"lambda tag-resource --resource arn:aws:lambda:us-east-1:123456789012:function:cli --tags team=data", ""},
		{"lambda list-tags --resource arn:aws:lambda:us-east-1:123456789012:function:cli --query Tags.team --output text", "data"},
		{"lambda publish-version --function-name cli --description one --query Version --output text", "1"},
		{"lambda list-versions-by-function --function-name cli --query Versions[].Version --output text", "$LATEST\t1"},
		{"lambda create-alias --function-name cli --name live --function-version 1 --query AliasArn --output text", ":function:cli:live"},
		{"lambda create-alias --function-name cli --name live --function-version 1", "(ResourceConflictException)"},
		{"lambda update-alias --function-name cli --name live --description used --query Description --output text", "used"},
		{"lambda get-alias --function-name cli --name live --query FunctionVersion --output text", "1"},
		{"lambda list-aliases --function-name cli --query Aliases[].Name --output text", "live"},
		{"lambda invoke --function-name cli --qualifier live --payload fileb://event.json out.json --query ExecutedVersion --output text", "1"},
		{"lambda get-function --function-name cli:live --query Configuration.Version --output text", "1"},
		{"lambda delete-alias --function-name cli --name live", ""},
		{"lambda delete-function --function-name cli", ""},
		{"lambda get-function --function-name cli", "(ResourceNotFoundException)"},
	} {
		out, err := s.aws(t, folder, step.command)
		if !strings.Contains(out, step.want) || step.want == "" && err != nil {
			t.Fatalf("%s: %s, %v", step.command, out, err)
		}
	}
}

// The SDK for Go reads answers, logs and errors of functions.
func TestLambdaSDK(t *testing.T) {
	c, ctx, name := lambda.NewFromConfig(running(t, open).config()), t.Context(), aws.String("sdk")
	must[*lambda.CreateFunctionOutput](t)(c.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: name, Runtime: types.RuntimePython312, Handler: aws.String("index.handler"),
		Role: aws.String("arn:aws:iam::123456789012:role/x"), Code: &types.FunctionCode{ZipFile: handlerZip(t)},
	}))
	answer := must[*lambda.InvokeOutput](t)(c.Invoke(ctx, &lambda.InvokeInput{FunctionName: name, Payload: []byte(`{"n": 1}`), LogType: types.LogTypeTail}))
	if string(answer.Payload) != `{"n": 2}` || answer.StatusCode != 200 || answer.FunctionError != nil {
		t.Errorf("the answer is %d %s", answer.StatusCode, answer.Payload)
	}
	log, err := base64.StdEncoding.DecodeString(aws.ToString(answer.LogResult))
	if err != nil || !strings.Contains(string(log), "got {'n': 1}") {
		t.Errorf("the log is %s, %v", log, err)
	}
	answer = must[*lambda.InvokeOutput](t)(c.Invoke(ctx, &lambda.InvokeInput{FunctionName: name, Payload: []byte(`{}`)}))
	if aws.ToString(answer.FunctionError) != "Unhandled" || !strings.Contains(string(answer.Payload), `"errorType": "KeyError"`) {
		t.Errorf("the failure is %s %s", aws.ToString(answer.FunctionError), answer.Payload)
	}
	var unreadable *types.InvalidRequestContentException
	if _, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: name, Payload: []byte("nonsense")}); !errors.As(err, &unreadable) {
		t.Error(err)
	}
	var absent *types.ResourceNotFoundException
	if _, err := c.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("nobody")}); !errors.As(err, &absent) {
		t.Error(err)
	}
	must[*lambda.DeleteFunctionOutput](t)(c.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name}))
}
