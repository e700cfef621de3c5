package console

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/value"
)

const (
	// maxStreams is in how many streams of a function's log invocations are looked for, and maxInvocations how many are shown.
	maxStreams     = 5
	maxInvocations = 25
)

// addInvocations reads the last invocations of a function from its log, where the platform writes when each begins and ends.
func (r *request) addInvocations(f *view.Function, group string) {
	streams, err := r.call("cloudwatchlogs", "DescribeLogStreams", member("logGroupName", value.OfString(group)), member("orderBy", value.OfString("LastEventTime")),
		member("descending", value.OfBool(true)), member("limit", value.OfInt(maxStreams)))
	if err != nil {
		return // the group is there from the first invocation on
	}
	f.LogURL = logGroupURL(group)
	for i, s := range items(streams, "logStreams") {
		name := text(s, "logStreamName")
		lines := r.tail(group, name, eventsPerPage)
		if i == 0 {
			f.Log, f.LogURL = lines[max(0, len(lines)-tailLength):], logStreamURL(group, name)
		}
		f.Invocations = append(f.Invocations, invocationsIn(lines, logStreamURL(group, name))...)
	}
	slices.SortStableFunc(f.Invocations, func(a, b view.Invocation) int { return b.At.Compare(a.At) })
	f.Invocations = f.Invocations[:min(len(f.Invocations), maxInvocations)]
}

var (
	startLine  = regexp.MustCompile(`^START RequestId: (\S+)`)
	reportLine = regexp.MustCompile(`^REPORT RequestId: (\S+)\s+Duration: ([0-9.]+) ms`)
	memoryUsed = regexp.MustCompile(`Max Memory Used: (\d+ MB)`)
	badEnd     = regexp.MustCompile(`Task timed out|\[ERROR\]|"errorType"|\tERROR\t|Error: Runtime exited|Status: (error|timeout)`)
)

// invocationsIn reads one stream, in which one invocation comes after the other.
func invocationsIn(lines []view.LogLine, streamURL string) []view.Invocation {
	var all []view.Invocation
	for _, line := range lines {
		if m := startLine.FindStringSubmatch(line.Message); m != nil {
			all = append(all, view.Invocation{Request: m[1], At: line.At, Took: -1, LogURL: streamURL, SQL: "/console/statements?" + url.Values{"request": {m[1]}}.Encode()})
		}
		if len(all) > 0 {
			readLine(&all[len(all)-1], line.Message)
		}
	}
	return all
}

// readLine takes from a line what it says about the invocation that it is of.
func readLine(i *view.Invocation, message string) {
	if badEnd.MatchString(message) && i.Error == "" {
		i.Error = firstLine(strings.TrimPrefix(message, "[ERROR] "))
	}
	m := reportLine.FindStringSubmatch(message)
	if m == nil || m[1] != i.Request {
		return
	}
	milliseconds, _ := strconv.ParseFloat(m[2], 64)
	i.Took, i.Finished, i.Cold = time.Duration(milliseconds*float64(time.Millisecond)), true, strings.Contains(message, "Init Duration")
	if used := memoryUsed.FindStringSubmatch(message); used != nil {
		i.Memory = used[1]
	}
	if strings.HasPrefix(i.Error, "REPORT ") {
		i.Error = "it ended badly"
	}
}
