package asl

import (
	"unicode/utf8"

	"github.com/stepwell/stepwell/value"
)

// Options says how a definition is read.
type Options struct {
	// File names the text in positions; a name that ends in .yaml or .yml makes the text YAML,
	// unless it begins with a brace; any other text is JSON.
	File string
	// Express checks the definition as one of type EXPRESS, which may not wait for activities, callbacks and jobs.
	Express bool
	// Resource, when set, says whether a Task's Resource can run here; its error becomes a finding.
	Resource func(resource string) error
	// Accepted says that an earlier version may have accepted the definition already: what that did not check is no finding.
	Accepted bool
	// Mocked accepts what Stepwell cannot run, because it will not be run: mocks answer for it.
	Mocked bool
}

// Parse reads and checks a JSON or YAML definition. The error, when there is one, is Findings.
func Parse(text string, options Options) (*StateMachine, error) {
	root, bad := readTree(text, options.File)
	if bad != nil {
		return nil, Findings{*bad}
	}
	return parse(root, options, false)
}

// ParseState reads and checks the definition of one state, which becomes the only one of a machine. Where it leads to and which
// variables it reads is not checked, because that is known only where it stands.
func ParseState(text, name string, options Options) (*StateMachine, error) {
	state, bad := readTree(text, options.File)
	if bad != nil {
		return nil, Findings{*bad}
	}
	start := &node{kind: value.String, text: name, position: state.position}
	states := &node{kind: value.Object, position: state.position, members: []member{{name, state.position, state}}}
	root := &node{kind: value.Object, position: state.position, members: []member{
		{"StartAt", state.position, start}, {"States", state.position, states},
	}}
	return parse(root, options, true)
}

// parse reads a tree. alone says that its only state is all that there is.
func parse(root *node, options Options, alone bool) (*StateMachine, error) {
	r := &reader{options: options, names: map[string]bool{}}
	m := r.stateMachine(root)
	r.checkLevels(alone)
	if findings := r.findings(); len(findings) > 0 {
		return nil, findings
	}
	m.Warnings = r.warnings
	m.VariableReferences = r.references()
	return m, nil
}

func (r *reader) stateMachine(root *node) *StateMachine {
	o := r.object(root, place{position: root.position})
	r.allJSONata = o.queryLanguage() == jsonataLanguage
	m := &StateMachine{Comment: o.text("Comment"), Version: o.choose("Version", "1.0")}
	if seconds := o.integer("TimeoutSeconds", limits{0, maxSeconds}); seconds != nil {
		m.TimeoutSeconds = int64(*seconds)
	}
	m.Workflow = *r.workflow(o)
	return m
}

// workflow reads StartAt and States and closes the object, whose other fields were asked for before.
func (r *reader) workflow(o *object) *Workflow {
	outer := r.level
	r.level = &level{place: o.place, start: o.at("StartAt"), workflow: &Workflow{index: map[string]*State{}}, outer: outer}
	r.levels = append(r.levels, r.level)
	defer func() { r.level = outer }()

	o.require("States", "StartAt")
	w := r.level.workflow
	w.StartAt = o.text("StartAt")
	if n := o.field("States"); n != nil {
		r.states(w, n, o.at("States"))
	}
	o.close()
	return w
}

const maxNameLength = 80

func (r *reader) states(w *Workflow, n *node, at place) {
	if !r.hasKind(n, at, value.Object) {
		return
	}
	if len(n.members) == 0 {
		r.invalid(at, "Value cannot be empty")
	}
	for _, m := range n.members {
		p := place{at.location + "/" + m.key, m.key, m.position}
		r.stateName(m.key, p)
		o := r.object(m.value, p)
		if o == nil {
			r.level.broken = true
			continue
		}
		s := o.readState(m.key)
		w.States = append(w.States, s)
		w.index[m.key] = s
	}
}

func (r *reader) stateName(name string, p place) {
	switch {
	case r.names[name]:
		r.refuse(DuplicateStateName, p, "Duplicate State name: %s", name)
	case name == "":
		r.refuse(InvalidStateName, p, "State name cannot be empty")
	case utf8.RuneCountInString(name) > maxNameLength:
		r.refuse(InvalidStateName, p, "State name is longer than %d characters", maxNameLength)
	}
	r.names[name] = true
}
