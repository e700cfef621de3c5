package service

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

func (r *reader) violate(shown, path, constraint string) {
	r.violations = append(r.violations, fmt.Sprintf("Value %s at '%s' failed to satisfy constraint: %s", shown, path, constraint))
}

// check holds a member that was read against its tags.
func (r *reader) check(m member, given reflect.Value, path string) {
	if given.Kind() == reflect.Pointer {
		given = given.Elem()
	}
	switch given.Kind() {
	case reflect.String:
		r.checkText(m, given.String(), path)
	case reflect.Int64:
		r.checkRange(m, given.Int(), fmt.Sprintf("'%d'", given.Int()), path, "Member must have value %s than or equal to %d")
	case reflect.Slice:
		if given.Type().Elem().Kind() != reflect.Uint8 {
			r.checkRange(m, int64(given.Len()), fmt.Sprintf("'%v'", given.Interface()), path, lengthConstraint)
		}
	}
}

const lengthConstraint = "Member must have length %s than or equal to %d"

func (r *reader) checkText(m member, text, path string) {
	shown := "'" + text + "'"
	r.checkRange(m, int64(utf8.RuneCountInString(text)), shown, path, lengthConstraint)
	if m.pattern != nil && !m.pattern.MatchString(text) {
		r.violate(shown, path, "Member must satisfy regular expression pattern: "+strings.TrimSuffix(strings.TrimPrefix(m.pattern.String(), "^(?:"), ")$"))
	}
	if m.enum != nil && !slices.Contains(m.enum, text) {
		r.violate(shown, path, "Member must satisfy enum value set: ["+join(m.enum, ", ")+"]")
	}
}

func (r *reader) checkRange(m member, n int64, shown, path, constraint string) {
	if m.min >= 0 && n < m.min {
		r.violate(shown, path, fmt.Sprintf(constraint, "greater", m.min))
	}
	if m.max >= 0 && n > m.max {
		r.violate(shown, path, fmt.Sprintf(constraint, "less", m.max))
	}
}

// lowerFirst gives a member the spelling that AWS's constraint texts use.
func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }
