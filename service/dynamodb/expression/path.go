package expression

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// step is one part of a document path: a name, or an index of a list.
type step struct {
	name  string
	index int // -1: a name
}

func (s step) String() string {
	if s.index < 0 {
		return s.name
	}
	return "[" + strconv.Itoa(s.index) + "]"
}

// Path is a document path: a.b[1].
type Path []step

// String shows a path as DynamoDB's errors do.
func (p Path) String() string {
	parts := make([]string, len(p))
	for i, s := range p {
		parts[i] = s.String()
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Attribute is the name of the attribute that the path leads into.
func (p Path) Attribute() string { return p[0].name }

// pathIsNext reports whether the next tokens are a document path.
func (p *parser) pathIsNext() bool {
	kind := p.peek().kind
	return kind == word || kind == namePlaceholder
}

// path reads a document path.
func (p *parser) path() Path {
	path := Path{p.name()}
	for {
		switch {
		case p.accept("."):
			path = append(path, p.name())
		case p.accept("["):
			path = append(path, p.index())
		case len(path) > 32:
			p.fail("The document path has too many nesting elements; nesting levels: %d", len(path))
		default:
			return path
		}
	}
}

func (p *parser) index() step {
	t := p.peek()
	if t.kind != number {
		p.unexpected()
	}
	p.at++
	n, err := strconv.Atoi(t.text)
	if err != nil {
		p.fail("List index is not within the allowable range; index: [%s]", t.text)
	}
	p.expect("]")
	return step{index: n}
}

func (p *parser) name() step {
	t := p.peek()
	switch t.kind {
	case word:
		if reserved[strings.ToLower(t.text)] {
			p.fail("Attribute name is a reserved keyword; reserved keyword: %s", t.text)
		}
		p.at++
		return step{t.text, -1}
	case namePlaceholder:
		name, ok := p.names[t.text]
		if !ok {
			p.fail("An expression attribute name used in the document path is not defined; attribute name: %s", t.text)
		}
		p.usedNames[t.text] = true
		p.at++
		return step{name, -1}
	}
	p.unexpected()
	return step{}
}

// find returns the value at a path.
func (p Path) find(item attribute.Item) (v attribute.Value, ok bool) {
	v = attribute.Value{Kind: attribute.Map, Members: item}
	for _, s := range p {
		if v, ok = s.of(v); !ok {
			return v, false
		}
	}
	return v, true
}

func (s step) of(v attribute.Value) (attribute.Value, bool) {
	switch {
	case s.index < 0 && v.Kind == attribute.Map:
		inner, ok := v.Members[s.name]
		return inner, ok
	case s.index >= 0 && v.Kind == attribute.List && s.index < len(v.Items):
		return v.Items[s.index], true
	}
	return attribute.Value{}, false
}

// clash tells how two paths of one expression exclude each other: one leads into the other, or they take one place for a
// map and for a list. It is empty when they do not.
func (p Path) clash(q Path) string {
	for i := range min(len(p), len(q)) {
		switch {
		case (p[i].index < 0) != (q[i].index < 0):
			return "conflict"
		case p[i] != q[i]:
			return ""
		}
	}
	return "overlap"
}

// distinct complains about two paths that exclude each other.
func (p *parser) distinct(paths []Path, next Path) {
	for _, path := range paths {
		if how := path.clash(next); how != "" {
			p.fail("Two document paths %s with each other; must remove or rewrite one of these paths; path one: %s, path two: %s", how, path, next)
		}
	}
}
