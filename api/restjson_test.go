package api_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

type jobRequest struct {
	JobName string   `aws:"required,max=8"`
	Tags    []string `aws:"query=tagKeys"`
	Limit   *int64   `aws:"query=limit"`
	Mode    string   `aws:"header=X-Mode"`
	Size    *int64
}

type jobResponse struct {
	JobName string
	Tags    []string
	Limit   *int64
	Mode    string `aws:"header=X-Mode-Used"`
	Size    *int64
}

type runRequest struct {
	JobName string `aws:"required"`
	Input   []byte `aws:"payload"`
}

type runResponse struct {
	Output []byte `aws:"payload"`
	Code   int64  `aws:"status"`
}

func describeJob(_ context.Context, r *jobRequest) (*jobResponse, error) {
	if r.JobName == "lost" {
		return nil, fault.New(fault.NotFound, "there is no job %s", r.JobName).WithCode("LostException")
	}
	return &jobResponse{r.JobName, r.Tags, r.Limit, r.Mode, r.Size}, nil
}

func runJob(_ context.Context, r *runRequest) (*runResponse, error) {
	return &runResponse{Output: append([]byte(r.JobName+" got "), r.Input...), Code: 202}, nil
}

func removeJob(context.Context, *jobRequest) (*struct{}, error) { return &struct{}{}, nil }

var restTable = &service.Service{
	Name: "jobs", SDK: "Jobs", Protocol: service.Protocol{ContentType: "application/json", Endpoint: "jobs", Camel: true},
	Errors: []service.Error{{Code: "LostException", Status: http.StatusNotFound}},
	Operations: []service.Operation{
		{Name: "UpdateJob", HTTP: "PUT /v1/jobs/{jobName}", Behaviour: service.Do(describeJob)},
		{Name: "DescribeJob", HTTP: "GET /v1/jobs/{jobName}", Behaviour: service.Do(describeJob)},
		{Name: "RunJob", HTTP: "POST /v1/jobs/{jobName+}", Behaviour: service.Do(runJob)},
		{Name: "DeleteJob", HTTP: "DELETE /v1/jobs/{jobName} 204", Behaviour: service.Do(removeJob)},
	},
}

// TestRESTJSON shows requests and answers of restJson1 as they travel. A request's first line is method and path, headers
// follow, an empty line, the body.
func TestRESTJSON(t *testing.T) {
	s := open(t, api.Options{Services: []*service.Service{restTable}})
	datadriven.RunTest(t, "testdata/restjson.txt", func(t *testing.T, d *datadriven.TestData) string {
		head, body, _ := strings.Cut(d.Input, "\n--\n")
		lines := strings.Split(head, "\n")
		method, path, _ := strings.Cut(lines[0], " ")
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
		if err != nil {
			return err.Error()
		}
		r.Host = "jobs.us-east-1.localhost"
		for _, line := range lines[1:] {
			name, text, _ := strings.Cut(line, ": ")
			r.Header.Set(name, text)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return err.Error()
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			return err.Error()
		}
		return shown(answer, string(text))
	})
}

// shown prints status, the headers that differ from call to call by their meaning, and the body.
func shown(answer *http.Response, body string) string {
	var out strings.Builder
	fmt.Fprintln(&out, answer.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(answer.Header)) {
		if name != "Date" && name != "X-Amzn-Requestid" && name != "Content-Length" {
			fmt.Fprintf(&out, "%s: %s\n", name, answer.Header.Get(name))
		}
	}
	if body != "" {
		fmt.Fprintln(&out, body)
	}
	return out.String()
}
