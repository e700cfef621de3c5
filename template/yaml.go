package template

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

const (
	// maxDepth bounds nesting, also of aliases that contain themselves.
	maxDepth = 200
	// maxNodes bounds what aliases may blow a template up to; CloudFormation's largest templates stay far below.
	maxNodes = 500_000
)

// read turns a template's text into nodes: JSON when it begins with a brace, else YAML.
func read(text, file string) (*node, *fault.Fault) {
	text = strings.TrimPrefix(text, "\ufeff")
	read := readYAML
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), "{") {
		read = readJSON
	}
	root, err := read(text, file)
	if err == nil {
		err = root.duplicate()
	}
	return root, err
}

func readYAML(text, file string) (*node, *fault.Fault) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		return nil, yamlFault(err, file)
	}
	if document.Kind == 0 {
		return nil, fault.Invalidf("the template is empty").At(fault.Position{File: file, Line: 1})
	}
	r := yamlReader{file: file, lines: strings.Split(text, "\n")}
	root := r.node(document.Content[0], 0)
	if r.fault != nil {
		return nil, r.fault
	}
	if root.kind != value.Object {
		return nil, fault.Invalidf("the template is not an object with Resources").At(root.at)
	}
	return root, nil
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func yamlFault(err error, file string) *fault.Fault {
	text := err.Error()
	at := fault.Position{File: file, Line: 1}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		if line, err := strconv.Atoi(m[1]); err == nil {
			at.Line = line
		}
	}
	return fault.Invalidf("the template is not valid YAML: %s", text).At(at)
}

type yamlReader struct {
	file  string
	lines []string
	count int
	fault *fault.Fault
}

func (r *yamlReader) position(n *yaml.Node) fault.Position {
	return fault.Position{File: r.file, Line: n.Line, Column: n.Column}
}

func (r *yamlReader) node(n *yaml.Node, depth int) *node {
	at := r.position(n)
	r.count++
	if depth > maxDepth || r.count > maxNodes {
		if r.fault == nil {
			r.fault = fault.Invalidf("the template is nested too deeply or its aliases repeat too much").At(at)
		}
		return textAt(at, "")
	}
	if tag := n.Tag; strings.HasPrefix(tag, "!") && !strings.HasPrefix(tag, "!!") {
		return r.function(n, tag[1:], depth)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return r.node(n.Alias, depth+1)
	case yaml.MappingNode:
		return r.object(n, at, depth)
	case yaml.SequenceNode:
		list := &node{at: at, kind: value.Array}
		for _, item := range n.Content {
			list.items = append(list.items, r.node(item, depth+1))
		}
		return list
	}
	return r.scalar(n, at)
}

func (r *yamlReader) object(n *yaml.Node, at fault.Position, depth int) *node {
	object := &node{at: at, kind: value.Object}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		object.fields = append(object.fields, field{key.Value, r.position(key), r.node(n.Content[i+1], depth+1)})
	}
	return object
}

// function reads the short form !Name argument as the long one.
func (r *yamlReader) function(n *yaml.Node, name string, depth int) *node {
	plain := *n
	plain.Tag = ""
	if plain.Kind == yaml.ScalarNode {
		plain.Tag = "!!str"
	}
	argument := r.node(&plain, depth+1)
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	at := r.position(n)
	return &node{at: at, kind: value.Object, fields: []field{{name, at, argument}}}
}

func (r *yamlReader) scalar(n *yaml.Node, at fault.Position) *node {
	s := scalarAt(at, scalarValue(n))
	if n.Style&yaml.LiteralStyle != 0 {
		s.block = true
		s.indent = r.indentBehind(n.Line)
	}
	return s
}

// indentBehind returns the indentation of the first line behind a line that is not blank.
func (r *yamlReader) indentBehind(line int) int {
	for _, text := range r.lines[min(line, len(r.lines)):] {
		if trimmed := strings.TrimLeft(text, " "); strings.TrimSpace(trimmed) != "" {
			return len(text) - len(trimmed)
		}
	}
	return 0
}

// scalarValue gives a scalar the JSON type that CloudFormation gives it: dates and numbers with a leading zero, such as
// account ids, are texts.
func scalarValue(n *yaml.Node) value.Value {
	switch n.ShortTag() {
	case "!!int", "!!float":
		if v, err := value.Parse(n.Value); err == nil {
			return v
		}
	case "!!bool":
		return value.OfBool(strings.EqualFold(n.Value, "true"))
	case "!!null":
		return value.NullValue()
	}
	return value.OfString(n.Value)
}
