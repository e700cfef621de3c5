package batch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/value"
)

// An attempt that takes too long fails the job, however many attempts it may have. The time in the queue does not count.
func TestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.service.Close()
		submit := `{"JobName": "%s", "JobQueue": "q", "JobDefinition": "etl", "Timeout": {"AttemptDurationSeconds": 60}, "RetryStrategy": {"Attempts": 3},
			"ContainerOverrides": {"Command": ["hang"], "Vcpus": 2}}`
		for _, name := range []string{"first", "second"} {
			w.call(t, "SubmitJob", fmt.Sprintf(submit, name))
		}
		begin := time.Now()
		w.service.Idle(t.Context())
		if took := time.Since(begin); took != 2*time.Minute {
			t.Errorf("two jobs one after the other took %s", took)
		}
		want := `first FAILED: Job attempt duration exceeded timeout
  exit 143: Job attempt duration exceeded timeout; -
second FAILED: Job attempt duration exceeded timeout
  exit 143: Job attempt duration exceeded timeout; -
`
		if got := w.jobs(t); got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
}

// A thousand jobs run at the queue's limit, in a time of their own: jobs of a second on two processors take 500.
func TestDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.service.Close()
		w.actor.takes = time.Second
		begin := time.Now()
		for range 1000 {
			w.call(t, "SubmitJob", `{"JobName": "one", "JobQueue": "q", "JobDefinition": "etl"}`)
		}
		w.service.Idle(t.Context())
		if took := time.Since(begin); took != 500*time.Second || w.actor.most != 2 {
			t.Errorf("took %s, %d at once", took, w.actor.most)
		}
		done := w.call(t, "ListJobs", `{"JobQueue": "q", "JobStatus": "SUCCEEDED"}`)
		if list, _ := done.Get("JobSummaryList"); len(list.Items()) != 1000 {
			t.Errorf("%d succeeded", len(list.Items()))
		}
	})
}

// printer is a runner that prints a text again and again.
type printer struct {
	text  string
	times int
}

func (p printer) Run(_ context.Context, w job.Work) (job.Exit, error) {
	for range p.times {
		if _, err := w.Output.Write([]byte(p.text)); err != nil {
			return job.Exit{}, err
		}
	}
	return job.Exit{}, nil
}

// printed runs a job and returns the lines of its log, without group and stream.
func printed(t *testing.T, text string, times int) []string {
	w := newWorld(t)
	w.service.Close()
	s, err := batch.Open(t.Context(), w.records, batch.Options{Region: "us-east-1", Account: "123456789012", Runner: printer{text, times}, Logs: w.log.write})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Start()
	w.service, w.table = s, *s.Table()
	w.call(t, "SubmitJob", `{"JobName": "prints", "JobQueue": "q", "JobDefinition": "etl"}`)
	s.Idle(t.Context())
	var lines []string
	for _, line := range w.log.lines {
		_, message, _ := strings.Cut(line, ": ")
		lines = append(lines, message)
	}
	return lines
}

func TestLog(t *testing.T) {
	for _, x := range []struct{ name, text, want string }{
		{"lines", "a\n\nb\r\nc", "a|b|c"},
		{"no text", "\xff\xfe\n", "\uFFFD"},
		{"a long line", strings.Repeat("x", 250<<10) + "\ny\n", strings.Repeat("x", 200<<10) + "|" + strings.Repeat("x", 50<<10) + "|y"},
	} {
		if got := strings.Join(printed(t, x.text, 1), "|"); got != x.want {
			t.Errorf("%s: got %.100q", x.name, got)
		}
	}
	lines := printed(t, strings.Repeat("0123456789abcde\n", 4096), 16<<10) // a gigabyte
	if n := len(lines); n != 1<<20+1 || !strings.HasPrefix(lines[n-1], "(the rest of the output is left out") {
		t.Errorf("%d lines are kept, the last is %q", n, lines[n-1])
	}
}

// What templates declare is there, once, and changes with them. Numbers may be texts and the other way round.
func TestDeclare(t *testing.T) {
	w := newWorld(t)
	defer w.service.Close()
	for range 2 {
		for _, x := range []struct{ kind, properties string }{
			{"ComputeEnvironment", `{"ComputeEnvironmentName": "ce", "Type": "MANAGED", "ReplaceComputeEnvironment": false,
				"ComputeResources": {"Type": "FARGATE", "MaxvCpus": "16", "Subnets": []}}`},
			{"JobQueue", `{"JobQueueName": "jq", "Priority": "1", "ComputeEnvironmentOrder": [{"Order": "1", "ComputeEnvironment": "arn:aws:batch:us-east-1:123456789012:compute-environment/ce"}]}`},
			{"JobDefinition", `{"JobDefinitionName": "jd", "Type": "container", "ContainerProperties": {"Image": "i", "Privileged": "false",
				"Environment": [{"Name": "N", "Value": 5}], "ResourceRequirements": [{"Type": "VCPU", "Value": 0.5}]}}`},
		} {
			if err := w.service.Declare(t.Context(), "AWS::Batch::"+x.kind, value.MustParse(x.properties)); err != nil {
				t.Fatalf("%s: %v", x.kind, err)
			}
		}
	}
	definitions := w.call(t, "DescribeJobDefinitions", `{"JobDefinitionName": "jd"}`).Compact()
	if strings.Count(definitions, `"Revision"`) != 1 || !strings.Contains(definitions, `"Value":"5"`) {
		t.Errorf("the definitions are %s", definitions)
	}
	w.call(t, "SubmitJob", `{"JobName": "one", "JobQueue": "jq", "JobDefinition": "arn:aws:batch:us-east-1:123456789012:job-definition/jd", "ContainerOverrides": {"Vcpus": 16}}`)
	for kind, properties := range map[string]string{
		"Encountered unsupported property Colour":                      `{"JobQueueName": "jq", "Priority": 1, "Colour": "red"}`,
		"Member must not be null":                                      `{"JobQueueName": "jq"}`,
		"A job queue has 1 to 3 compute environments, not 0":           `{"JobQueueName": "jq", "Priority": 1}`,
		"Value '-' at 'jobQueueName' failed to satisfy constraint":     `{"JobQueueName": "-", "Priority": 1}`,
		"The value for the field 'Priority' must be an INTEGER":        `{"JobQueueName": "jq", "Priority": "high"}`,
		"Compute environment none does not exist":                      `{"JobQueueName": "jq", "Priority": 1, "ComputeEnvironmentOrder": [{"Order": 1, "ComputeEnvironment": "none"}]}`,
		"fair-share scheduling is not supported: the queue has a sche": `{"JobQueueName": "jq", "Priority": 1, "SchedulingPolicyArn": "x"}`,
	} {
		if err := w.service.Declare(t.Context(), "AWS::Batch::JobQueue", value.MustParse(properties)); err == nil || !strings.Contains(err.Error(), kind) {
			t.Errorf("%s: %v", properties, err)
		}
	}
}
