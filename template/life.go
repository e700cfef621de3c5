package template

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Life says of a resource what must be there before it, and whether it stays when the template does not name it any more.
type Life struct {
	// Needs are the logical ids of the resources that it refers to, or names in DependsOn.
	Needs []string
	// Retain says that its DeletionPolicy keeps it.
	Retain bool
}

// life finds out the life of a resource.
func (e *evaluator) life(r *resource) Life {
	w := &walk{e: e, from: r.id}
	for _, f := range fieldsOf(r.properties) {
		if f.key == "Events" && strings.HasPrefix(r.kind, "AWS::Serverless::") {
			continue // SAM makes resources of them that need this one
		}
		w.node(f.value)
	}
	return Life{Needs: append(w.needs, e.dependencies(r, w.needs)...), Retain: e.retained(r)}
}

// retained reads a DeletionPolicy. Nothing here makes a snapshot, so what would have one is kept.
func (e *evaluator) retained(r *resource) bool {
	n := r.body.get("DeletionPolicy")
	if n == nil {
		return false
	}
	policy, ok := e.evalText(n, "DeletionPolicy")
	if !ok {
		return false
	}
	known := []string{"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}
	if !slices.Contains(known, policy) {
		e.find(n.at, "DeletionPolicy is Delete, Retain, RetainExceptOnCreate or Snapshot, not %q%s", policy, suggest(policy, known))
	}
	return policy != "Delete"
}

// dependencies are the resources of DependsOn that are there and not among the others.
func (e *evaluator) dependencies(r *resource, others []string) []string {
	n := r.body.get("DependsOn")
	if n == nil {
		return nil
	}
	names := []*node{n}
	if n.kind == value.Array {
		names = n.items
	}
	var all []string
	for _, one := range names {
		id := one.scalar.Str()
		if other := e.byID(id); other != nil && e.wanted(other) && !slices.Contains(others, id) && !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// walk collects the resources that a part of the template refers to.
type walk struct {
	e     *evaluator
	from  string
	needs []string
}

func (w *walk) node(n *node) {
	if n == nil {
		return
	}
	name, argument, ok := n.call()
	switch {
	case ok && name == "Ref":
		w.need(argument.scalar.Str())
	case ok && name == "Fn::GetAtt":
		w.attribute(argument)
	case ok && name == "Fn::Sub":
		w.substitution(argument)
	case ok && name == "Fn::If" && len(argument.items) == 3:
		w.branch(argument.items)
	default:
		w.dynamicNeeds(n.scalar.Str())
		w.inside(n)
	}
}

func (w *walk) inside(n *node) {
	for _, item := range n.items {
		w.node(item)
	}
	for _, f := range n.fields {
		w.node(f.value)
	}
}

func (w *walk) attribute(n *node) {
	if n.kind == value.Array && len(n.items) > 0 {
		w.need(n.items[0].scalar.Str())
		return
	}
	id, _, _ := strings.Cut(n.scalar.Str(), ".")
	w.need(id)
}

func (w *walk) substitution(n *node) {
	text, own := n, (*node)(nil)
	if n.kind == value.Array && len(n.items) == 2 {
		text, own = n.items[0], n.items[1]
		w.inside(own)
	}
	w.dynamicNeeds(text.scalar.Str())
	for _, m := range variable.FindAllStringSubmatch(text.scalar.Str(), -1) {
		name := strings.TrimSpace(m[1])
		if own.get(name) == nil && !strings.HasPrefix(name, "!") {
			id, _, _ := strings.Cut(name, ".")
			w.need(id)
		}
	}
}

// branch follows the branch of Fn::If that is taken: what only the other one refers to is not needed.
func (w *walk) branch(parts []*node) {
	taken := parts[1]
	if yes, _ := w.e.condition(parts[0]); !yes {
		taken = parts[2]
	}
	w.node(taken)
}

// need notes a resource. One that SAM makes beside another stands for that one.
func (w *walk) need(id string) {
	r := w.e.byID(id)
	if r == nil {
		for _, owner := range w.e.resources {
			if strings.HasPrefix(owner.kind, "AWS::Serverless::") && strings.HasPrefix(id, owner.id) && owner.id != w.from {
				r = owner
			}
		}
	}
	if r != nil && w.e.wanted(r) && !slices.Contains(w.needs, r.id) {
		w.needs = append(w.needs, r.id)
	}
}

// lives finds out the lives of all resources that are there, and reports those that need themselves.
func (e *evaluator) lives() map[string]Life {
	all := map[string]Life{}
	for _, r := range e.resources {
		if e.wanted(r) {
			all[r.id] = e.life(r)
			e.livesBeside(all, r)
		}
	}
	c := cycle{lives: all, done: map[string]bool{}}
	for _, r := range e.resources {
		if ids := c.from(r.id); ids != nil {
			slices.Sort(ids)
			e.report(fault.Invalidf("Circular dependency between resources: [%s]", strings.Join(ids, ", ")).WithCode("ValidationError").At(r.at))
			break
		}
	}
	return all
}

// livesBeside finds out the lives of what SAM makes of a resource's Events.
func (e *evaluator) livesBeside(all map[string]Life, r *resource) {
	if !strings.HasPrefix(r.kind, "AWS::Serverless::") {
		return
	}
	for _, f := range fieldsOf(r.properties.get("Events")) {
		w := &walk{e: e, from: r.id + f.key, needs: []string{r.id}}
		w.node(f.value)
		all[w.from] = Life{Needs: w.needs}
	}
}

// cycle looks for resources that need themselves.
type cycle struct {
	lives map[string]Life
	path  []string
	done  map[string]bool
}

// from returns the resources of a cycle that leads through what a resource needs, nil when there is none.
func (c *cycle) from(id string) []string {
	if at := slices.Index(c.path, id); at >= 0 {
		return slices.Clone(c.path[at:])
	}
	if c.done[id] {
		return nil
	}
	c.path = append(c.path, id)
	for _, other := range c.lives[id].Needs {
		if found := c.from(other); found != nil {
			return found
		}
	}
	c.path = c.path[:len(c.path)-1]
	c.done[id] = true
	return nil
}
