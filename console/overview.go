package console

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) overviewArea() area {
	return area{pages: []page{{"/console/{$}", c.overview}}}
}

const (
	// stripLength is how many runs of a state machine the overview shows, and maxCards how many state machines.
	stripLength = 30
	maxCards    = 60
	// shortList is how many lines the lists of the overview have, and failedStates for how many of the failures the state is looked for.
	shortList    = 10
	failedStates = 10
)

func (c *Console) overview(r *request) (view.Page, error) {
	var o view.Overview
	counts, err := c.tallies(r)
	for _, part := range []func(*request, *view.Overview, []engine.Tally) error{c.overviewMachines, c.overviewRunning, c.overviewFailures} {
		if err == nil {
			err = part(r, &o, counts)
		}
	}
	if err != nil {
		return view.Page{}, err
	}
	today := c.today()
	for _, t := range counts {
		addToday(&o, t, today)
	}
	for _, plan := range c.plans() {
		if len(o.Next) < shortList && !plan.Next.IsZero() {
			o.Next = append(o.Next, triggerOf(plan))
		}
	}
	if o.Loads, err = c.loadDays.of(r.Context(), c); err != nil {
		o.NoLoads = err.Error()
	}
	return view.Page{Title: "Overview", Section: view.OverviewSection, Live: "execution", Content: o}, nil
}

// today is the beginning of the day, in UTC.
func (c *Console) today() time.Time { return c.Now().UTC().Truncate(24 * time.Hour) }

func addToday(o *view.Overview, t engine.Tally, today time.Time) {
	switch {
	case t.Status == machine.RunningStatus:
		o.Running += t.Number
	case t.Day.Before(today):
	case t.Status == machine.Succeeded:
		o.SucceededToday += t.Number
	case t.Status == machine.Aborted:
		o.StoppedToday += t.Number
	default:
		o.FailedToday += t.Number
	}
}

func (c *Console) overviewMachines(r *request, o *view.Overview, counts []engine.Tally) error {
	answer, err := r.call("sfn", "ListStateMachines", member("maxResults", value.OfInt(maxCards)))
	if err != nil {
		return err
	}
	for _, m := range items(answer, "stateMachines") {
		row, err := c.machineRow(r, m, counts)
		if err != nil {
			return err
		}
		o.Machines = append(o.Machines, row.MachineCard)
	}
	o.MoreMachines = text(answer, "nextToken") != ""
	return nil
}

func (c *Console) overviewRunning(r *request, o *view.Overview, _ []engine.Tally) error {
	runs, _, err := c.Engine.List(r.Context(), engine.Filter{Status: machine.RunningStatus}, engine.Page{Limit: shortList, Brief: true})
	for _, run := range runs {
		o.Now = append(o.Now, c.runAmongOthers(run))
	}
	return err
}

// runAmongOthers is an execution in a list of several state machines.
func (c *Console) runAmongOthers(run engine.Record) view.RunRow {
	row := c.runRow(run)
	row.Machine = view.Link{Text: run.StateMachineName, URL: machineURL(run.StateMachineARN)}
	return row
}

func (c *Console) overviewFailures(r *request, o *view.Overview, _ []engine.Tally) error {
	runs, err := c.Engine.Failures(r.Context(), c.today(), shortList)
	for i, run := range runs {
		f := view.FailedRun{RunRow: c.runAmongOthers(run)}
		if run.Cause != nil {
			f.Cause = firstLine(view.Unfold(*run.Cause).Message)
		}
		if i < failedStates {
			f.State = c.failedState(r, run)
		}
		o.Failures = append(o.Failures, f)
	}
	return err
}

// firstLine is the first line of a text with something in it.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// eventsBack is how far the state that failed is looked for from the end of a history.
const eventsBack = 30

// failedState leads to the last state that an execution was in; to nothing when that is not among its last events.
func (c *Console) failedState(r *request, run engine.Record) view.Link {
	events, err := c.Engine.History(r.Context(), run.ARN, engine.Page{Limit: eventsBack}, true)
	if err != nil {
		return view.Link{}
	}
	at := slices.IndexFunc(events, func(e machine.HistoryEvent) bool { return strings.HasSuffix(e.Type, "StateEntered") })
	if at < 0 {
		return view.Link{}
	}
	name := text(events[at].Details, "name")
	return view.Link{Text: name, URL: executionURL(run.ARN) + "?" + url.Values{"state": {name}}.Encode()}
}

// triggerOf is a schedule or a rule with a schedule.
func triggerOf(plan target.Plan) view.Trigger {
	t := view.Trigger{Link: view.Link{Text: plan.Name, URL: planURL(plan.ARN)}, When: plan.Expression, State: plan.State, Next: plan.Next}
	for _, arn := range plan.Targets {
		t.Targets = append(t.Targets, targetLink(arn))
	}
	return t
}

func executionURL(arn string) string { return "/console/executions/" + url.PathEscape(arn) }
