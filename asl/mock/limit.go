package mock

import (
	"slices"
	"unicode/utf8"
)

func checkText(name string, s shape, text string) error {
	if s.values != nil {
		if !slices.Contains(s.values, text) {
			return wrong("Field '%s' is not an expected value", name)
		}
		return nil
	}
	switch n := utf8.RuneCountInString(text); {
	case s.least != nil && float64(n) < *s.least:
		return wrong("Field '%s' is smaller than the minimum length", name)
	case s.most != nil && float64(n) > *s.most:
		return wrong("Field '%s' exceeds the maximum length", name)
	}
	return nil
}

func checkNumber(name string, s shape, n float64) error {
	switch {
	case s.least != nil && n < *s.least:
		return wrong("Field '%s' is less than the minimum value", name)
	case s.most != nil && n > *s.most:
		return wrong("Field '%s' exceeds the maximum value", name)
	}
	return nil
}
