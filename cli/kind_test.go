package cli_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/cli"
	"github.com/stepwell/stepwell/internal/awscli"
)

// kindsFolder is a copy of testdata/kinds, whose template has every type of resource that is made here.
func kindsFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "kinds")
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "kinds"))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// second are the parameters that change every resource of the template.
var second = []string{"--parameter", "Stage=two", "--parameter", "Days=7"}

// planned returns the types that a plan says something about, with what it says of all of them.
func planned(t *testing.T, folder string, parameters ...string) (types []string, action string) {
	t.Helper()
	out, err := stepwell(t, append([]string{"plan", folder, "--json"}, parameters...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	actions := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		var one struct{ Action, Type string }
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatal(err)
		}
		types = append(types, one.Type)
		actions[one.Action] = true
		action = one.Action
	}
	if len(actions) != 1 {
		t.Errorf("the plan says %v", actions)
	}
	return types, action
}

// A template with every type of resource is made, changed and removed, and plans say so.
func TestKinds(t *testing.T) {
	folder := kindsFolder(t)
	types, action := planned(t, folder)
	if action != "create" {
		t.Errorf("at first the plan says %s", action)
	}
	for _, kind := range cli.Kinds() {
		if !slices.Contains(types, kind) {
			t.Errorf("testdata/kinds/template.yaml has no resource of the type %s", kind)
		}
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("a custom resource needs python3")
	}
	do := func(want string, arguments ...string) {
		t.Helper()
		if out, err := stepwell(t, arguments...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", arguments, err, out)
		}
		if _, action := planned(t, folder, second...); action != want {
			t.Errorf("after %v the plan says %s, want %s", arguments, action, want)
		}
	}
	do("change", "run", folder)
	do("keep", append([]string{"run", folder}, second...)...)
	do("create", "remove", folder, "--all")
}

// shown is a command of the AWS CLI, with what it shows of the changed template.
type shown struct{ command, want string }

// A version stays what it was published as.
var described = []shown{
	{"stepfunctions describe-state-machine --state-machine-arn arn:aws:states:us-east-1:123456789012:stateMachine:kinds --query definition", "two"},
	{"secretsmanager describe-secret --secret-id kinds --query Description", "two"},
	{"ssm get-parameter --name /kinds --query Parameter.Value", "two"},
	{"logs describe-log-groups --log-group-name-prefix /kinds --query logGroups[].retentionInDays", "7"},
	{"s3api get-bucket-notification-configuration --bucket kinds", "EventBridge"},
	{"lambda get-function-configuration --function-name kinds --query join('=',[Description,Layers[0].Arn])", "two=arn:aws:lambda:us-east-1:123456789012:layer:kinds:1"},
	{"lambda list-versions-by-function --function-name kinds --query Versions[].join('=',[Version,Description])", "1=one"},
	{"lambda get-alias --function-name kinds --name live --query Description", "two"},
	{"sns get-topic-attributes --topic-arn arn:aws:sns:us-east-1:123456789012:kinds --query Attributes.DisplayName", "two"},
	{"batch describe-compute-environments --compute-environments kinds --query computeEnvironments[].computeResources.maxvCpus", "7"},
	{"batch describe-job-queues --job-queues kinds --query jobQueues[].priority", "7"},
	{"batch describe-job-definitions --job-definition-name kinds --status ACTIVE --query jobDefinitions[].containerProperties.command[]", "two"},
	{"dynamodb describe-time-to-live --table-name kinds --query TimeToLiveDescription.AttributeName", "Until"},
	{"events describe-event-bus --name kinds --query Description", "two"},
	{"events describe-rule --event-bus-name kinds --name kinds --query Description", "two"},
	{"scheduler list-tags-for-resource --resource-arn arn:aws:scheduler:us-east-1:123456789012:schedule-group/kinds --query Tags[].Value", "two"},
	{"scheduler get-schedule --group-name kinds --name kinds --query Description", "two"},
	{"logs filter-log-events --log-group-name /aws/lambda/kinds --filter-pattern custom --query events[].message", "custom Update"},
}

// listed show nothing of the template when it is removed.
var listed = []shown{
	{"stepfunctions list-state-machines --query stateMachines[].name", "kinds"},
	{"secretsmanager list-secrets --query SecretList[].Name", "kinds"},
	{"s3api list-buckets --query Buckets[].Name", "kinds"},
	{"lambda list-functions --query Functions[].FunctionName", "kinds"},
	{"batch describe-job-queues --query jobQueues[].jobQueueName", "kinds"},
	{"dynamodb list-tables --query TableNames", "kinds"},
	{"events list-event-buses --query EventBuses[].Name", "kinds"},
	{"scheduler list-schedules --query Schedules[].Name", "kinds"},
}

// The AWS CLI shows what the template makes, and nothing of it when it is removed.
func TestKindsDescribed(t *testing.T) {
	requirePrograms(t, "aws", "python3")
	folder := kindsFolder(t)
	for _, arguments := range [][]string{{"run", folder}, append([]string{"run", folder}, second...)} {
		if out, err := stepwell(t, arguments...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", arguments, err, out)
		}
	}
	serving(t, folder, append(described, listed...), append([]string{"--remove"}, second...), func(t *testing.T, one shown, got string) {
		if !strings.Contains(got, one.want) {
			t.Errorf("aws %s: %s, want %s", one.command, got, one.want)
		}
	})
	empty := []byte("Resources: {Other: {Type: AWS::SNS::Topic}}\n")
	if err := os.WriteFile(filepath.Join(folder, "template.yaml"), empty, 0o600); err != nil {
		t.Fatal(err)
	}
	serving(t, folder, listed, []string{"--remove"}, func(t *testing.T, one shown, got string) {
		if strings.Contains(got, one.want) {
			t.Errorf("aws %s: %s, although it is removed", one.command, got)
		}
	})
}

// serving serves a folder and checks what commands print.
func serving(t *testing.T, folder string, commands []shown, options []string, check func(t *testing.T, one shown, got string)) {
	t.Helper()
	server, endpoint, _ := startUp(t, folder, append([]string{"--postgres-address", "127.0.0.1:0"}, options...)...)
	t.Run("aws", func(t *testing.T) {
		for _, one := range commands {
			t.Run(one.command, func(t *testing.T) {
				t.Parallel()
				environment := []string{"AWS_ENDPOINT_URL=" + endpoint, "AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x", "AWS_DEFAULT_REGION=us-east-1",
					"AWS_EC2_METADATA_DISABLED=true"}
				out, err := awscli.Run(t.Context(), "", environment, append(strings.Fields(one.command), "--output", "json")...)
				if err != nil {
					t.Fatalf("aws %s: %v\n%s", one.command, err, out)
				}
				check(t, one, out)
			})
		}
	})
	if err := server.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		t.Error(err)
	}
}
