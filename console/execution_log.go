package console

import (
	"cmp"
	"strings"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/value"
)

// logTail is how many lines of a log a state's page shows.
const logTail = 25

// joined are the last lines of a log as one text.
func joined(lines []view.LogLine) string {
	var text strings.Builder
	for _, line := range lines[max(0, len(lines)-logTail):] {
		text.WriteString(line.Message + "\n")
	}
	return text.String()
}

// job is a batch job with the end of its log.
func (g *workGatherer) job(w origin.Work) view.Work {
	told := view.Work{Kind: "Job", Link: view.Link{Text: cmp.Or(w.Name, w.ID), URL: jobURL(w.ID)}, Started: w.At}
	answer, err := g.call("batch", "DescribeJobs", member("jobs", value.OfStrings(w.ID)))
	jobs := items(answer, "jobs")
	switch {
	case err != nil:
		told.Error = err.Error()
		return told
	case len(jobs) == 0:
		told.Status = "forgotten"
		return told
	}
	job := jobs[0]
	told.Status = text(job, "status")
	if told.Status == "FAILED" {
		told.Error = text(job, "statusReason")
	}
	if began := milli(job, "startedAt"); !began.IsZero() {
		told.Took = g.console.span(began, milli(job, "stoppedAt"))
	}
	container, _ := job.Get("container")
	if stream := text(container, "logStreamName"); stream != "" {
		group := logGroupOf(job)
		told.Log, told.LogURL = joined(g.tail(group, stream, logTail)), logStreamURL(group, stream)
	}
	return told
}

const (
	// invocationLines is how many lines of an invocation are read.
	invocationLines = 500
	// logSlack is how far the clock of a log may be from that of the record of work.
	logSlack = time.Second
)

// invocation is a call of a function, with what it printed. While nothing stands in the log it is told without.
func (g *workGatherer) invocation(w origin.Work) view.Work {
	told := view.Work{Kind: "Function", Link: view.Link{Text: w.Name, URL: functionURL(w.Name)}, Started: w.At}
	group := value.OfString("/aws/lambda/" + w.Name)
	marked, err := g.call("cloudwatchlogs", "FilterLogEvents", member("logGroupName", group),
		member("startTime", value.OfInt(w.At.Add(-logSlack).UnixMilli())), member("filterPattern", value.OfString(`"`+w.ID+`"`)))
	events := items(marked, "events")
	if err != nil || len(events) == 0 {
		return told
	}
	stream := text(events[0], "logStreamName")
	told.LogURL = logStreamURL(group.Str(), stream)
	answer, err := g.call("cloudwatchlogs", "GetLogEvents", member("logGroupName", group), member("logStreamName", value.OfString(stream)),
		member("startTime", value.OfInt(number(events[0], "timestamp"))), member("endTime", value.OfInt(number(events[len(events)-1], "timestamp")+1)),
		member("startFromHead", value.OfBool(true)), member("limit", value.OfInt(invocationLines)))
	if err != nil {
		return told
	}
	lines := linesOf(w.ID, logLines(answer))
	told.Log, told.Status = joined(lines), "running"
	for _, i := range invocationsIn(lines, told.LogURL) {
		if told.Error = i.Error; i.Finished {
			told.Took, told.Status = i.Took, "succeeded"
		}
	}
	if told.Error != "" {
		told.Status = "failed"
	}
	return told
}

// linesOf are the lines of one invocation: those between its first and its last need not name it.
func linesOf(request string, lines []view.LogLine) []view.LogLine {
	from, to := 0, len(lines)
	for i, line := range lines {
		if m := startLine.FindStringSubmatch(line.Message); m != nil && m[1] == request {
			from = i
		}
		if m := reportLine.FindStringSubmatch(line.Message); m != nil && m[1] == request {
			to = i + 1
		}
	}
	return lines[min(from, to):to]
}
