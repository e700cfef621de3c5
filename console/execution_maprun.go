package console

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

const (
	// childrenPage is how many child executions a page lists.
	childrenPage = 50
	// groupedFailures is how many of a map run's failed children are grouped by their errors.
	groupedFailures = 500
)

// mapRun is the page of a map run.
func (c *Console) mapRun(r *request) (view.Page, error) {
	run, counts, err := c.Engine.MapRun(r.Context(), r.PathValue("arn"))
	if err != nil {
		return view.Page{}, err
	}
	end := run.StopTime
	if end.IsZero() {
		end = c.Now()
	}
	m := view.MapRun{
		Base: mapRunURL(run.ARN), Label: shortID(run.ARN), Status: string(run.Status), Started: run.StartTime,
		Took: end.Sub(run.StartTime), Redrives: run.RedriveCount, Bar: barOf(run, counts), CanChange: run.Status == machine.RunningStatus,
		Execution: view.Link{Text: lastPart(run.ExecutionARN), URL: executionURL(run.ExecutionARN)},
		Limits:    view.MapRunLimits{Concurrency: run.MaxConcurrency, ToleratedCount: run.ToleratedFailureCount, ToleratedPercentage: run.ToleratedFailurePercentage},
	}
	m.Bar.URL = ""
	if err := c.startedBy(r, run, &m); err != nil {
		return view.Page{}, err
	}
	if m.Errors, m.Bounded, err = c.errorGroups(r, run.ARN); err != nil {
		return view.Page{}, err
	}
	if err := c.children(r, run.ARN, &m); err != nil {
		return view.Page{}, err
	}
	return view.Page{
		Title: m.Title(), Section: view.MachinesSection, Content: m, Live: "machine:" + run.StateMachineARN,
		Crumbs: []view.Link{{Text: string(view.MachinesSection), URL: "/console/machines"}, m.Execution},
	}, nil
}

// barOf is how far a map run came, in items.
func barOf(run engine.MapRun, counts engine.MapCounts) view.MapRunBar {
	b := view.MapRunBar{
		URL: mapRunURL(run.ARN), Status: string(run.Status),
		Succeeded: counts.Items[machine.Succeeded], Failed: counts.Items[machine.Failed], TimedOut: counts.Items[machine.TimedOut],
		Aborted: counts.Items[machine.Aborted], Running: counts.Items[machine.RunningStatus],
	}
	for _, n := range counts.Executions {
		b.Executions += n
	}
	b.Total = b.Done() + b.Running
	return b
}

// startedBy finds the state that has the map run, and the files that its results went to.
func (c *Console) startedBy(r *request, run engine.MapRun, m *view.MapRun) error {
	record, err := c.Engine.Describe(r.Context(), run.ExecutionARN)
	if err != nil {
		return err
	}
	h, err := c.histories.open(r.Context(), c.Engine, record)
	if err != nil {
		return err
	}
	defer h.mu.Unlock()
	for _, v := range h.record.Visits {
		if v.MapRun != run.ARN {
			continue
		}
		m.State = view.Link{Text: v.Node.Name, URL: view.ExecutionTab(executionURL(record.ARN), view.GraphTab, v.Node.Name, v.Number)}
		page := &executionPage{request: r, record: record, history: h}
		m.Files, err = page.resultFiles(v)
		return err
	}
	return nil
}

// resultFiles are what a ResultWriter wrote: the manifest, which the output of the state names, and the folder of the rest.
func (p *executionPage) resultFiles(v *visit.Visit) ([]view.Link, error) {
	id := ended(v)
	if id == 0 || v.Exited == 0 {
		return nil, nil
	}
	e, err := p.event(v.Exited)
	if err != nil {
		return nil, err
	}
	text, _ := payloadText(e.Details, "output")
	output, err := value.Parse(text)
	if err != nil {
		return nil, nil // an output of another shape names no files
	}
	details, _ := output.Get("ResultWriterDetails")
	bucket, _ := details.Get("Bucket")
	key, _ := details.Get("Key")
	if bucket.Str() == "" || key.Str() == "" {
		return nil, nil
	}
	folder := "s3://" + bucket.Str() + "/" + path.Dir(key.Str()) + "/"
	return []view.Link{{Text: "s3://" + bucket.Str() + "/" + key.Str(), URL: bucketURL(folder)}}, nil
}

// errorGroups groups the newest of the failed children by error and cause, the most frequent first.
func (c *Console) errorGroups(r *request, mapRun string) (list []view.ErrorGroup, bounded bool, err error) {
	groups := map[string]*view.ErrorGroup{}
	for _, status := range []machine.Status{machine.Failed, machine.TimedOut, machine.Aborted} {
		failed, _, err := c.Engine.List(r.Context(), engine.Filter{MapRunARN: mapRun, Status: status}, engine.Page{Limit: groupedFailures})
		if err != nil {
			return nil, false, err
		}
		bounded = bounded || len(failed) == groupedFailures
		for _, child := range failed {
			name, cause := errorOf(child)
			g := groups[name+"\n"+cause]
			if g == nil {
				g = &view.ErrorGroup{Error: name, Cause: cause}
				groups[name+"\n"+cause] = g
			}
			g.Count++
			g.First = view.Link{Text: child.Name, URL: executionURL(child.ARN)}
		}
	}
	for _, g := range groups {
		list = append(list, *g)
	}
	slices.SortFunc(list, func(a, b view.ErrorGroup) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Error+a.Cause, b.Error+b.Cause))
	})
	return list[:min(len(list), childrenPage)], bounded, nil
}

// errorOf is an execution's error and the sentence of its cause that matters.
func errorOf(r engine.Record) (name, cause string) {
	name = string(r.Status)
	if r.Error != nil && *r.Error != "" {
		name = *r.Error
	}
	if r.Cause != nil {
		cause = view.Unfold(*r.Cause).Message
	}
	return name, cause
}

var childStatuses = []view.Option{{Text: "all"}, {Value: "RUNNING", Text: "running"}, {Value: "FAILED", Text: "failed"}, {Value: "SUCCEEDED", Text: "succeeded"}, {Value: "TIMED_OUT", Text: "timed out"}, {Value: "ABORTED", Text: "aborted"}}

// children lists the child executions, newest first.
func (c *Console) children(r *request, mapRun string, m *view.MapRun) error {
	status := r.URL.Query().Get("status")
	var known bool
	if m.Statuses, known = chosen(childStatuses, status); !known {
		return fault.Invalidf("there is no status %q of executions", status)
	}
	after, err := r.cursor("after")
	if err != nil {
		return err
	}
	list, next, err := c.Engine.List(r.Context(), engine.Filter{MapRunARN: mapRun, Status: machine.Status(status)}, engine.Page{After: after, Limit: childrenPage})
	if err != nil {
		return err
	}
	for _, child := range list {
		row := view.ChildRow{Run: c.runOf(child), Items: child.Items}
		if child.Error != nil {
			name, cause := errorOf(child)
			row.Error = strings.TrimSuffix(name+": "+cause, ": ")
		}
		m.Children = append(m.Children, row)
	}
	cursor := ""
	if next != 0 {
		cursor = strconv.FormatInt(next, 10)
	}
	m.Pager = r.pager("after", cursor)
	return nil
}

// changeMapRun changes how much a map run does at once and how many failures it bears. What is left empty stays.
func (c *Console) changeMapRun(r *request) (next, notice string, err error) {
	run := r.PathValue("arn")
	members := []value.Member{member("mapRunArn", value.OfString(run))}
	for _, field := range []struct{ form, member, label string }{
		{"concurrency", "maxConcurrency", "Maximum concurrency"}, {"count", "toleratedFailureCount", "Tolerated failures"},
		{"percentage", "toleratedFailurePercentage", "Tolerated failures in percent"},
	} {
		typed := strings.TrimSpace(r.PostForm.Get(field.form))
		if typed == "" {
			continue
		}
		if _, err := strconv.ParseFloat(typed, 64); err != nil {
			return "", "", fault.Invalidf("%s: %q is not a number", field.label, typed)
		}
		number, err := value.Parse(typed)
		if err != nil {
			return "", "", fault.Invalidf("%s: %q is not a number", field.label, typed)
		}
		members = append(members, member(field.member, number))
	}
	_, err = r.call("sfn", "UpdateMapRun", members...)
	return mapRunURL(run), "The limits are changed.", err
}
