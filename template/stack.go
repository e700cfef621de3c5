package template

import "maps"

// Join adds what another stack has, behind what this one has.
func (s *Stack) Join(other *Stack) {
	s.StateMachines = append(s.StateMachines, other.StateMachines...)
	s.Buckets = append(s.Buckets, other.Buckets...)
	s.Topics = append(s.Topics, other.Topics...)
	s.Declarations = append(s.Declarations, other.Declarations...)
	s.Deployments = append(s.Deployments, other.Deployments...)
	s.Accepted = append(s.Accepted, other.Accepted...)
	if s.Lives == nil {
		s.Lives = map[string]Life{}
	}
	maps.Copy(s.Lives, other.Lives)
	s.Outputs = append(s.Outputs, other.Outputs...)
	s.Warnings = append(s.Warnings, other.Warnings...)
}

// within gives everything in a stack that is nested in another the names that it has there: Nested.Name.
func (s *Stack) within(nested string) {
	prefix := nested + "."
	for i := range s.StateMachines {
		s.StateMachines[i].LogicalID = prefix + s.StateMachines[i].LogicalID
	}
	for i := range s.Buckets {
		s.Buckets[i].LogicalID = prefix + s.Buckets[i].LogicalID
	}
	for i := range s.Topics {
		s.Topics[i].LogicalID = prefix + s.Topics[i].LogicalID
	}
	for i := range s.Declarations {
		s.Declarations[i].LogicalID = prefix + s.Declarations[i].LogicalID
	}
	for i := range s.Accepted {
		s.Accepted[i].LogicalID = prefix + s.Accepted[i].LogicalID
	}
	for i := range s.Outputs {
		s.Outputs[i].Name = prefix + s.Outputs[i].Name
	}
	lives := make(map[string]Life, len(s.Lives))
	for id, life := range s.Lives {
		needs := make([]string, len(life.Needs))
		for i, other := range life.Needs {
			needs[i] = prefix + other
		}
		life.Needs = needs
		lives[prefix+id] = life
	}
	s.Lives = lives
}
