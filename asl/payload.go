package asl

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/asl/intrinsic"
	"github.com/stepwell/stepwell/value"
)

// template reads a payload template, nil when the field is absent or not an object.
func (o *object) template(name string) *Template {
	n := o.typed(name, value.Object)
	if n == nil {
		return nil
	}
	return o.compile(n, o.at(name))
}

// compile makes a template of a node; location names the object around a wrong expression, as AWS does.
func (r *reader) compile(n *node, at place) *Template {
	at.position = n.position
	t := &Template{}
	switch n.kind {
	case value.Object:
		t.object = true
		r.compileFields(t, n, at)
	case value.Array:
		for i, item := range n.items {
			t.items = append(t.items, r.compile(item, inside(at, "["+strconv.Itoa(i)+"]")))
		}
	case value.String:
		r.warnNoDollar(n, at)
	}
	if t.isConstant() {
		return &Template{constant: n.value()}
	}
	return t
}

func inside(p place, suffix string) place {
	p.location += suffix
	return p
}

func (r *reader) compileFields(t *Template, n *node, at place) {
	seen := map[string]bool{}
	for _, m := range n.members {
		name, dynamic := strings.CutSuffix(m.key, ".$")
		if seen[name] {
			r.invalid(place{at.location, at.state, m.position}, "Duplicate field '%s'", name)
		}
		seen[name] = true
		if !dynamic {
			t.fields = append(t.fields, templateField{name: name, part: r.compile(m.value, inside(at, "/"+m.key))})
		} else if e := r.templateExpression(m, at); e != nil {
			t.fields = append(t.fields, templateField{name: name, expression: e})
		}
	}
}

func (r *reader) templateExpression(m member, at place) *intrinsic.Expression {
	at.position = m.value.position
	var e *intrinsic.Expression
	var err error
	if m.value.kind == value.String {
		e, err = intrinsic.Parse(m.value.text)
	}
	if e == nil || err != nil {
		r.invalid(at, "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call", m.key).Hint = reason(err)
		return nil
	}
	r.readsOf(e, at)
	return e
}

func (t *Template) isConstant() bool {
	for _, f := range t.fields {
		if f.expression != nil || f.part.constant.IsZero() {
			return false
		}
	}
	for _, item := range t.items {
		if item.constant.IsZero() {
			return false
		}
	}
	return true
}

var looksDynamic = regexp.MustCompile(`^(\$\$?\.[A-Za-z_]|States\.[A-Z][A-Za-z0-9]+\()`)

func (r *reader) warnNoDollar(n *node, at place) {
	if looksDynamic.MatchString(n.text) {
		r.warn(NoDollar, at, "The value looks like a path or a function, but its key does not end with '.$', so it is taken as text")
	}
}

// assign reads Assign and checks the names. Variables belong to the workflow that is being read.
func (o *object) assign() *Template {
	n := o.typed("Assign", value.Object)
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		name, at := strings.TrimSuffix(m.key, ".$"), place{o.location + "/Assign", o.state, m.position}
		o.variableName(name, at)
		o.assigns(name, at)
	}
	return o.compile(n, o.at("Assign"))
}
