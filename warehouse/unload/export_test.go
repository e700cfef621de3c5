package unload

import (
	"maps"
	"slices"
)

// Options are the names of the parameters that UNLOAD understands or refuses by name.
func Options() []string { return slices.Sorted(maps.Keys(setters)) }
