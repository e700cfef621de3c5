package asl

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Aliases let a short YAML text stand for an endless one; no real definition comes near these limits.
const (
	maxYAMLNodes = 200_000
	maxYAMLDepth = 200
)

// readYAML reads a YAML text into a tree of JSON values.
func readYAML(text, file string) (*node, *Finding) {
	var document yaml.Node
	r := &yamlReader{file: file}
	texts := yaml.NewDecoder(strings.NewReader(text))
	err := texts.Decode(&document)
	if err != nil && !errors.Is(err, io.EOF) {
		r.refuse(yamlErrorLine(err), 0, "Definition is not YAML: %s", yamlReason(err))
		return nil, r.bad
	}
	var second yaml.Node
	if err == nil && !errors.Is(texts.Decode(&second), io.EOF) {
		r.refuse(second.Line, second.Column, "Definition must be the only YAML document of its text")
		return nil, r.bad
	}
	if len(document.Content) == 0 {
		return nil, notAnObject(fault.Position{File: file, Line: 1, Column: 1})
	}
	root := r.node(document.Content[0], 0)
	return root, r.bad
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

func yamlErrorLine(err error) int {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		line, _ := strconv.Atoi(m[1])
		return line
	}
	return 0
}

func yamlReason(err error) string { return yamlLine.ReplaceAllString(err.Error(), "") }

// yamlReader keeps the first problem; what it reads after that is not used.
type yamlReader struct {
	file  string
	count int
	bad   *Finding
}

func (r *yamlReader) refuse(line, column int, format string, args ...any) {
	if r.bad == nil {
		r.bad = &Finding{
			Severity: Error, Code: InvalidJSON, Message: fmt.Sprintf(format, args...),
			Position: fault.Position{File: r.file, Line: line, Column: column},
		}
	}
}

func (r *yamlReader) node(y *yaml.Node, depth int) *node {
	n := &node{kind: value.Null, position: fault.Position{File: r.file, Line: y.Line, Column: y.Column}}
	if r.count++; r.count > maxYAMLNodes || depth > maxYAMLDepth {
		r.refuse(y.Line, y.Column, "Definition is too large or too deeply nested once its aliases are followed")
	}
	if r.bad != nil {
		return n
	}
	switch y.Kind {
	case yaml.AliasNode:
		return r.node(y.Alias, depth+1)
	case yaml.SequenceNode:
		n.kind = value.Array
		for _, item := range y.Content {
			n.items = append(n.items, r.node(item, depth+1))
		}
	case yaml.MappingNode:
		n.kind = value.Object
		for i := 0; i+1 < len(y.Content); i += 2 {
			n.members = append(n.members, r.member(y.Content[i], y.Content[i+1], depth))
		}
	default:
		r.scalar(n, y)
	}
	return n
}

func (r *yamlReader) member(key, content *yaml.Node, depth int) member {
	if key.Kind != yaml.ScalarNode {
		r.refuse(key.Line, key.Column, "A key must be a plain text")
	}
	if key.Tag == "!!merge" {
		r.refuse(key.Line, key.Column, "The YAML merge key << is not supported")
	}
	at := fault.Position{File: r.file, Line: key.Line, Column: key.Column}
	return member{key.Value, at, r.node(content, depth+1)}
}

func (r *yamlReader) scalar(n *node, y *yaml.Node) {
	n.text = y.Value
	switch tag := y.ShortTag(); tag {
	case "!!null":
		n.kind = value.Null
	case "!!bool":
		n.kind = value.Bool
		var truth bool
		if err := y.Decode(&truth); err != nil {
			r.refuse(y.Line, y.Column, "%q is not a boolean", y.Value)
		}
		n.text = strconv.FormatBool(truth)
	case "!!int", "!!float":
		n.kind = value.Number
		n.text = r.number(y, tag)
	case "!!str", "!!timestamp":
		n.kind = value.String
	default:
		r.refuse(y.Line, y.Column, "The YAML tag %s has no meaning in a definition", tag)
	}
}

// number keeps the spelling where JSON has it too; 0x1F, 1_000 and .5 become plain numbers.
func (r *yamlReader) number(y *yaml.Node, tag string) string {
	if v, err := value.Parse(y.Value); err == nil && v.Kind() == value.Number {
		return y.Value
	}
	var whole int64
	if tag == "!!int" && y.Decode(&whole) == nil {
		return strconv.FormatInt(whole, 10)
	}
	var f float64
	if err := y.Decode(&f); err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		r.refuse(y.Line, y.Column, "%q is not a number that JSON has", y.Value)
		return "0"
	}
	return value.OfFloat(f).Spelling()
}
