package clients

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/internal/awscli"
)

// aws calls the AWS CLI in a folder of the test's own.
func (s *server) aws(t *testing.T, folder, command string) (string, error) {
	t.Helper()
	out, err := awscli.Run(t.Context(), folder, s.environment(), strings.Fields(command)...)
	return strings.TrimSpace(out), err
}

func requireCLI(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("clients take seconds to start")
	}
	if missing := awscli.Missing(); missing != "" {
		t.Skip(missing)
	}
}

// A folder of a thousand files, and one that is large enough for parts, goes into a bucket and comes back the same; a second time nothing is copied.
func TestSync(t *testing.T) {
	requireCLI(t)
	s := running(t, open)
	up, down := t.TempDir(), t.TempDir()
	files := map[string]string{"large.bin": strings.Repeat("0123456789abcdef", 9<<16)} // which goes in parts
	for i := range 1000 {
		files[fmt.Sprintf("day=%02d/part %d+.csv", i%31, i)] = fmt.Sprintf("%d,row\n", i)
	}
	for name, text := range files {
		path := filepath.Join(up, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []string{"s3 mb s3://synced", "s3 sync --quiet . s3://synced/in", "s3 sync --quiet s3://synced/in " + down} {
		if out, err := s.aws(t, up, command); err != nil {
			t.Fatalf("%s: %s, %v", command, out, err)
		}
	}
	for name, text := range files {
		if got, err := os.ReadFile(filepath.Join(down, name)); err != nil || string(got) != text {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	for _, step := range []struct{ command, want string }{
		{"s3 sync . s3://synced/in", ""},
		{"s3 rm --recursive --quiet s3://synced/in/day=00/", ""},
		{"s3api list-objects-v2 --bucket synced --prefix in/day=0 --query length(Contents)", "295"},
	} {
		if out, err := s.aws(t, up, step.command); err != nil || out != step.want {
			t.Errorf("%s: %.300s, %v", step.command, out, err)
		}
	}
}

// The commands of aws s3, and a presigned address that plain HTTP reads.
func TestObjectCommands(t *testing.T) {
	requireCLI(t)
	s, folder := running(t, open), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.csv"), []byte("1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ command, want string }{
		{"s3 mb s3://commands", "make_bucket: commands"},
		{"s3 cp --quiet a.csv s3://commands/in/a.csv --metadata loaded=no --acl bucket-owner-full-control", ""},
		{"s3 cp --quiet s3://commands/in/a.csv s3://commands/copy.csv", ""},
		{"s3 mv --quiet s3://commands/copy.csv s3://commands/moved.csv", ""},
		{"s3 ls s3://commands/ --summarize", "Total Objects: 1"},
		{"s3api head-object --bucket commands --key moved.csv --query Metadata.loaded --output text", "no"},
		{"s3 presign s3://commands/moved.csv", s.url + "/commands/moved.csv?"},
		{"s3 rb s3://commands", "BucketNotEmpty"},
		{"s3 rb --force s3://commands", "remove_bucket: commands"},
		{"s3 ls s3://commands", "NoSuchBucket"},
	} {
		out, err := s.aws(t, folder, step.command)
		if !strings.Contains(out, step.want) {
			t.Errorf("%s: %s, %v", step.command, out, err)
		}
		if strings.HasPrefix(step.command, "s3 presign") {
			if status, text := fetch(t, out); status != http.StatusOK || text != "1,2\n" {
				t.Errorf("presigned: %d %s", status, text)
			}
		}
	}
}

// fetch reads an address with plain HTTP.
func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// The CLI has its own way with output, waiters and errors.
func TestCommands(t *testing.T) {
	requireCLI(t)
	s := running(t, open)
	arn := "arn:aws:states:" + region + ":" + account + ":stateMachine:nightly"
	for _, step := range []struct{ command, want string }{
		{"stepfunctions start-execution --state-machine-arn " + arn + " --name cli --query executionArn --output text", "execution:nightly:cli"},
		{"stepfunctions describe-execution --execution-arn " + strings.Replace(arn, "stateMachine", "execution", 1) + ":cli --query output --output text", `{"rows":5}`},
		{"stepfunctions list-executions --state-machine-arn " + arn + " --max-items 1 --query executions[0].name --output text", "cli"},
		{"stepfunctions describe-state-machine --state-machine-arn " + arn + "x", "(StateMachineDoesNotExist)"},
		{"redshift describe-clusters --cluster-identifier dw --query Clusters[0].ClusterStatus --output text", "available"},
		{"redshift wait cluster-available --cluster-identifier dw", ""},
		{"redshift-data execute-statement --workgroup-name etl --database dev --sql select(1) --query Database --output text", "dev"},
		{"sts get-caller-identity --query Arn --output text", "user/local"},
		{"dynamodb create-table --table-name cli --attribute-definitions AttributeName=JobID,AttributeType=N --key-schema AttributeName=JobID,KeyType=HASH " +
			"--billing-mode PAY_PER_REQUEST --query TableDescription.TableName --output text", "cli"},
		{"dynamodb wait table-exists --table-name cli", ""},
		{`dynamodb put-item --table-name cli --item {"JobID":{"N":"101"}} --condition-expression attribute_exists(JobID)`, "(ConditionalCheckFailedException)"},
	} {
		t.Run(strings.Join(strings.Fields(step.command)[:2], " "), func(t *testing.T) {
			if out, err := s.aws(t, "", step.command); !strings.Contains(out, step.want) || step.want == "" && err != nil {
				t.Errorf("%s: %s, %v", step.command, out, err)
			}
		})
	}
}

// A wrong secret is refused in words that the CLI's users know. Here the program itself is started.
func TestWrongSecret(t *testing.T) {
	requireCLI(t)
	s := running(t, locked).as("AKADMIN", "guess")
	out, err := awscli.RunProgram(t.Context(), "", s.environment(), "sts", "get-caller-identity")
	if err == nil || !strings.Contains(out, "SignatureDoesNotMatch") {
		t.Errorf("%s, %v", out, err)
	}
}
