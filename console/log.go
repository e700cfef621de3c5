package console

import (
	"net/url"
	"strings"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) logArea() area {
	return area{pages: []page{{"/console/logs", c.logGroups}, {"/console/logs/{group}", c.logGroup}}}
}

func logGroupURL(name string) string { return "/console/logs/" + url.PathEscape(name) }

func logStreamURL(group, stream string) string {
	return logGroupURL(group) + "?" + url.Values{"stream": {stream}}.Encode()
}

func (c *Console) logGroups(r *request) (view.Page, error) {
	shown := view.Logs{Prefix: r.URL.Query().Get("prefix")}
	members := []value.Member{member("limit", value.OfInt(pageRows))}
	if shown.Prefix != "" {
		members = append(members, member("logGroupNamePrefix", value.OfString(shown.Prefix)))
	}
	answer, pager, err := r.listed("cloudwatchlogs", "DescribeLogGroups", "nextToken", members...)
	for _, g := range items(answer, "logGroups") {
		name := text(g, "logGroupName")
		shown.Groups = append(shown.Groups, view.LogGroupRow{
			Link: view.Link{Text: name, URL: logGroupURL(name)}, Created: milli(g, "creationTime"), Days: number(g, "retentionInDays"), Bytes: number(g, "storedBytes"),
		})
	}
	shown.Pager = pager
	return view.Page{Title: "Logs", Section: view.LogsSection, Content: shown}, err
}

var logCrumbs = []view.Link{{Text: "Logs", URL: "/console/logs"}}

// logGroup shows a group: its streams, one of them, or what was looked for in it.
func (c *Console) logGroup(r *request) (view.Page, error) {
	name, query := r.PathValue("group"), r.URL.Query()
	shown := view.LogGroup{
		Name: name, URL: logGroupURL(name), Stream: query.Get("stream"),
		Filter: view.LogFilter{Text: query.Get("text"), From: query.Get("from"), To: query.Get("to")},
	}
	p := view.Page{Title: name, Section: view.LogsSection, Crumbs: logCrumbs}
	var err error
	switch {
	case shown.Filter != view.LogFilter{}:
		err = r.findEvents(&shown)
	case shown.Stream != "":
		err = r.streamEvents(&shown)
	default:
		err = r.logStreams(&shown)
	}
	if shown.Stream != "" {
		p.Title, p.Crumbs = shown.Stream, append(logCrumbs[:1:1], view.Link{Text: name, URL: shown.URL})
	}
	p.Content = shown
	return p, err
}

// logStreams lists the streams that were written to last.
func (r *request) logStreams(shown *view.LogGroup) error {
	answer, pager, err := r.listed("cloudwatchlogs", "DescribeLogStreams", "nextToken", member("logGroupName", value.OfString(shown.Name)),
		member("orderBy", value.OfString("LastEventTime")), member("descending", value.OfBool(true)), member("limit", value.OfInt(pageRows)))
	for _, s := range items(answer, "logStreams") {
		name := text(s, "logStreamName")
		shown.Streams = append(shown.Streams, view.LogStreamRow{
			Link: view.Link{Text: name, URL: logStreamURL(shown.Name, name)}, First: milli(s, "firstEventTimestamp"), Last: milli(s, "lastEventTimestamp"),
		})
	}
	shown.Pager = pager
	return err
}

// eventsPerPage is how many events of a log a page has.
const eventsPerPage = 500

// streamEvents are the last events of a stream, or those around the place that the address names.
func (r *request) streamEvents(shown *view.LogGroup) error {
	answer, _, err := r.listed("cloudwatchlogs", "GetLogEvents", "nextToken", member("logGroupName", value.OfString(shown.Name)),
		member("logStreamName", value.OfString(shown.Stream)), member("limit", value.OfInt(eventsPerPage)))
	if err != nil {
		return err
	}
	shown.Lines, shown.Searched = logLines(answer), true
	query := r.URL.Query()
	to := func(token string) string {
		query.Set("after", text(answer, token))
		return pathWith(r.URL.Path, query)
	}
	if len(shown.Lines) == eventsPerPage {
		shown.Pager.Next = to("nextBackwardToken")
	}
	if r.URL.Query().Has("after") {
		shown.Newer = to("nextForwardToken")
	}
	return nil
}

func logLines(answer value.Value) []view.LogLine {
	var lines []view.LogLine
	for _, e := range items(answer, "events") {
		lines = append(lines, view.LogLine{At: milli(e, "timestamp"), Message: strings.TrimRight(text(e, "message"), "\n")})
	}
	return lines
}

// findEvents are the events that fit what was typed: a phrase, and times.
func (r *request) findEvents(shown *view.LogGroup) error {
	from, err := timeOf("from", shown.Filter.From)
	if err != nil {
		return err
	}
	to, err := timeOf("to", shown.Filter.To)
	if err != nil {
		return err
	}
	members := []value.Member{member("logGroupName", value.OfString(shown.Name)), member("limit", value.OfInt(eventsPerPage))}
	if phrase := strings.ReplaceAll(shown.Filter.Text, `"`, ""); phrase != "" {
		members = append(members, member("filterPattern", value.OfString(`"`+phrase+`"`)))
	}
	if shown.Stream != "" {
		members = append(members, member("logStreamNames", value.OfStrings(shown.Stream)))
	}
	if !from.IsZero() {
		members = append(members, member("startTime", value.OfInt(from.UnixMilli())))
	}
	if !to.IsZero() {
		members = append(members, member("endTime", value.OfInt(to.UnixMilli())))
	}
	answer, pager, err := r.listed("cloudwatchlogs", "FilterLogEvents", "nextToken", members...)
	shown.Pager, shown.Searched = pager, true
	for i, line := range logLines(answer) {
		if stream := text(items(answer, "events")[i], "logStreamName"); shown.Stream == "" {
			line.Stream = view.Link{Text: stream, URL: logStreamURL(shown.Name, stream)}
		}
		shown.Lines = append(shown.Lines, line)
	}
	return err
}

// tailLength is how many events of a log stand on the page of what wrote them.
const tailLength = 200

// tail are the last events of a stream; none when there is no such stream.
func (r *request) tail(group, stream string, length int64) []view.LogLine {
	answer, err := r.call("cloudwatchlogs", "GetLogEvents", member("logGroupName", value.OfString(group)), member("logStreamName", value.OfString(stream)),
		member("limit", value.OfInt(length)))
	if err != nil {
		return nil // a stream is there from its first event on
	}
	return logLines(answer)
}
