package console

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
)

func (c *Console) executionArea() area {
	const path = "/console/executions/{arn}"
	return area{
		pages: []page{{path, c.execution}, {"/console/mapruns/{arn}", c.mapRun}},
		actions: []action{
			{path + "/stop", api.Run, c.stopExecution}, {path + "/redrive", api.Run, c.redriveExecution}, {path + "/again", api.Run, c.startAgain},
			{"/console/mapruns/{arn}/limits", api.Run, c.changeMapRun},
		},
		raws: []raw{{path: path + "/data/{part}", serve: c.executionData}},
	}
}

// executionPage is what the parts of an execution's page are made of. The history is locked while it is made.
type executionPage struct {
	*request
	record  engine.Record
	history *history
	shown   view.Execution
}

func (c *Console) execution(r *request) (view.Page, error) {
	record, err := c.Engine.Describe(r.Context(), r.PathValue("arn"))
	if err != nil {
		return view.Page{}, err
	}
	h, err := c.histories.open(r.Context(), c.Engine, record)
	if err != nil {
		return view.Page{}, err
	}
	defer h.mu.Unlock()
	p := &executionPage{request: r, record: record, history: h}
	p.shown = view.Execution{Base: executionURL(record.ARN), Tab: view.ExecutionPart(cmp.Or(r.URL.Query().Get("tab"), string(view.GraphTab)))}
	p.head()
	if err := p.tab(); err != nil {
		return view.Page{}, err
	}
	return view.Page{
		Title: record.Name, Section: view.MachinesSection, Content: p.shown, Live: p.live(),
		Crumbs: []view.Link{{Text: string(view.MachinesSection), URL: "/console/machines"}, p.shown.Machine},
	}, nil
}

// live is what the page's news are about. The children of a distributed Map that runs bring news too.
func (p *executionPage) live() string {
	for _, v := range p.history.record.Visits {
		if v.MapRun != "" && v.Outcome().Status == tree.Running {
			return "execution"
		}
	}
	return "execution:" + p.record.ARN
}

func (p *executionPage) tab() error {
	switch p.shown.Tab {
	case view.GraphTab:
		p.graph()
		p.states()
		return p.visit()
	case view.TimelineTab:
		p.shown.Timeline = p.timeline()
		return p.visit()
	case view.EventsTab:
		return p.events()
	case view.DataTab:
		p.data()
		return nil
	case view.CompareTab:
		return p.compare()
	}
	return fault.Invalidf("an execution has no part %s", p.shown.Tab)
}

// head fills in what stands above every part.
func (p *executionPage) head() {
	r, x := p.record, &p.shown
	x.Name, x.ARN, x.Status = r.Name, r.ARN, string(r.Status)
	x.Machine = p.machineLink()
	x.Version = versionOf(cmp.Or(r.StateMachineAliasARN, r.StateMachineVersionARN))
	run := p.console.runOf(r)
	x.Started, x.Took = r.StartTime, run.Took
	x.Redrives, x.Redriven = r.RedriveCount, r.RedriveTime
	if r.MapRunARN != "" {
		x.By = append(x.By, view.Link{Text: "map run " + shortID(r.MapRunARN), URL: mapRunURL(r.MapRunARN)})
	}
	p.start()
	x.CanStop = r.Status == machine.RunningStatus
	if x.CanStart = r.MapRunARN == ""; x.CanStart {
		x.EditURL = editURL(r.Execution)
	}
	if r.Status != machine.RunningStatus && r.Status != machine.Succeeded {
		x.NoRedrive = r.NotRedrivable(p.console.Now())
		x.CanRedrive = x.NoRedrive == ""
		p.failure()
	}
	if x.CanStop {
		p.running()
	}
}

// start tells what started the execution, where that is known.
func (p *executionPage) start() {
	if p.console.Ledger == nil || p.record.MapRunARN != "" {
		return
	}
	from, known, err := p.console.Ledger.Start(p.Context(), p.record.ARN)
	if err != nil {
		p.console.Log.Warn("read what started an execution", "execution", p.record.ARN, "error", err)
	}
	if known {
		p.shown.By = originLinks(from)
	}
}

// machineLink leads to the state machine; that of a map run's child is part of another one.
func (p *executionPage) machineLink() view.Link {
	name := p.record.StateMachineName
	whole, label, child := strings.Cut(name, "/")
	if !child {
		return view.Link{Text: name, URL: machineURL(p.record.StateMachineARN)}
	}
	of, err := arn.Parse(p.record.StateMachineARN)
	if err != nil {
		return view.Link{Text: name}
	}
	of.Resource = "stateMachine:" + whole
	return view.Link{Text: whole + " / " + label, URL: machineURL(of.String())}
}

// versionOf is the last part of the ARN of a version or an alias.
func versionOf(qualified string) string {
	return qualified[strings.LastIndexByte(qualified, ':')+1:]
}

// shortID is the beginning of the id at the end of an ARN.
func shortID(arn string) string {
	id := lastPart(arn)
	return id[:min(8, len(id))]
}

func mapRunURL(arn string) string { return "/console/mapruns/" + url.PathEscape(arn) }

// failure tells why the execution did not succeed.
func (p *executionPage) failure() {
	r := p.record
	f := &view.ExecutionFailure{}
	if r.Error != nil {
		f.Error = *r.Error
	}
	if r.Cause != nil {
		f.Cause = unfold(*r.Cause)
	}
	if f.Cause.Whole.Full != "" {
		f.Cause.Whole.URL = p.shown.Raw("cause")
	}
	if guilty := p.history.guilty(); guilty != nil {
		f.State, f.FailsAgain = p.visitLink(guilty), guilty.Node.Type == "Fail"
	}
	f.Statements = p.failed()
	p.shown.Failure = f
}

// unfold reads a cause, with links to the work that failed.
func unfold(cause string) view.Cause {
	c := view.Unfold(cause)
	for _, work := range []struct{ id, text, url string }{
		{c.Execution, "The execution that failed", executionURL(c.Execution)}, {c.Job, "The job that failed", jobURL(c.Job)},
		{c.Statement, "The statement that failed", statementsURL(c.Statement)},
	} {
		if work.id != "" {
			c.Links = append(c.Links, view.Link{Text: work.text, URL: work.url})
		}
	}
	return c
}

// visitLink leads to a visit of a state, on the part of the page that is shown.
func (p *executionPage) visitLink(v *visit.Visit) view.Link {
	tab := p.shown.Tab
	if tab != view.TimelineTab {
		tab = view.GraphTab
	}
	return view.Link{Text: v.Node.Name, URL: view.ExecutionTab(p.shown.Base, tab, v.Node.Name, v.Number)}
}

// maxRunning is how many of the states that run the head names.
const maxRunning = 6

func (p *executionPage) running() {
	seen := map[string]bool{}
	for _, v := range slices.Backward(p.history.record.Visits) {
		if v.Node.Type == "" || len(v.Node.Children) > 0 || v.Outcome().Status != tree.Running && !v.Retrying() || seen[v.Node.Name] {
			continue
		}
		seen[v.Node.Name] = true
		p.shown.Running = append(p.shown.Running, p.visitLink(v))
		if len(p.shown.Running) == maxRunning {
			break
		}
	}
	slices.Reverse(p.shown.Running)
}

// data shows what went into the execution and what came out.
func (p *executionPage) data() {
	p.shown.Input = &view.Document{Full: p.record.Input.Text(), URL: p.shown.Raw("input")}
	if p.record.Status == machine.Succeeded {
		p.shown.Output = &view.Document{Full: p.record.Output.Text(), URL: p.shown.Raw("output")}
	}
}
