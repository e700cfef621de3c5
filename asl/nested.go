package asl

import "github.com/stepwell/stepwell/asl/intrinsic"

// readParallel reads a Parallel state's branches, each a workflow of its own.
func (o *object) readParallel(s *State) {
	s.Parameters = o.template("Parameters")
	s.Parallel = &Parallel{Branches: o.branches()}
	o.readResult(s)
}

func (o *object) branches() []*Workflow {
	var list []*Workflow
	o.require("Branches")
	o.nonEmpty("Branches", func(item *node, at place) {
		if e := o.object(item, at); e != nil {
			e.skip("Comment")
			list = append(list, o.workflow(e))
		}
	})
	return list
}

func (o *object) readMap(s *State) {
	s.Map = &Map{
		ItemsPath:                  o.itemsPath(),
		ItemSelector:               o.itemSelector(),
		MaxConcurrency:             o.countOrPath("MaxConcurrency", limits{0, none}),
		ToleratedFailureCount:      o.countOrPath("ToleratedFailureCount", limits{0, none}),
		ToleratedFailurePercentage: o.toleratedPercentage(),
	}
	o.readResult(s)
	o.processor(s.Map)
}

// itemSelector reads ItemSelector or its older name.
func (o *object) itemSelector() *Template {
	o.atMostOne("ItemSelector", "Parameters")
	if o.has("Parameters") {
		return o.template("Parameters")
	}
	return o.template("ItemSelector")
}

func (o *object) toleratedPercentage() Number {
	const name = "ToleratedFailurePercentage"
	o.atMostOne(name, name+"Path")
	n := Number{Constant: o.number(name, limits{0, 100}), Path: o.pathOnly(name + "Path")}
	o.referenceOnly(name+"Path", n.Path)
	return n
}

// countOrPath is numberOrPath for the fields of a Map.
func (o *object) countOrPath(name string, allowed limits) Number {
	n := o.numberOrPath(name, allowed)
	o.referenceOnly(name+"Path", n.Path)
	return n
}

// referenceOnly refuses what does not name one place of the input or of a variable. Of a Map's fields, AWS lets only ItemsPath read the
// context object.
func (o *object) referenceOnly(name string, e *intrinsic.Expression) {
	if e != nil && (e.Kind() == intrinsic.ContextPath || !e.Path().IsReference()) {
		o.tightened(SchemaFailed, o.at(name), "Value is not a Reference Path")
	}
}

// processor reads ItemProcessor or its older name.
func (o *object) processor(m *Map) {
	o.exactlyOne("ItemProcessor", "Iterator")
	name := "ItemProcessor"
	if !o.has(name) {
		name = "Iterator"
	}
	n := o.field(name)
	if n == nil {
		return
	}
	e := o.object(n, o.at(name))
	if e == nil {
		return
	}
	e.skip("Comment")
	if config := e.field("ProcessorConfig"); config != nil {
		e.processorConfig(config)
	}
	m.Distributed = o.distributed(name)
	m.Processor = o.processed(e, m.Distributed)
}

// processed reads the processor's workflow. What runs in executions of its own has their type and does not see the variables around it.
func (o *object) processed(e *object, d *Distributed) *Workflow {
	if d == nil {
		return o.workflow(e)
	}
	express, outer := o.options.Express, o.level
	o.options.Express, o.level = d.Express, nil
	defer func() { o.options.Express, o.level = express, outer }()
	return o.workflow(e)
}

func (o *object) processorConfig(n *node) {
	e := o.object(n, o.at("ProcessorConfig"))
	if e == nil {
		return
	}
	if e.choose("Mode", "INLINE", "DISTRIBUTED") == "DISTRIBUTED" {
		e.require("ExecutionType")
		e.choose("ExecutionType", "STANDARD", "EXPRESS")
	}
	e.close()
}
