package console

import (
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/graph"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) machineArea() area {
	const one = "/console/machines/{arn}"
	return area{
		pages: []page{
			{"/console/machines", c.machines}, {one, c.machine}, {one + "/definition", c.machineDefinition},
			{one + "/versions", c.machineVersions}, {one + "/details", c.machineDetails}, {one + "/start", c.machineStart},
		},
		raws:  []raw{{one + "/definition.txt", api.Read, c.machineSource}},
		posts: []raw{{one + "/start", api.Run, c.startMachine}},
	}
}

func machineURL(arn string) string { return "/console/machines/" + url.PathEscape(arn) }

const (
	// countedDays is over how many days executions are counted.
	countedDays = 30
	// pageRows is how many rows of a list a page has.
	pageRows = 50
)

var machineCrumbs = []view.Link{{Text: "State machines", URL: "/console/machines"}}

// machines lists the state machines.
func (c *Console) machines(r *request) (view.Page, error) {
	answer, pager, err := r.listed("sfn", "ListStateMachines", "nextToken", member("maxResults", value.OfInt(pageRows)))
	if err != nil {
		return view.Page{}, err
	}
	counts, err := c.tallies(r)
	if err != nil {
		return view.Page{}, err
	}
	list := view.Machines{Days: countedDays, Pager: pager}
	for _, m := range items(answer, "stateMachines") {
		row, err := c.machineRow(r, m, counts)
		if err != nil {
			return view.Page{}, err
		}
		list.Machines = append(list.Machines, row)
	}
	return view.Page{Title: "State machines", Section: view.MachinesSection, Live: "execution", Content: list}, nil
}

// tallies are how often each state machine ended how in the last days.
func (c *Console) tallies(r *request) ([]engine.Tally, error) {
	return c.Engine.Tallies(r.Context(), c.Now().AddDate(0, 0, -countedDays))
}

// machineRow is a state machine with how it did lately.
func (c *Console) machineRow(r *request, m value.Value, counts []engine.Tally) (view.MachineRow, error) {
	arn := text(m, "stateMachineArn")
	runs, _, err := c.Engine.List(r.Context(), engine.Filter{StateMachineARN: arn}, engine.Page{Limit: stripLength, Brief: true})
	row := view.MachineRow{MachineCard: view.MachineCard{Name: text(m, "name"), Type: text(m, "type"), URL: machineURL(arn)}}
	for _, run := range slices.Backward(runs) {
		row.Runs = append(row.Runs, c.runOf(run))
	}
	for _, t := range counts {
		if t.StateMachineARN == arn {
			addTally(&row, t)
		}
	}
	return row, err
}

func addTally(row *view.MachineRow, t engine.Tally) {
	switch t.Status {
	case machine.RunningStatus:
		row.Running += t.Number
	case machine.Succeeded:
		row.Succeeded += t.Number
	case machine.Aborted:
		row.Stopped += t.Number
	default:
		row.Failed += t.Number
	}
}

// described is a state machine that an address names.
func (r *request) described(tab view.MachineTab) (answer value.Value, p view.Page, head view.MachineHead, err error) {
	arn := r.PathValue("arn")
	answer, err = r.call("sfn", "DescribeStateMachine", member("stateMachineArn", value.OfString(arn)))
	if fault.CodeOf(err) == "InvalidArn" {
		err = fault.New(fault.NotFound, "there is no state machine %q", arn)
	}
	head = view.MachineHead{Name: text(answer, "name"), ARN: arn, URL: machineURL(arn), Type: text(answer, "type"), Tab: tab}
	p = view.Page{Title: head.Name, Section: view.MachinesSection, Crumbs: machineCrumbs}
	return answer, p, head, err
}

// machine is the page of a state machine: its graph and its executions.
func (c *Console) machine(r *request) (view.Page, error) {
	answer, p, head, err := r.described(view.RunsTab)
	if err != nil {
		return p, err
	}
	m := view.Machine{MachineHead: head, Days: countedDays}
	m.Graph, m.Problem = drawing(answer, head, r)
	counts, err := c.tallies(r)
	if err == nil {
		m.MachineRow, err = c.machineRow(r, answer, counts)
	}
	if err == nil {
		err = c.listRuns(r, &m)
	}
	if err == nil {
		m.Triggers, err = c.triggers(r, head.ARN)
	}
	p.Content, p.Live = m, "machine:"+head.ARN
	return p, err
}

// drawing is the graph of a state machine, whose states lead to their lines in the source, or why there is none.
func drawing(answer value.Value, head view.MachineHead, r *request) (picture template.HTML, problem string) {
	m, err := asl.Parse(text(answer, "definition"), asl.Options{File: definitionFile, Express: head.Type == "EXPRESS", Mocked: true})
	if err != nil {
		return "", "The definition cannot be drawn: " + err.Error()
	}
	lines := map[string]int{}
	for name, s := range statesIn(&m.Workflow) {
		lines[name] = s.Position.Line
	}
	link := func(state string) string { return head.URL + "/definition#line-" + strconv.Itoa(lines[state]) }
	return drawn(m, graph.Options{Title: head.Name, Bare: true, Link: link})
}

const (
	// maxDrawn is how many states a graph on a page may have, and maxDrawing how many bytes.
	maxDrawn   = 600
	maxDrawing = 600 << 10
	tooLarge   = "The graph is too large for a page. The command stepwell graph writes it to a file."
)

// drawn is a graph on a page, or why there is none.
func drawn(m *asl.StateMachine, o graph.Options) (picture template.HTML, problem string) {
	if len(statesIn(&m.Workflow)) > maxDrawn {
		return "", tooLarge
	}
	svg := graph.SVG(m, o)
	if len(svg) > maxDrawing {
		return "", tooLarge
	}
	return template.HTML(svg), "" // SVG escapes what users wrote
}

// statesIn are all states of a workflow and of those inside it. Their names are unique.
func statesIn(w *asl.Workflow) map[string]*asl.State {
	all := map[string]*asl.State{}
	for _, s := range w.States {
		all[s.Name] = s
		if s.Parallel != nil {
			for _, b := range s.Parallel.Branches {
				maps.Copy(all, statesIn(b))
			}
		}
		if s.Map != nil {
			maps.Copy(all, statesIn(s.Map.Processor))
		}
	}
	return all
}

// listRuns adds the executions that the page's address asks for.
func (c *Console) listRuns(r *request, m *view.Machine) error {
	query := r.URL.Query()
	m.Filter = view.RunFilter{Status: query.Get("status"), Name: query.Get("name"), From: query.Get("from"), To: query.Get("to")}
	filter := engine.Filter{StateMachineARN: m.ARN, Status: machine.Status(m.Filter.Status), Name: m.Filter.Name}
	var err error
	if filter.From, err = timeOf("from", m.Filter.From); err != nil {
		return err
	}
	if filter.To, err = timeOf("to", m.Filter.To); err != nil {
		return err
	}
	after, err := r.cursor("after")
	if err != nil {
		return err
	}
	runs, next, err := c.Engine.List(r.Context(), filter, engine.Page{After: after, Limit: pageRows, Brief: true})
	for _, run := range runs {
		m.Rows = append(m.Rows, c.runRow(run))
	}
	m.Pager = r.pager("after", orNothing(next))
	return err
}

func orNothing(cursor int64) string {
	if cursor == 0 {
		return ""
	}
	return strconv.FormatInt(cursor, 10)
}

// runRow is an execution as a line of a list.
func (c *Console) runRow(e engine.Record) view.RunRow {
	row := view.RunRow{Run: c.runOf(e), Redrives: e.RedriveCount}
	switch {
	case e.StateMachineAliasARN != "":
		row.As = versionOf(e.StateMachineAliasARN)
	case e.StateMachineVersionARN != "":
		row.As = "version " + versionOf(e.StateMachineVersionARN)
	}
	if e.Error != nil {
		row.Error = *e.Error
	}
	return row
}

// runOf is an execution as lists show it. One that runs took until now.
func (c *Console) runOf(r engine.Record) view.Run {
	end := r.StopTime
	if r.Status == machine.RunningStatus {
		end = c.Now()
	}
	return view.Run{Name: r.Name, URL: executionURL(r.ARN), Status: string(r.Status), Started: r.StartTime, Took: max(0, end.Sub(r.StartTime).Round(time.Millisecond))}
}
