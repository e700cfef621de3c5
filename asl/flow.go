package asl

// level is one workflow with what its states say about transitions and variables.
type level struct {
	place
	outer    *level
	workflow *Workflow
	start    place
	edges    []edge
	terminal bool // some state ends the workflow
	broken   bool // what some state leads to could not be read
	variables
}

// edge is a transition as it is written.
type edge struct {
	from, to string
	at       place
}

// target reads a field that names the next state.
func (o *object) target(field string) string {
	to := o.text(field)
	if o.node.get(field) != nil {
		o.level.edges = append(o.level.edges, edge{o.state, to, o.at(field)})
	}
	return to
}

// nextTarget is target for a Next that must be there.
func (o *object) nextTarget() string {
	if !o.require("Next") {
		o.level.broken = true
	}
	return o.target("Next")
}

// checkLevels checks what the states of each workflow say about one another. Of a state that stands alone, only the workflows in it
// say something.
func (r *reader) checkLevels(alone bool) {
	for _, l := range r.levels {
		if !alone || l.outer != nil {
			r.checkTransitions(l)
		}
	}
	if alone {
		return
	}
	for _, l := range r.levels {
		r.checkVariables(l)
	}
	r.warnUnused()
}

// checkTransitions reports targets that are not there, a workflow that cannot end and states that nothing leads to. As on
// AWS, a workflow that cannot end hides the states that nothing leads to.
func (r *reader) checkTransitions(l *level) {
	if len(l.workflow.States) == 0 {
		return
	}
	if start := l.workflow.StartAt; start != "" && l.workflow.State(start) == nil {
		r.missingTarget(l, start, l.start)
	}
	for _, e := range l.edges {
		if e.to != "" && l.workflow.State(e.to) == nil {
			r.missingTarget(l, e.to, e.at)
		}
	}
	switch {
	case l.broken:
	case !l.terminal:
		r.misrouted(MissingEndState, l.place, "Workflow has no terminal state")
		r.flow[len(r.flow)-1].Location = ""
	default:
		r.unreachable(l)
	}
}

func (r *reader) missingTarget(l *level, target string, at place) {
	r.misrouted(MissingTarget, at, "Missing 'Next' target: %s", target)
	f := &r.flow[len(r.flow)-1]
	if f.Hint = didYouMean(target, l.stateNames()); f.Hint == "" && r.names[target] {
		f.Hint = "a transition cannot cross the border of a branch or an item processor"
	}
}

func (l *level) stateNames() []string {
	var names []string
	for _, s := range l.workflow.States {
		names = append(names, s.Name)
	}
	return names
}

func (r *reader) unreachable(l *level) {
	next := map[string][]string{}
	for _, e := range l.edges {
		next[e.from] = append(next[e.from], e.to)
	}
	reached := map[string]bool{l.workflow.StartAt: true}
	for queue := []string{l.workflow.StartAt}; len(queue) > 0; queue = queue[1:] {
		for _, to := range next[queue[0]] {
			if !reached[to] {
				reached[to] = true
				queue = append(queue, to)
			}
		}
	}
	for _, s := range l.workflow.States {
		if !reached[s.Name] {
			at := place{l.location + "/States/" + s.Name, s.Name, s.Position}
			r.misrouted(MissingTarget, at, "State \"%s\" is not reachable.", s.Name)
		}
	}
}
