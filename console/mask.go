package console

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/value"
)

var (
	secretName = regexp.MustCompile(`(?i)passw|pwd|secret|token|credential|api_?key|access_?key|private_?key|^key$|_key$`)
	// userPart is the name and password in the address of a server.
	userPart = regexp.MustCompile(`://[^/\s:@]*:[^/\s@]*@`)
)

const hidden = "•••••• (hidden)"

// masked is the value of a variable, hidden where its name says that it is a secret.
func masked(name, value string) string {
	if secretName.MatchString(name) && value != "" {
		return hidden
	}
	return userPart.ReplaceAllString(value, "://••••••@")
}

// variables are the members of an object as pairs, ordered by name.
func variables(object value.Value) []view.Pair {
	var pairs []view.Pair
	for _, m := range object.Members() {
		pairs = append(pairs, view.Pair{Name: m.Key, Value: masked(m.Key, m.Value.Str())})
	}
	slices.SortFunc(pairs, func(a, b view.Pair) int { return cmp.Compare(a.Name, b.Name) })
	return pairs
}
