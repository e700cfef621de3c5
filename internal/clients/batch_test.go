package clients

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The AWS CLI submits, lists, describes and terminates jobs, and publishes to a topic. The script of the job sleeps until it is ended.
func TestBatchCommands(t *testing.T) {
	requireCLI(t)
	s, folder := running(t, open), t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "sleep.sql"), []byte("\\! echo asleep; sleep 600\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	job := ""
	for _, step := range []struct{ command, want string }{
		{"s3 mb s3://batch-scripts", "make_bucket"},
		{"s3 cp --quiet sleep.sql s3://batch-scripts/sleep.sql", ""},
		{"batch create-compute-environment --compute-environment-name cli --type MANAGED --compute-resources type=FARGATE,maxvCpus=1,subnets=s " +
			"--query computeEnvironmentName --output text", "cli"},
		{"batch create-job-queue --job-queue-name cli --priority 1 --compute-environment-order order=1,computeEnvironment=cli " +
			"--query jobQueueName --output text", "cli"},
		{"batch register-job-definition --job-definition-name cli --type container " +
			`--container-properties {"image":"rsql","environment":[{"name":"BATCH_SCRIPT_LOCATION","value":"s3://batch-scripts/sleep.sql"}]} ` +
			"--query revision --output text", "1"},
		{"sns create-topic --name cli --query TopicArn --output text", "arn:aws:sns:us-east-1:123456789012:cli"},
		{"sns subscribe --topic-arn arn:aws:sns:us-east-1:123456789012:cli --protocol file --notification-endpoint cli.jsonl --output text", ":cli:"},
		{"sns publish --topic-arn arn:aws:sns:us-east-1:123456789012:cli --subject Load --message done --query MessageId --output text", "-"},
		{"batch submit-job --job-name first --job-queue cli --job-definition cli --query jobId --output text", "-"},
		{"batch submit-job --job-name second --job-queue cli --job-definition cli --depends-on jobId=JOB --query jobName --output text", "second"},
		{"batch list-jobs --job-queue cli --job-status PENDING --query jobSummaryList[].jobName --output text", "second"},
		{"batch describe-jobs --jobs JOB --query jobs[0].[jobName,container.image] --output text", "first\trsql"},
		{"batch cancel-job --job-id JOB --reason late", ""},
		{"batch terminate-job --job-id JOB --reason enough", ""},
		{"batch terminate-job --job-id none --reason enough", "(ClientException)"},
		{"batch describe-job-definitions --job-definition-name cli --query jobDefinitions[0].status --output text", "ACTIVE"},
		{"batch tag-resource --resource-arn arn:aws:batch:us-east-1:123456789012:job-queue/cli --tags team=data", ""},
		{"batch list-tags-for-resource --resource-arn arn:aws:batch:us-east-1:123456789012:job-queue/cli --query tags.team --output text", "data"},
	} {
		out, err := s.aws(t, folder, strings.ReplaceAll(step.command, "JOB", job))
		if !strings.Contains(out, step.want) || step.want == "" && err != nil {
			t.Fatalf("%s: %s, %v", step.command, out, err)
		}
		if strings.Contains(step.command, "first") {
			job = out
		}
	}
	for out := ""; !strings.Contains(out, "FAILED"); { // the process that sleeps takes a moment to end
		out, _ = s.aws(t, folder, "batch describe-jobs --jobs "+job+" --query jobs[0].[status,statusReason,isTerminated] --output text")
		if strings.Contains(out, "FAILED") && out != "FAILED\tenough\tTrue" {
			t.Errorf("the job is %s", out)
		}
	}
	out, err := s.aws(t, folder, "batch list-jobs --job-queue cli --job-status FAILED --query jobSummaryList[].[jobName,statusReason] --output text")
	if err != nil || out != "second\tDependent Job failed\nfirst\tenough" {
		t.Errorf("failed are %s, %v", out, err)
	}
}
