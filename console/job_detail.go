package console

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// jobLogs is the log group of batch jobs that name no other.
const jobLogs = "/aws/batch/job"

func (c *Console) job(r *request) (view.Page, error) {
	id := r.PathValue("id")
	answer, err := r.call("batch", "DescribeJobs", member("jobs", value.OfStrings(id)))
	found := items(answer, "jobs")
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "there is no job %q", id)
	}
	if err != nil {
		return view.Page{}, err
	}
	j := c.jobShown(found[0])
	group := logGroupOf(found[0])
	j.Attempts, j.LogURL = c.attempts(found[0], group)
	container, _ := found[0].Get("container")
	if stream := text(container, "logStreamName"); stream != "" {
		j.Log, j.LogURL = r.tail(group, stream, tailLength), logStreamURL(group, stream)
	}
	j.Origin = c.jobOrigin(r, id)
	if len(j.Counts) > 0 {
		err = c.addChildren(r, &j)
	}
	crumbs := []view.Link{{Text: "Jobs", URL: "/console/jobs"}, j.Queue}
	return view.Page{Title: j.Name, Section: view.JobsSection, Crumbs: crumbs, Live: "all", Content: j}, err
}

// jobOrigin leads to what asked for a job, which the statements that it ran know.
func (c *Console) jobOrigin(r *request, id string) []view.Link {
	ctx, cancel := context.WithTimeout(r.Context(), askLimit)
	defer cancel()
	found, err := c.Warehouse.Statements(ctx, querylog.Filter{Job: id}, querylog.Page{Limit: 1})
	if err != nil || len(found) == 0 {
		return nil
	}
	of := found[0].Origin
	of.Job = "" // that is this page
	return originLinks(of)
}

// jobShown is what a job's description says.
func (c *Console) jobShown(d value.Value) view.Job {
	id, queue := text(d, "jobId"), nameOfDefinition(text(d, "jobQueue"))
	container, _ := d.Get("container")
	parameters, _ := d.Get("parameters")
	retries, _ := d.Get("retryStrategy")
	timeout, _ := d.Get("timeout")
	j := view.Job{
		Name: text(d, "jobName"), ID: id, URL: jobURL(id), Status: text(d, "status"), Reason: text(d, "statusReason"),
		Queue: view.Link{Text: queue, URL: queueURL(queue)}, Definition: nameOfDefinition(text(d, "jobDefinition")), Image: text(container, "image"),
		Command: words(container, "command"), Created: milli(d, "createdAt"), Started: milli(d, "startedAt"), Stopped: milli(d, "stoppedAt"),
		Took: c.span(milli(d, "startedAt"), milli(d, "stoppedAt")), Environment: environmentOf(container), Parameters: variables(parameters),
		Retries: number(retries, "attempts"), Timeout: time.Duration(number(timeout, "attemptDurationSeconds")) * time.Second,
		Statements: view.Link{Text: "The statements that it ran", URL: "/console/statements?" + url.Values{"job": {id}}.Encode()},
	}
	for _, need := range items(container, "resourceRequirements") {
		j.Resources = append(j.Resources, view.Pair{Name: text(need, "type"), Value: text(need, "value")})
	}
	for _, before := range items(d, "dependsOn") {
		other := text(before, "jobId")
		j.Dependencies = append(j.Dependencies, view.Link{Text: other, URL: jobURL(other)})
	}
	if parent, _, child := strings.Cut(id, ":"); child {
		j.Parent = view.Link{Text: parent, URL: jobURL(parent)}
	}
	if array, ok := d.Get("arrayProperties"); ok {
		summary, _ := array.Get("statusSummary")
		for _, m := range summary.Members() {
			j.Counts = append(j.Counts, view.Pair{Name: m.Key, Value: m.Value.Spelling()})
		}
	}
	return j
}

// environmentOf are the variables of a job's container.
func environmentOf(container value.Value) []view.Pair {
	var members []value.Member
	for _, v := range items(container, "environment") {
		members = append(members, member(text(v, "name"), value.OfString(text(v, "value"))))
	}
	return variables(value.OfMembers(members...))
}

func logGroupOf(d value.Value) string {
	container, _ := d.Get("container")
	configuration, _ := container.Get("logConfiguration")
	options, _ := configuration.Get("options")
	if group := text(options, "awslogs-group"); group != "" {
		return group
	}
	return jobLogs
}

// attempts are those of a job, and where the log of the last one is.
func (c *Console) attempts(d value.Value, group string) (all []view.JobAttempt, log string) {
	for _, a := range items(d, "attempts") {
		container, _ := a.Get("container")
		one := view.JobAttempt{
			Started: milli(a, "startedAt"), Took: c.span(milli(a, "startedAt"), milli(a, "stoppedAt")), Reason: text(a, "statusReason"),
		}
		if reason := text(container, "reason"); reason != "" {
			one.Reason = reason
		}
		if code, ok := container.Get("exitCode"); ok {
			n, _ := code.Int()
			one.Exit = strconv.FormatInt(n, 10)
		}
		if stream := text(container, "logStreamName"); stream != "" {
			one.LogURL = logStreamURL(group, stream)
			log = one.LogURL
		}
		all = append(all, one)
	}
	return all, log
}

// addChildren lists the children of an array job: those that ended badly first, then what runs, then the rest.
func (c *Console) addChildren(r *request, j *view.Job) error {
	for _, status := range []string{"FAILED", "RUNNING", "RUNNABLE", "SUCCEEDED"} {
		answer, err := r.call("batch", "ListJobs", member("arrayJobId", value.OfString(j.ID)), member("jobStatus", value.OfString(status)), member("maxResults", value.OfInt(pageRows)))
		if err != nil {
			return err
		}
		for _, child := range items(answer, "jobSummaryList") {
			if len(j.Children) < pageRows {
				j.Children = append(j.Children, c.jobRow(child))
			}
		}
	}
	return nil
}
