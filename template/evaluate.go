package template

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// evaluator resolves one template. Mistakes are collected; the part that has one becomes a nil node.
type evaluator struct {
	options    Options
	root       *node
	resources  []*resource
	parameters map[string]*node
	// withoutValue are the parameters whose value is to come from Systems Manager and is not there: a mistake if they are used.
	withoutValue map[string]string
	conditions   map[string]truth
	names        map[string]string // physical names of resources, made on first need
	stacks       map[string]*Stack // nested ones by logical id; nil: being read, or with a mistake
	files        []string          // the template and those that it is nested in, outermost first
	exports      map[string]string // of this template and all nested ones
	read         *int              // how many nested ones have been read
	untaken      int               // how many branches not taken enclose what is resolved
	findings     Findings
	warnings     []Warning
}

// truth is a condition's value, or that it is being found out.
type truth uint8

const (
	unknown truth = iota
	asking
	holds
	fails
)

func newEvaluator(root *node, options Options) *evaluator {
	return &evaluator{
		root: root, options: options, resources: resourcesOf(root),
		parameters: map[string]*node{}, withoutValue: map[string]string{}, conditions: map[string]truth{}, names: map[string]string{},
		stacks: map[string]*Stack{}, files: []string{options.File}, exports: map[string]string{}, read: new(int),
	}
}

// find reports a mistake and returns the nil node that stands for the value it spoils.
func (e *evaluator) find(at fault.Position, format string, args ...any) *node {
	if e.untaken == 0 {
		e.report(fault.Invalidf(format, args...).At(at))
	}
	return nil
}

func (e *evaluator) report(f *fault.Fault) {
	// A name that several resources are made of is evaluated for each of them; its mistake is one.
	for _, known := range e.findings {
		if known.Position == f.Position && known.Message == f.Message {
			return
		}
	}
	e.findings = append(e.findings, f)
}

func (e *evaluator) warn(at fault.Position, message string) {
	e.warnings = append(e.warnings, Warning{at, message})
}

// noValue is what Ref AWS::NoValue comes to: the member or element that has it is left out.
var noValue = &node{kind: value.None}

// eval resolves a part of the template. The result has no functions; it is nil when a mistake was found in it.
func (e *evaluator) eval(n *node) *node {
	if n == nil {
		return nil
	}
	if name, argument, ok := n.call(); ok {
		return e.function(name, argument, n)
	}
	switch n.kind {
	case value.Array:
		return e.evalList(n)
	case value.Object:
		return e.evalObject(n)
	}
	return n
}

func (e *evaluator) evalList(n *node) *node {
	list := &node{at: n.at, kind: value.Array}
	sound := true
	for _, item := range n.items {
		switch v := e.eval(item); v {
		case nil:
			sound = false
		case noValue:
		default:
			list.items = append(list.items, v)
		}
	}
	if !sound {
		return nil
	}
	return list
}

func (e *evaluator) evalObject(n *node) *node {
	object := &node{at: n.at, kind: value.Object}
	sound := true
	for _, f := range n.fields {
		if strings.HasPrefix(f.key, forEach) {
			e.report(fault.New(fault.Unsupported, "the function Fn::ForEach is not supported").At(f.at))
			return nil
		}
		switch v := e.eval(f.value); v {
		case nil:
			sound = false
		case noValue:
		default:
			object.fields = append(object.fields, field{f.key, f.at, v})
		}
	}
	if !sound {
		return nil
	}
	return object
}

// forEach begins the key of a loop, which is part of an object rather than all of it.
const forEach = "Fn::ForEach::"

// evalText resolves a part that must be a text; what names the place for the message.
func (e *evaluator) evalText(n *node, what string) (string, bool) {
	v := e.eval(n)
	if v == nil {
		return "", false
	}
	if !v.isScalar() {
		e.find(n.at, "%s must be a text", what)
		return "", false
	}
	return v.text(), true
}

// member resolves a property that is a text; ok is false when it is absent or wrong.
func (e *evaluator) member(properties *node, name string) (text string, ok bool) {
	n := properties.get(name)
	if n == nil {
		return "", false
	}
	v := e.eval(n)
	if v == nil || v == noValue {
		return "", false
	}
	if !v.isScalar() {
		e.find(n.at, "%s must be a text", name)
		return "", false
	}
	return v.text(), true
}
