// Package plan compares what a template says with the record of what was made of it before: what is to be created, changed or
// replaced, and what has left the template. It makes nothing and reads no file, and it knows properties by their digests only,
// so that no text of a secret is in a record or a plan.
//
//	p, err := plan.New(records, resources)
//	for _, step := range p.Steps { … make step.Resource … }
package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Resource is what a template says of one resource.
type Resource struct {
	// Source is the template's file, as it is seen from the project.
	Source string `json:"source"`
	// LogicalID is unique in its source. Name is the physical id, unique among the resources of its Type.
	LogicalID string `json:"logicalId"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	// Properties are the digests of the resolved properties.
	Properties map[string]string `json:"properties"`
	// Retain says that the thing is kept when it is asked to be removed.
	Retain bool `json:"retain,omitempty"`
	// Needs are the logical ids of the resources of the same source that must be there before.
	Needs    []string       `json:"-"`
	Position fault.Position `json:"-"`
}

// Key tells a resource from all others.
func (r *Resource) Key() string { return r.Type + " " + r.Name }

// Version is that of the records that this program writes.
const Version = 1

// Record is what is remembered of a resource that was made.
type Record struct {
	Version int `json:"version"`
	Resource
	// Order counts up: what was made later is removed earlier.
	Order int `json:"order"`
	// Left says that the resource has left the template and does nothing by itself any more.
	Left bool `json:"left,omitempty"`
}

// Same reports whether two records say the same.
func (r *Record) Same(other *Record) bool {
	return r.Left == other.Left && r.Retain == other.Retain && r.LogicalID == other.LogicalID && r.Source == other.Source &&
		maps.Equal(r.Properties, other.Properties)
}

// Digest is the digest of a property.
func Digest(v value.Value) string {
	sum := sha256.Sum256([]byte(v.Compact()))
	return hex.EncodeToString(sum[:16])
}

// Action is what happens to a resource.
type Action uint8

const (
	// Keep: it is as it was.
	Keep Action = iota
	// Create: it is new.
	Create
	// Change: some of its properties are others.
	Change
	// Replace: a property is another that cannot be changed, or its name is.
	Replace
	// Leave: the template does not name it any more.
	Leave
)

var actionNames = [...]string{"keep", "create", "change", "replace", "leave"}

// String returns the action as plans show it.
func (a Action) String() string { return actionNames[a] }

// Step is one resource with what happens to it. Of what leaves, Resource is what the record says.
type Step struct {
	Action Action
	Resource
	// Old is the record of the resource; nil for a new one, and for one that replaces another of another name.
	Old *Record
	// Changed are the names of the properties that are others than before.
	Changed []string
}

// Plan are the steps in the order in which they are done: each resource behind those that it needs, and then those that leave,
// the last made first.
type Plan struct{ Steps []Step }

// New makes the plan that leads from the records to the resources. Of resources that do not need each other, the order stays.
// Errors: Unsupported for the record of a newer Stepwell, Invalid for two resources with one name.
func New(records []Record, resources []Resource) (Plan, error) {
	old := map[string]*Record{}
	for i := range records {
		if r := &records[i]; r.Version > Version {
			return Plan{}, fault.New(fault.Unsupported, "the record of %s (%s) was written by a newer Stepwell: version %d, this one knows %d",
				r.LogicalID, r.Type, r.Version, Version)
		}
		old[records[i].Key()] = &records[i]
	}
	if err := distinct(resources); err != nil {
		return Plan{}, err
	}
	var p Plan
	for _, r := range ordered(resources) {
		p.Steps = append(p.Steps, compare(r, old[r.Key()], records))
		delete(old, r.Key())
	}
	left := slices.SortedFunc(maps.Values(old), func(a, b *Record) int { return b.Order - a.Order })
	for _, r := range left {
		p.Steps = append(p.Steps, Step{Action: Leave, Resource: r.Resource, Old: r})
	}
	return p, nil
}

// Left are the records of what has left the template, the last made first.
func (p Plan) Left() []Record {
	var left []Record
	for _, s := range p.Steps {
		if s.Action == Leave {
			left = append(left, *s.Old)
		}
	}
	return left
}

// Lost are the records of what can only be made anew, which loses what is in it.
func (p Plan) Lost() []Record {
	var lost []Record
	for _, s := range p.Steps {
		if s.Action == Replace && s.Old != nil {
			lost = append(lost, *s.Old)
		}
	}
	return lost
}

func distinct(resources []Resource) error {
	seen := map[string]*Resource{}
	for i := range resources {
		r := &resources[i]
		if other := seen[r.Key()]; other != nil {
			return fault.Invalidf("%s and %s are both the %s %s", other.LogicalID, r.LogicalID, r.Type, r.Name).At(r.Position)
		}
		seen[r.Key()] = r
	}
	return nil
}

// compare decides what happens to a resource that the template names.
func compare(r Resource, old *Record, records []Record) Step {
	if old == nil {
		s := Step{Action: Create, Resource: r}
		if slices.ContainsFunc(records, func(o Record) bool {
			return !o.Left && o.Source == r.Source && o.LogicalID == r.LogicalID && o.Type == r.Type
		}) {
			s.Action = Replace
		}
		return s
	}
	s := Step{Action: Keep, Resource: r, Old: old, Changed: differing(old.Properties, r.Properties)}
	switch {
	case len(s.Fixed()) > 0:
		s.Action = Replace
	case len(s.Changed) > 0 || old.Left:
		s.Action = Change
	}
	return s
}

// fixed are the properties that a thing has for life, where a change of them would lose what is in it.
var fixed = map[string][]string{
	"AWS::DynamoDB::Table": {"KeySchema", "LocalSecondaryIndexes"},
}

// Fixed are the changed properties that the thing has for life.
func (s *Step) Fixed() []string {
	return slices.DeleteFunc(slices.Clone(s.Changed), func(name string) bool { return !slices.Contains(fixed[s.Type], name) })
}

// Vanishes reports whether nothing is left of a resource that leaves its template: a state machine is kept nowhere else.
func (r *Resource) Vanishes() bool { return r.Type == "AWS::StepFunctions::StateMachine" }

func differing(a, b map[string]string) []string {
	var names []string
	for name := range a {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// ordered puts every resource behind those that it needs.
func ordered(resources []Resource) []Resource {
	type id struct{ source, logical string }
	at := map[id]int{}
	for i, r := range resources {
		at[id{r.Source, r.LogicalID}] = i
	}
	out := make([]Resource, 0, len(resources))
	seen := make([]bool, len(resources))
	var add func(i int)
	add = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, need := range resources[i].Needs {
			if j, ok := at[id{resources[i].Source, need}]; ok {
				add(j)
			}
		}
		out = append(out, resources[i])
	}
	for i := range resources {
		add(i)
	}
	return out
}
