package mock

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/value"
)

// Every line of shapes.txt is read, and the structures that it names are there.
func TestShapes(t *testing.T) {
	lines := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines++
		}
	}
	all := shapes()
	if read := len(all.operations) + len(all.structures); read != lines {
		t.Errorf("%d of %d lines read", read, lines)
	}
	for _, list := range []map[string][]field{all.operations, all.structures} {
		for name, fields := range list {
			for _, f := range fields {
				if missing := unknown(f.shape, all); missing != "" {
					t.Errorf("%s: %s has the unknown type %q", name, f.name, missing)
				}
			}
		}
	}
}

func unknown(s shape, all catalog) string {
	switch {
	case s.element != nil:
		return unknown(*s.element, all)
	case s.kind == value.Object && all.structures[s.structure] == nil:
		return s.structure
	}
	return ""
}
