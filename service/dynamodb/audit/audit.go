// Package audit reads the items of an audit table, in which pipelines note their runs: a key, JobState, JobStart, JobEnd, and
// whatever else they like. It looks at items that somebody has fetched and asks no table.
//
//	columns := audit.Columns([]string{"JobID"}, items)
//	took, ok := audit.Took(items[0])
package audit

import (
	"slices"
	"time"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

// The attributes of a run.
const (
	JobState = "JobState"
	JobStart = "JobStart"
	JobEnd   = "JobEnd"
)

// Columns are the attributes of the items: the key, what tells about the run, and the rest by name.
func Columns(key []string, items []attribute.Item) []string {
	all := attribute.Item{}
	for _, item := range items {
		for name, v := range item {
			all[name] = v
		}
	}
	first := slices.Clone(key)
	for _, name := range []string{JobState, JobStart, JobEnd} {
		if _, ok := all[name]; ok && !slices.Contains(first, name) {
			first = append(first, name)
		}
	}
	rest := slices.DeleteFunc(all.Names(), func(name string) bool { return slices.Contains(first, name) })
	return append(first, rest...)
}

// Plain is the value that an attribute's value stands for; sets are arrays, binaries stay Base64.
func Plain(v attribute.Value) value.Value {
	switch v.Kind {
	case attribute.Number:
		return value.OfNumber(v.Text)
	case attribute.Null:
		return value.NullValue()
	case attribute.Map:
		var members []value.Member
		for _, name := range v.Members.Names() {
			members = append(members, value.Member{Key: name, Value: Plain(v.Members[name])})
		}
		return value.OfMembers(members...)
	case attribute.List, attribute.StringSet, attribute.NumberSet, attribute.BinarySet:
		items := make([]value.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = Plain(item)
		}
		return value.OfItems(items)
	}
	content, _ := v.JSON().Get(string(v.Kind))
	return content
}

// The ways in which scripts write moments, without a zone in that of the machine.
var moments = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05.999999999-07:00"}

// Took is how long a run took that has come to its end; the end of the run before is none.
func Took(item attribute.Item) (took time.Duration, ok bool) {
	start, began := Moment(item[JobStart])
	end, ended := Moment(item[JobEnd])
	if !began || !ended || end.Before(start) {
		return 0, false
	}
	return end.Sub(start), true
}

// Moment reads a value as a time.
func Moment(v attribute.Value) (time.Time, bool) {
	for _, layout := range moments {
		if t, err := time.Parse(layout, v.Text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
