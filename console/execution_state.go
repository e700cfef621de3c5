package console

import (
	"slices"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/tree"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// chosen is the name of the state that the page shows in full; empty: none.
func (p *executionPage) chosen() string {
	query := p.URL.Query()
	if state := query.Get("state"); state != "" || query.Has("state") {
		return state
	}
	if p.record.Status == machine.Failed {
		if guilty := p.history.guilty(); guilty != nil {
			return guilty.Node.Name
		}
	}
	return ""
}

// visit shows the chosen state.
func (p *executionPage) visit() error {
	name := p.chosen()
	if name == "" {
		return nil
	}
	v, err := p.chosenVisit(name)
	if err != nil {
		return err
	}
	if v == nil {
		return p.notEntered(name)
	}
	s := p.describe(v)
	if s.Parts, err = p.parts(v); err != nil {
		return err
	}
	p.work(v, s)
	if v.MapRun != "" {
		run, counts, err := p.console.Engine.MapRun(p.Context(), v.MapRun)
		if err == nil {
			bar := barOf(run, counts)
			s.MapRun = &bar
		}
	}
	p.shown.Visit = s
	return nil
}

// chosenVisit is the visit that the address names; nil when the state was not entered.
func (p *executionPage) chosenVisit(name string) (*visit.Visit, error) {
	text := p.URL.Query().Get("visit")
	if text == "" {
		return p.history.matters(name), nil
	}
	number, err := strconv.Atoi(text)
	visits := p.history.record.Of(name)
	if err != nil || number < 1 || number > len(visits) {
		return nil, fault.New(fault.NotFound, "the state %s has no visit %s in this execution", name, text)
	}
	return visits[number-1], nil
}

// notEntered tells of a state of the definition that this execution has not come to.
func (p *executionPage) notEntered(name string) error {
	shown := &view.StateVisit{Name: name, Close: p.closeURL()}
	if definition := p.history.definition; definition != nil {
		here, inside := finds(definition, name)
		if !here && !inside {
			return fault.New(fault.NotFound, "this execution has no state %s", name)
		}
		if inside {
			shown.Note = "It runs in the child executions of its Map, whose map run lists them."
		}
	}
	p.shown.Visit = shown
	return nil
}

func (p *executionPage) closeURL() string {
	return view.ExecutionTab(p.shown.Base, p.shown.Tab, "", 0) + closing(p.shown.Tab)
}

// closing names no state, which is another thing than not to name one: the page of a failed execution shows its failed state.
func closing(tab view.ExecutionPart) string {
	if tab == view.GraphTab {
		return "?state="
	}
	return "&state="
}

// describe tells how a visit went.
func (p *executionPage) describe(v *visit.Visit) *view.StateVisit {
	o := v.Outcome()
	visits := p.history.record.Of(v.Node.Name)
	s := &view.StateVisit{
		Name: v.Node.Name, Type: v.Node.Type, Resource: v.Node.Resource, Status: string(o.Status), Number: v.Number, Visits: len(visits),
		Path: pathOf(v.Node), Close: p.closeURL(), Began: v.Began, Took: o.Took, Error: o.Error,
	}
	if p.history.retrying(v) {
		s.Status = "retrying"
	}
	if o.Status == tree.Running || s.Status == "retrying" {
		s.Took = p.console.Now().Sub(v.Began)
	} else {
		s.Ended = v.Began.Add(o.Took)
	}
	if v.Number > 1 {
		s.Earlier = p.visitURL(visits[v.Number-2])
	}
	if v.Number < len(visits) {
		s.Later = p.visitURL(visits[v.Number])
	}
	if o.Status == tree.Running {
		s.Error = "" // of an earlier attempt
	} else if v.Last() && v.Node.Cause != "" && (p.record.Cause == nil || v.Node.Cause != *p.record.Cause) { // which the head shows
		s.Cause = unfold(v.Node.Cause)
	}
	s.Attempts = p.attempts(v)
	return s
}

func (p *executionPage) visitURL(v *visit.Visit) string {
	return view.ExecutionTab(p.shown.Base, p.shown.Tab, v.Node.Name, v.Number)
}

// pathOf are the branches and iterations around a state.
func pathOf(n *tree.Node) []string {
	var path []string
	for at := n.Parent; at != nil && at.Parent != nil; at = at.Parent {
		path = append(path, at.Name)
	}
	slices.Reverse(path)
	return path
}

// attempts lists the tries of a visit where there is more to tell than of the visit itself.
func (p *executionPage) attempts(v *visit.Visit) []view.AttemptRow {
	var rows []view.AttemptRow
	for i, a := range v.Attempts {
		row := view.AttemptRow{Number: i + 1, Status: string(p.history.attemptStatus(v, a)), Error: a.Error}
		over := a.Over
		if over.IsZero() {
			over = v.Began.Add(v.Outcome().Took)
			if v.Outcome().Status == tree.Running {
				over = p.console.Now()
			}
		}
		began := a.At
		if a.Began.After(a.At) {
			began = a.Began
		}
		row.Queued, row.Took = began.Sub(a.At), max(0, over.Sub(began))
		if i > 0 && !v.Attempts[i-1].Over.IsZero() {
			row.Waited = max(0, a.At.Sub(v.Attempts[i-1].Over))
		}
		if a.Failed && i >= len(v.Attempts)-maxMessages {
			row.Message = p.messageOf(a)
		}
		rows = append(rows, row)
	}
	if len(rows) == 1 && rows[0].Error == "" && rows[0].Queued < time.Second {
		return nil
	}
	return rows[max(0, len(rows)-maxTries):]
}

const (
	// maxTries is how many of a visit's last attempts are shown, and maxMessages of how many the cause is read.
	maxTries    = 50
	maxMessages = 20
)

// messageOf is what went wrong in an attempt; nothing when the event cannot be read, which the page can do without.
func (p *executionPage) messageOf(a visit.Attempt) string {
	e, err := p.event(a.Ended)
	if err != nil {
		return ""
	}
	cause, _ := e.Details.Get("cause")
	return view.Unfold(cause.Str()).Message
}

// payload is a member of one of a visit's events.
type payload struct {
	title, member string
	event         func(*visit.Visit) int64
	open          bool
}

func entered(v *visit.Visit) int64 { return v.Entered }
func exited(v *visit.Visit) int64  { return v.Exited }

func scheduled(v *visit.Visit) int64 {
	if n := len(v.Attempts); n > 0 {
		return v.Attempts[n-1].Scheduled
	}
	return 0
}

func ended(v *visit.Visit) int64 {
	if n := len(v.Attempts); n > 0 && !v.Attempts[n-1].Failed {
		return v.Attempts[n-1].Ended
	}
	return 0
}

var payloads = []payload{
	{"Input", "input", entered, true},
	{"Parameters", "parameters", scheduled, false},
	{"Result", "output", ended, false},
	{"Output", "output", exited, true},
	{"Variables", "assignedVariables", exited, true},
}

// maxOpen is how many bytes a payload has at most that is shown unfolded.
const maxOpen = 2 << 10

// parts are what went into a visit and what came out.
func (p *executionPage) parts(v *visit.Visit) ([]view.Part, error) {
	var ids []int64
	for _, part := range payloads {
		ids = append(ids, part.event(v))
	}
	events, err := p.eventsOf(ids)
	if err != nil {
		return nil, err
	}
	var parts []view.Part
	for i, part := range payloads {
		text, ok := payloadText(events[ids[i]].Details, part.member)
		if !ok || len(parts) > 0 && part.title == "Output" && parts[len(parts)-1].Text.Full == text {
			continue
		}
		parts = append(parts, view.Part{
			Title: part.title, Open: part.open && len(text) <= maxOpen, Text: view.Document{Full: text, URL: p.shown.Raw("event-" + strconv.FormatInt(ids[i], 10) + "-" + part.member)},
		})
	}
	return parts, nil
}

// payloadText is a member of an event's details as the text that it is.
func payloadText(details value.Value, name string) (string, bool) {
	member, ok := details.Get(name)
	if !ok {
		return "", false
	}
	if member.Kind() == value.String {
		return member.Str(), true
	}
	return member.Text(), true
}
