package project

import "strings"

// Faults are several mistakes found at once.
type Faults []error

// Error returns one mistake a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, err := range f {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes.
func (f Faults) Unwrap() []error { return f }

func (f Faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
