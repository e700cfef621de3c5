package cli_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/jackc/pgx/v5"
)

// A project that is served answers an AWS SDK and a PostgreSQL client, and Ctrl-C ends it well.
func TestUp(t *testing.T) {
	folder := t.TempDir()
	definition := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"done": true}, "End": true}}}`
	if err := os.WriteFile(filepath.Join(folder, "hello.asl.json"), []byte(definition), 0o644); err != nil {
		t.Fatal(err)
	}
	c := stepwell(t, "up", folder, "--address", "127.0.0.1:0", "--postgres-address", "127.0.0.1:0")
	out, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer c.Process.Kill()
	lines := bufio.NewScanner(out)
	after := func(text string) string {
		for lines.Scan() {
			if _, rest, ok := strings.Cut(lines.Text(), text); ok {
				return strings.Fields(rest)[0]
			}
		}
		t.Fatalf("no line with %q", text)
		return ""
	}
	endpoint, postgres := after(" on "), after("PostgreSQL clients:")

	runThrough(t, endpoint)
	db, err := pgx.Connect(t.Context(), "postgres://etl@"+postgres+"/dev?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	var seven int
	if err := db.QueryRow(t.Context(), "select 7").Scan(&seven); err != nil || seven != 7 {
		t.Errorf("select 7 gives %d, %v", seven, err)
	}
	if err := db.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// runThrough starts the only state machine and checks how it ended.
func runThrough(t *testing.T, endpoint string) {
	t.Helper()
	client := sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(endpoint), Credentials: credentials.NewStaticCredentialsProvider("any", "key", ""),
	})
	machines, err := client.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(machines.StateMachines) != 1 {
		t.Fatalf("the state machines are %+v, %v", machines, err)
	}
	started, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machines.StateMachines[0].StateMachineArn})
	if err != nil {
		t.Fatal(err)
	}
	ended, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
	if err != nil || ended.Status != types.ExecutionStatusSucceeded || aws.ToString(ended.Output) != `{"done":true}` {
		t.Errorf("the execution is %+v, %v", ended, err)
	}
}
