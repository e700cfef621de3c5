package expression

import (
	"slices"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// Selection is a parsed projection expression: the paths that it keeps.
type Selection []Path

// Projection parses a projection expression.
func (s *Scope) Projection(text string) (Selection, error) {
	return parse(s, Projection, text, func(p *parser) Selection {
		var paths Selection
		for {
			path := p.path()
			p.distinct(paths, path)
			paths = append(paths, path)
			if !p.accept(",") {
				return paths
			}
		}
	})
}

// Of returns what the selection keeps of an item. Of a list, the kept elements close up.
func (s Selection) Of(item attribute.Item) attribute.Item {
	kept := pick(attribute.Value{Kind: attribute.Map, Members: item}, s)
	return kept.Members
}

// pick keeps of a value what lies on the paths.
func pick(v attribute.Value, paths []Path) attribute.Value {
	for _, path := range paths {
		if len(path) == 0 {
			return v
		}
	}
	out := attribute.Value{Kind: v.Kind}
	if v.Kind == attribute.Map {
		out.Members = attribute.Item{}
	}
	for _, s := range steps(paths) {
		inner, ok := s.of(v)
		if !ok {
			continue
		}
		rest := behind(paths, s)
		if !slices.ContainsFunc(rest, func(path Path) bool { return path.reaches(inner) }) {
			continue
		}
		kept := pick(inner, rest)
		if s.index < 0 {
			out.Members[s.name] = kept
		} else {
			out.Items = append(out.Items, kept)
		}
	}
	return out
}

// reaches reports whether there is something at a path in a value.
func (p Path) reaches(v attribute.Value) bool {
	for _, s := range p {
		var ok bool
		if v, ok = s.of(v); !ok {
			return false
		}
	}
	return true
}

// steps are the first steps of paths, each once, indexes in their order.
func steps(paths []Path) []step {
	var first []step
	for _, path := range paths {
		if !slices.Contains(first, path[0]) {
			first = append(first, path[0])
		}
	}
	slices.SortStableFunc(first, func(a, b step) int { return a.index - b.index })
	return first
}

// behind returns what follows a first step.
func behind(paths []Path, first step) []Path {
	var rest []Path
	for _, path := range paths {
		if path[0] == first {
			rest = append(rest, path[1:])
		}
	}
	return rest
}
