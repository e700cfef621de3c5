package load

import (
	"maps"
	"slices"
)

// Options are the names of the parameters that COPY understands, and of those that it refuses.
func Options() (known, unknown []string) {
	return slices.Sorted(maps.Keys(setters)), slices.Sorted(maps.Keys(refused))
}
