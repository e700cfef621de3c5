package asl

// Find returns the workflow in which a state stands: this one or one inside it. ok is false when there is no such state.
func (w *Workflow) Find(state string) (in *Workflow, ok bool) {
	if w.State(state) != nil {
		return w, true
	}
	for _, s := range w.States {
		for _, inner := range s.workflows() {
			if in, ok = inner.Find(state); ok {
				return in, true
			}
		}
	}
	return nil, false
}

// workflows returns those that a state runs.
func (s *State) workflows() []*Workflow {
	switch s.Type {
	case ParallelType:
		return s.Parallel.Branches
	case MapType:
		return []*Workflow{s.Map.Processor}
	}
	return nil
}
