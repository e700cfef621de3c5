package cli_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/cockroachdb/datadriven"
	"golang.org/x/net/html"
)

// TestConsoleWork walks through the pages of state machines, schedules, jobs and topics of a served project.
//
//	as NAME             another user: root (admin), dana (run) or look (read)
//	get ADDRESS         a page; then selectors, one a line; @attribute before one asks for that
//	post ADDRESS        a form with the session's token; then fields as NAME=VALUE
//	publish             a version of the state machine, as the API does it
//	submit              a job, by a state machine
//	wait ARN            an execution's end
//
// In addresses, {machine} and {topic} are ARNs, {job} is the id of the last job.
func TestConsoleWork(t *testing.T) {
	folder := t.TempDir()
	template, err := os.ReadFile("testdata/console/template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"template.yaml": string(template), "stepwell.yaml": "jobs:\n  - image: sleeper\n    runner: process\n    entrypoint: [sleep]\n",
		"users": "root toor admin\ndana secret run\nlook glass read\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, endpoint, _ := startUp(t, folder, "--postgres-address", "127.0.0.1:0", "--users", filepath.Join(folder, "users"))
	w := &walker{t: t, base: endpoint, users: map[string]*browsing{}, passwords: map[string]string{"root": "toor", "dana": "secret", "look": "glass"}}
	w.as("root")
	datadriven.RunTest(t, "testdata/console/work.txt", w.step)
}

type walker struct {
	t         *testing.T
	base      string
	users     map[string]*browsing
	passwords map[string]string
	*browsing
	job string
}

func (w *walker) as(name string) {
	if w.users[name] == nil {
		w.users[name] = browse(w.t, w.base)
		w.users[name].login(name, w.passwords[name])
	}
	w.browsing = w.users[name]
}

const ofConsole = ":us-east-1:123456789012:"

func (w *walker) address(text string) string {
	for name, value := range map[string]string{"machine": "arn:aws:states" + ofConsole + "stateMachine:load", "topic": "arn:aws:sns" + ofConsole + "alerts", "job": w.job} {
		text = strings.ReplaceAll(text, "{"+name+"}", url.PathEscape(value))
	}
	return text
}

func (w *walker) step(t *testing.T, d *datadriven.TestData) string {
	configuration := aws.Config{Region: "us-east-1", BaseEndpoint: &w.base, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	switch d.Cmd {
	case "as":
		w.as(d.CmdArgs[0].Key)
		return ""
	case "get":
		status, location, body := w.get(w.address(d.CmdArgs[0].String()))
		return seen(t, status, location, body, d.Input)
	case "post":
		form := url.Values{"token": {w.token()}}
		for line := range strings.Lines(d.Input) {
			name, value, _ := strings.Cut(strings.TrimRight(line, "\n"), "=")
			form.Set(name, value)
		}
		status, location, body := w.post(w.address(d.CmdArgs[0].String()), form)
		return seen(t, status, location, body, "[role=alert]")
	case "publish":
		_, err := sfn.NewFromConfig(configuration).PublishStateMachineVersion(t.Context(), &sfn.PublishStateMachineVersionInput{StateMachineArn: aws.String("arn:aws:states" + ofConsole + "stateMachine:load")})
		return fmt.Sprintln("error:", err)
	case "submit":
		w.submit(sfn.NewFromConfig(configuration))
		return ""
	case "wait":
		waitFor(t, sfn.NewFromConfig(configuration), "load:"+d.CmdArgs[0].Key)
		return ""
	}
	t.Fatalf("unknown command %s", d.Cmd)
	return ""
}

// submit has a state machine submit the job, and finds its id on the page of jobs.
func (w *walker) submit(client *sfn.Client) {
	w.t.Helper()
	_, err := client.StartExecution(w.t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String("arn:aws:states" + ofConsole + "stateMachine:submit"), Name: aws.String("one")})
	if err != nil {
		w.t.Fatal(err)
	}
	waitFor(w.t, client, "submit:one")
	_, _, body := w.get("/console/jobs")
	found := regexp.MustCompile(`/console/jobs/([0-9a-f-]{36})`).FindStringSubmatch(body)
	if found == nil {
		w.t.Fatal("the page of jobs has no job")
	}
	w.job = found[1]
}

// waitFor waits for the end of an execution, MACHINE:NAME.
func waitFor(t *testing.T, client *sfn.Client, name string) {
	t.Helper()
	for t.Context().Err() == nil {
		d, err := client.DescribeExecution(context.WithoutCancel(t.Context()), &sfn.DescribeExecutionInput{ExecutionArn: aws.String("arn:aws:states" + ofConsole + "execution:" + name)})
		if err != nil {
			t.Fatal(err)
		}
		if d.Status != "RUNNING" {
			return
		}
	}
}

var unsteady = []struct {
	text *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d[:-]\d\d[:-]\d\dZ?`), "TIME"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "ID"},
	{regexp.MustCompile(`in \d+ (h|min|days)|\b[0-9.]+ (µs|ms|s)\b( ago)?|just now`), "SPAN"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "ADDRESS"},
	{regexp.MustCompile(`\b[0-9.]+ [kM]?B\b`), "SIZE"},
}

// seen is an answer: a status other than 200, where it leads, and what selectors find.
func seen(t *testing.T, status int, location, body, selectors string) string {
	t.Helper()
	var out strings.Builder
	if status != http.StatusOK {
		out.WriteString(strings.TrimSpace(fmt.Sprint(status, " ", location)) + "\n")
	}
	document, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(selectors) {
		selector, attribute := strings.TrimSpace(line), ""
		if rest, ok := strings.CutPrefix(selector, "@"); ok {
			attribute, selector, _ = strings.Cut(rest, " ")
		}
		compiled, err := cascadia.ParseGroup(selector)
		if err != nil {
			t.Fatal(err)
		}
		for _, node := range cascadia.QueryAll(document, compiled) {
			fmt.Fprintf(&out, "%s\n", strings.Join(strings.Fields(contentOf(node, attribute)), " "))
		}
	}
	text := out.String()
	for _, u := range unsteady {
		text = u.text.ReplaceAllString(text, u.by)
	}
	return text
}

func contentOf(node *html.Node, attribute string) string {
	if attribute != "" {
		for _, a := range node.Attr {
			if a.Key == attribute {
				return a.Val
			}
		}
		return "no " + attribute
	}
	var text strings.Builder
	for part := range node.Descendants() {
		if part.Type == html.TextNode {
			text.WriteString(part.Data + " ")
		}
	}
	return text.String()
}
