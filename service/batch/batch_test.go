package batch_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// actor is a runner that does what a job's command says: exit N, oom, print TEXT…, environment, hang (until it is ended) or
// broken (cannot start).
type actor struct {
	mu      sync.Mutex
	started []string // names of the variable WHO of the work, in the order of the starts
	news    chan struct{}
	most    int // works at the same time
	now     int
	takes   time.Duration
}

func (a *actor) Run(ctx context.Context, w job.Work) (job.Exit, error) {
	a.enter(w)
	defer a.leave()
	time.Sleep(a.takes) // of the bubble
	if len(w.Command) == 0 {
		return job.Exit{}, nil
	}
	switch w.Command[0] {
	case "exit":
		code, err := strconv.Atoi(w.Command[1])
		return job.Exit{Code: code}, err
	case "oom":
		return job.Exit{Code: 137, Reason: "OutOfMemoryError: Container killed due to memory usage"}, nil
	case "print":
		fmt.Fprintln(w.Output, strings.Join(w.Command[1:], " "))
	case "environment":
		var lines []string
		for _, v := range w.Environment {
			lines = append(lines, v.Name+"="+v.Value+"\n")
		}
		slices.Sort(lines)
		fmt.Fprint(w.Output, strings.Join(lines, ""))
	case "hang":
		<-ctx.Done()
		return job.Exit{Code: 143}, nil
	case "broken":
		return job.Exit{}, errors.New("CannotPullContainerError: no such image")
	}
	return job.Exit{}, nil
}

func (a *actor) enter(w job.Work) {
	who, _ := w.Lookup("WHO")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.started = append(a.started, who)
	a.now++
	a.most = max(a.most, a.now)
	close(a.news)
	a.news = make(chan struct{})
}

func (a *actor) leave() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now--
}

// await waits until so many works have started.
func (a *actor) await(n int) string {
	for {
		a.mu.Lock()
		news, enough := a.news, len(a.started) >= n
		var first []string
		if enough {
			first, a.started = a.started[:n:n], a.started[n:]
		}
		a.mu.Unlock()
		if enough {
			slices.Sort(first) // they start at once
			return strings.Join(first, " ") + "\n"
		}
		<-news
	}
}

type book struct {
	mu    sync.Mutex
	lines []string
}

func (b *book) write(_ context.Context, group, stream string, lines []batch.Line) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range lines {
		b.lines = append(b.lines, group+" "+stream+": "+line.Message)
	}
	return nil
}

var taskID = regexp.MustCompile(`\b[0-9a-f]{32}\b|i-[0-9a-f]{17}`)

func masked(text string) string { return taskID.ReplaceAllString(servicetest.Mask(text), "<id>") }

const prepared = `
CreateComputeEnvironment {"ComputeEnvironmentName": "small", "Type": "MANAGED", "ComputeResources": {"Type": "FARGATE", "MaxvCpus": 2, "Subnets": ["s"]}}
CreateJobQueue {"JobQueueName": "q", "Priority": 1, "ComputeEnvironmentOrder": [{"Order": 1, "ComputeEnvironment": "small"}]}
RegisterJobDefinition {"JobDefinitionName": "etl", "Type": "container", "ContainerProperties": {"Image": "etl", "Command": ["exit", "0"]}}`

// world is a service with what it needs, which can be opened anew.
type world struct {
	records *servicetest.Records
	actor   *actor
	log     *book
	service *batch.Service
	table   service.Service
	tasks   int64
}

func newWorld(t *testing.T) *world {
	w := &world{records: &servicetest.Records{}, actor: &actor{news: make(chan struct{})}, log: &book{}}
	w.open(t)
	for line := range strings.Lines(strings.TrimSpace(prepared)) {
		operation, request, _ := strings.Cut(strings.TrimSpace(line), " ")
		w.call(t, operation, request)
	}
	return w
}

func (w *world) open(t *testing.T) {
	t.Helper()
	s, err := batch.Open(context.Background(), w.records, batch.Options{
		Region: "us-east-1", Account: "123456789012", Runner: w.actor, Logs: w.log.write,
		Secret: func(_ context.Context, from string) (string, error) {
			if strings.HasSuffix(from, "none") {
				return "", errors.New("it is not there")
			}
			return "secret of " + from, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	w.service, w.table = s, *s.Table()
}

func (w *world) call(t *testing.T, operation, request string) value.Value {
	t.Helper()
	task, err := servicetest.Task("arn:aws:states:::aws-sdk:batch:"+strings.ToLower(operation[:1])+operation[1:], request, 1)
	if err != nil {
		t.Fatal(err)
	}
	w.tasks++
	task.Task = machine.TaskID(w.tasks)
	answer, failure := service.NewIntegrations(&w.table).Run(t.Context(), task, nil)
	if failure != nil {
		t.Fatalf("%s %s: %s", operation, request, *failure.Cause)
	}
	return answer
}

// jobs are the jobs of the queue q in the order of their names, a line each and one for each attempt.
func (w *world) jobs(t *testing.T) string {
	var lines []string
	for _, status := range []string{"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"} {
		listed, _ := w.call(t, "ListJobs", `{"JobQueue": "q", "JobStatus": "`+status+`"}`).Get("JobSummaryList")
		for _, one := range listed.Items() {
			id, _ := one.Get("JobId")
			described, _ := w.call(t, "DescribeJobs", `{"Jobs": [`+id.Text()+`]}`).Get("Jobs")
			lines = append(lines, describeOne(described.Items()[0]))
		}
	}
	slices.Sort(lines)
	return masked(strings.Join(lines, ""))
}

func text(v value.Value, path string) string {
	for name := range strings.SplitSeq(path, ".") {
		v, _ = v.Get(name)
	}
	if v.IsZero() {
		return "-"
	}
	return strings.Trim(v.Compact(), `"`)
}

func describeOne(j value.Value) string {
	line := fmt.Sprintf("%s %s: %s", text(j, "JobName"), text(j, "Status"), text(j, "StatusReason"))
	if summary := text(j, "ArrayProperties.StatusSummary"); summary != "-" {
		line += " " + summary
	}
	for _, flag := range []string{"IsCancelled", "IsTerminated"} {
		if text(j, flag) == "true" {
			line += " " + flag
		}
	}
	attempts, _ := j.Get("Attempts")
	for _, a := range attempts.Items() {
		line += fmt.Sprintf("\n  exit %s: %s; %s", text(a, "Container.ExitCode"), text(a, "StatusReason"), text(a, "Container.Reason"))
	}
	return line + "\n"
}

// TestTraces runs the operations on a world with a queue q for two processors and the definition etl. Besides run there are:
// settle, which waits until no job runs and shows the jobs; started n=N, which waits until so many works have started and
// shows the variable WHO of each; restart, which ends the service, as kill does, and opens it anew; log.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		w := newWorld(t)
		servicetest.Trace(t, path, []*service.Service{&w.table}, map[string]servicetest.Command{
			"settle": func(t *testing.T, _ *datadriven.TestData) string {
				w.service.Idle(t.Context())
				return w.jobs(t)
			},
			"jobs": func(t *testing.T, _ *datadriven.TestData) string { return w.jobs(t) },
			"started": func(t *testing.T, d *datadriven.TestData) string {
				n := 1
				d.MaybeScanArgs(t, "n", &n)
				return w.actor.await(n)
			},
			"restart": func(t *testing.T, _ *datadriven.TestData) string {
				w.service.Close()
				w.open(t)
				return ""
			},
			"log": func(*testing.T, *datadriven.TestData) string {
				defer func() { w.log.lines = nil }()
				return masked(strings.Join(w.log.lines, "\n"))
			},
		})
		w.service.Close()
	})
}
