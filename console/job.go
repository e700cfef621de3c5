package console

import (
	"net/url"
	"strings"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) jobArea() area {
	const one = "/console/jobs/{id}"
	return area{pages: []page{{"/console/jobs", c.jobs}, {one, c.job}}, actions: []action{{one + "/end", api.Run, endJob}}}
}

func jobURL(id string) string { return "/console/jobs/" + url.PathEscape(id) }

func queueURL(name string) string { return "/console/jobs?" + url.Values{"queue": {name}}.Encode() }

// jobs lists the jobs of one queue, the first one when the address names none.
func (c *Console) jobs(r *request) (view.Page, error) {
	p := view.Page{Title: "Jobs", Section: view.JobsSection, Live: "all"}
	queues, err := r.call("batch", "DescribeJobQueues")
	if err != nil {
		return p, err
	}
	query := r.URL.Query()
	shown := view.Jobs{Queue: query.Get("queue"), Filter: view.JobFilter{Status: query.Get("status"), Name: query.Get("name")}}
	for _, q := range items(queues, "jobQueues") {
		name := text(q, "jobQueueName")
		if shown.Queue == "" {
			shown.Queue = name
		}
		if shown.Queue == name {
			shown.QueueState = text(q, "state")
		}
		shown.Queues = append(shown.Queues, view.TabLink{Link: view.Link{Text: name, URL: queueURL(name)}, Current: shown.Queue == name})
	}
	if shown.Queue != "" {
		err = c.listJobs(r, &shown)
	}
	if err == nil {
		shown.Definitions, err = r.jobDefinitions()
	}
	p.Content = shown
	return p, err
}

// listJobs adds the jobs of the queue. The API filters by status or by name, not by both; so the other is done here.
func (c *Console) listJobs(r *request, shown *view.Jobs) error {
	members := []value.Member{member("jobQueue", value.OfString(shown.Queue)), member("maxResults", value.OfInt(pageRows))}
	filter := func(name, text string) value.Value {
		return value.OfItems([]value.Value{value.OfMembers(member("name", value.OfString(name)), member("values", value.OfStrings(text)))})
	}
	switch {
	case shown.Filter.Name != "":
		members = append(members, member("filters", filter("JOB_NAME", shown.Filter.Name+"*")))
	case shown.Filter.Status != "":
		members = append(members, member("jobStatus", value.OfString(shown.Filter.Status)))
	default:
		members = append(members, member("filters", filter("AFTER_CREATED_AT", "0")))
	}
	answer, pager, err := r.listed("batch", "ListJobs", "nextToken", members...)
	for _, j := range items(answer, "jobSummaryList") {
		if row := c.jobRow(j); shown.Filter.Status == "" || row.Status == shown.Filter.Status {
			shown.Jobs = append(shown.Jobs, row)
		}
	}
	shown.Pager = pager
	return err
}

func (c *Console) jobRow(j value.Value) view.JobRow {
	id := text(j, "jobId")
	row := view.JobRow{
		Link: view.Link{Text: text(j, "jobName"), URL: jobURL(id)}, Status: text(j, "status"), Definition: nameOfDefinition(text(j, "jobDefinition")),
		Reason: text(j, "statusReason"), Created: milli(j, "createdAt"), Took: c.span(milli(j, "startedAt"), milli(j, "stoppedAt")),
	}
	if array, ok := j.Get("arrayProperties"); ok {
		row.Size = number(array, "size")
	}
	return row
}

// nameOfDefinition is NAME:REVISION.
func nameOfDefinition(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// span is how long something took, until now when it has not ended; negative when it has not begun.
func (c *Console) span(from, to time.Time) time.Duration {
	if from.IsZero() {
		return -1
	}
	if to.IsZero() {
		to = c.Now()
	}
	return max(0, to.Sub(from).Round(time.Millisecond))
}

func (r *request) jobDefinitions() ([]view.JobDefinitionRow, error) {
	answer, err := r.call("batch", "DescribeJobDefinitions", member("status", value.OfString("ACTIVE")), member("maxResults", value.OfInt(pageRows)))
	var rows []view.JobDefinitionRow
	for _, d := range items(answer, "jobDefinitions") {
		container, _ := d.Get("containerProperties")
		rows = append(rows, view.JobDefinitionRow{
			Name: text(d, "jobDefinitionName"), Revision: number(d, "revision"), Image: text(container, "image"), Command: words(container, "command"), Status: text(d, "status"),
		})
	}
	return rows, err
}

// words are the texts of a list, side by side.
func words(answer value.Value, name string) string {
	var all []string
	for _, word := range items(answer, name) {
		all = append(all, word.Str())
	}
	return strings.Join(all, " ")
}

// endJob terminates a job, wherever it is on its way.
func endJob(r *request) (next, notice string, err error) {
	id, reason := r.PathValue("id"), strings.TrimSpace(r.PostForm.Get("reason"))
	if reason == "" {
		return "", "", fault.Invalidf("a job is terminated with a reason")
	}
	_, err = r.call("batch", "TerminateJob", member("jobId", value.OfString(id)), member("reason", value.OfString(reason)))
	return jobURL(id), "The job is being terminated.", err
}
