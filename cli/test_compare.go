package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/rehearsal"
	"github.com/stepwell/stepwell/project/suite"
	"github.com/stepwell/stepwell/value"
)

// compareResult says in what an execution differs from what a test expects.
func compareResult(want suite.Expectation, got rehearsal.Result) (differences []string) {
	status := want.Status
	if status == "" {
		status = string(machine.Succeeded)
		if want.Error != nil || want.Cause != nil {
			status = string(machine.Failed)
		}
	}
	if status != string(got.Status) {
		differences = append(differences, fmt.Sprintf("status: expected %s, got %s", status, ending(got)))
	}
	texts := []struct {
		name      string
		want, got *string
	}{{"error", want.Error, got.Error}, {"cause", want.Cause, got.Cause}}
	for _, text := range texts {
		if text.want != nil && (text.got == nil || *text.want != *text.got) {
			differences = append(differences, fmt.Sprintf("%s: expected %q, got %s", text.name, *text.want, quoted(text.got)))
		}
	}
	if want.Output != nil && !got.Output.IsZero() {
		differences = append(differences, difference("output", want.Output.Value, got.Output)...)
	}
	return append(differences, comparePath(want.Path, got.Path)...)
}

// ending is a status with what explains it.
func ending(r rehearsal.Result) string {
	text := string(r.Status)
	for _, part := range []*string{r.Error, r.Cause} {
		if part != nil {
			text += ": " + *part
		}
	}
	return text
}

func quoted(text *string) string {
	if text == nil {
		return "none"
	}
	return fmt.Sprintf("%q", *text)
}

func comparePath(want, got []string) []string {
	if want == nil || slices.Equal(want, got) {
		return nil
	}
	at := 0
	for at < len(want) && at < len(got) && want[at] == got[at] {
		at++
	}
	state := func(path []string) string {
		if at < len(path) {
			return path[at]
		}
		return "the end"
	}
	return []string{fmt.Sprintf("path: state %d: expected %s, got %s\n  expected %s\n  got      %s",
		at+1, state(want), state(got), strings.Join(want, " "), strings.Join(got, " "))}
}

// difference says, place by place, in what a value differs from the expected one.
func difference(at string, want, got value.Value) (differences []string) {
	switch {
	case want.Kind() == value.Object && got.Kind() == value.Object:
		for _, m := range want.Members() {
			found, ok := got.Get(m.Key)
			if !ok {
				differences = append(differences, at+"."+m.Key+": expected "+m.Value.Compact()+", got nothing")
				continue
			}
			differences = append(differences, difference(at+"."+m.Key, m.Value, found)...)
		}
		for _, m := range got.Members() {
			if _, ok := want.Get(m.Key); !ok {
				differences = append(differences, at+"."+m.Key+": expected nothing, got "+m.Value.Compact())
			}
		}
	case want.Kind() == value.Array && got.Kind() == value.Array && want.Len() == got.Len():
		for i, item := range want.Items() {
			differences = append(differences, difference(fmt.Sprintf("%s[%d]", at, i), item, got.Items()[i])...)
		}
	case !want.Equal(got):
		return []string{at + ": expected " + want.Compact() + ", got " + got.Compact()}
	}
	return differences
}

func compareRows(q suite.Query, got []value.Value) []string {
	want := make([]value.Value, len(q.Rows))
	for i, row := range q.Rows {
		want[i] = row.Value
	}
	return difference(q.Query, value.OfItems(want), value.OfItems(got))
}
