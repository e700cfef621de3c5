//go:build !linux

package process

// family is not known here; the process group is signalled as a whole.
func family(string, int) []int { return nil }

// memory is not known here.
func memory([]int) int64 { return 0 }
