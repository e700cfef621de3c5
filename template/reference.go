package template

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// ref carries out Ref: a pseudo parameter, a parameter or a resource.
func (e *evaluator) ref(n *node) *node {
	if n.kind != value.String {
		return e.find(n.at, "Ref takes the name of a parameter or resource")
	}
	return e.lookup(n.scalar.Str(), n.at, "Ref")
}

func (e *evaluator) lookup(name string, at fault.Position, function string) *node {
	if name == "AWS::NoValue" {
		return noValue
	}
	if v, ok := e.pseudo(name, at); ok {
		return v
	}
	if stored, ok := e.withoutValue[name]; ok {
		return e.find(at, "the parameter %s is the Systems Manager parameter %q, which has no value; give it in the configuration (ssm)", name, stored)
	}
	if v, ok := e.parameters[name]; ok {
		return v.copyAt(at)
	}
	if text, ok := e.publishedReference(name); ok {
		return textAt(at, text)
	}
	if r, ok := e.resource(name, at, function); r != nil {
		return textAt(at, e.identity(r))
	} else if ok {
		return nil
	}
	return e.unresolved(name, at, function)
}

func (e *evaluator) pseudo(name string, at fault.Position) (*node, bool) {
	switch name {
	case "AWS::Region":
		return textAt(at, e.options.Region), true
	case "AWS::AccountId":
		return textAt(at, e.options.AccountID), true
	case "AWS::Partition":
		return textAt(at, "aws"), true
	case "AWS::URLSuffix":
		return textAt(at, "amazonaws.com"), true
	case "AWS::StackName":
		return textAt(at, e.options.StackName), true
	case "AWS::StackId":
		return textAt(at, "arn:aws:cloudformation:"+e.options.Region+":"+e.options.AccountID+":stack/"+e.options.StackName+
			"/00000000-0000-0000-0000-000000000000"), true
	case "AWS::NotificationARNs":
		return &node{at: at, kind: value.Array}, true
	}
	return nil, false
}

var pseudoParameters = []string{"AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region",
	"AWS::StackId", "AWS::StackName", "AWS::URLSuffix"}

// unresolved reports a reference to nothing. Unlike other mistakes, it counts in branches that are not taken, too.
func (e *evaluator) unresolved(name string, at fault.Position, function string) *node {
	known := append(keys(e.root.get("Parameters")), keys(e.root.get("Resources"))...)
	known = append(known, pseudoParameters...)
	e.report(fault.Invalidf("unresolved reference in %s: there is no parameter or resource %q%s", function, name, suggest(name, known)).
		WithCode("ValidationError").At(at))
	return nil
}

// getAtt carries out Fn::GetAtt: "Name.Attribute" or [Name, Attribute].
func (e *evaluator) getAtt(n *node) *node {
	if n.kind == value.String {
		name, attribute, ok := strings.Cut(n.scalar.Str(), ".")
		if !ok {
			return e.find(n.at, "Fn::GetAtt takes Resource.Attribute, not %q", n.scalar.Str())
		}
		return e.attributeOf(name, attribute, n.at, "Fn::GetAtt")
	}
	parts, ok := e.list(n, "Fn::GetAtt", 2, 2)
	if !ok {
		return nil
	}
	attribute, ok := e.evalText(parts[1], "the attribute of Fn::GetAtt")
	if !ok {
		return nil
	}
	if parts[0].kind != value.String {
		return e.find(parts[0].at, "the resource of Fn::GetAtt must be a name")
	}
	return e.attributeOf(parts[0].scalar.Str(), attribute, parts[0].at, "Fn::GetAtt")
}

func (e *evaluator) attributeOf(name, attribute string, at fault.Position, function string) *node {
	r, ok := e.resource(name, at, function)
	if r == nil {
		if ok {
			return nil
		}
		return e.unresolved(name, at, function)
	}
	if isNested(r.kind) {
		return e.nestedOutput(r, attribute, at, function)
	}
	text, ok := e.published(r, attribute)
	if !ok {
		text, ok = e.attribute(r, attribute)
	}
	if !ok {
		return e.find(at, "%s: %s (%s) has no attribute %q%s", function, name, r.kind, attribute, suggest(attribute, attributesOf(r.kind)))
	}
	return textAt(at, text)
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// sub carries out Fn::Sub: a text, or a list of a text and the variables that it may use besides references.
func (e *evaluator) sub(n *node) *node {
	text, own := n, (*node)(nil)
	if n.kind == value.Array {
		parts, ok := e.list(n, "Fn::Sub", 2, 2)
		if !ok {
			return nil
		}
		text = parts[0]
		if own = e.eval(parts[1]); own == nil {
			return nil
		}
	}
	if text.kind != value.String {
		return e.find(text.at, "Fn::Sub takes a text")
	}
	s := substitution{e: e, text: text, own: own, sound: true}
	result := s.run()
	if !s.sound {
		return nil
	}
	return &node{at: text.at, kind: value.String, scalar: value.OfString(result), block: text.block, indent: text.indent}
}

// substitution is one run of Fn::Sub.
type substitution struct {
	e     *evaluator
	text  *node
	own   *node
	sound bool
}

func (s *substitution) run() string {
	text := s.text.scalar.Str()
	var out strings.Builder
	last := 0
	for _, m := range variable.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(text[last:m[0]])
		last = m[1]
		name := text[m[2]:m[3]]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			out.WriteString("${" + literal + "}")
			continue
		}
		out.WriteString(s.variable(strings.TrimSpace(name), s.place(m[0])))
	}
	out.WriteString(text[last:])
	return out.String()
}

// place is where an offset of a block scalar's text stands in the template; for other scalars it is where they begin.
func (s *substitution) place(offset int) fault.Position {
	at := s.text.at
	if s.text.block {
		before := s.text.scalar.Str()[:offset]
		line := before[strings.LastIndexByte(before, '\n')+1:]
		at.Line += 1 + strings.Count(before, "\n")
		at.Column = s.text.indent + utf8.RuneCountInString(line) + 1
	}
	return at
}

func (s *substitution) variable(name string, at fault.Position) string {
	var v *node
	if own := s.own.get(name); own != nil {
		v = own
	} else if resource, attribute, ok := strings.Cut(name, "."); ok {
		v = s.e.attributeOf(resource, attribute, at, "Fn::Sub")
	} else {
		v = s.e.lookup(name, at, "Fn::Sub")
	}
	switch {
	case v == nil:
		s.sound = false
		return ""
	case v == noValue || !v.isScalar():
		s.e.find(at, "Fn::Sub: ${%s} is no text", name)
		s.sound = s.sound && s.e.untaken > 0
		return ""
	}
	return v.text()
}
