package states_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

// elsewhere are the operations that come with later issues: sequences with them are not counted.
var elsewhere = map[string]bool{
	"TestState": true, "RedriveExecution": true, "ListMapRuns": true, "DescribeMapRun": true, "UpdateMapRun": true,
}

// later finds what comes with later issues in a sequence: JSONata, distributed Map, executions of Express state machines.
var later = regexp.MustCompile(`JSONata|DISTRIBUTED|StartSyncExecution`)

// The recorded sequences of calls are answered as AWS answered them. A second count is of those that use only what there is.
func TestConformanceAPI(t *testing.T) {
	tally := conformance.NewTally(t, "asl/api", "testdata/api.misses.txt")
	hold, total := 0, 0
	for _, c := range conformance.Cases(t, "api") {
		steps, _ := c.Raw.Get("steps")
		if !inScope(steps) {
			continue
		}
		differences := replaySequence(t, c, steps.Items())
		tally.Record(c.Source, c.ID, differences)
		if !later.MatchString(steps.Compact()) && !startsExpress(steps) {
			total++
			if len(differences) == 0 {
				hold++
			}
		}
	}
	tally.Close(t)
	fmt.Printf("conformance asl/api without JSONata, distributed Map and Express: %d/%d\n", hold, total)
	if hold*100 < total*95 {
		t.Errorf("%d of %d sequences hold, less than 95 %%", hold, total)
	}
}

// startsExpress says whether a sequence makes an Express state machine and starts an execution.
func startsExpress(steps value.Value) bool {
	made, started := false, false
	for _, step := range steps.Items() {
		params, _ := step.Get("params")
		made = made || text(params, "type") == "EXPRESS"
		started = started || made && text(step, "op") == "StartExecution"
	}
	return started
}

func inScope(steps value.Value) bool {
	for _, step := range steps.Items() {
		if elsewhere[text(step, "op")] {
			return false
		}
	}
	return true
}

func text(v value.Value, key string) string {
	member, _ := v.Get(key)
	return member.Str()
}

// sequence is the state of one replay: a service of its own, and what it has answered.
type sequence struct {
	engine  *engine.Engine
	table   *service.Service
	matcher *conformance.Matcher
	answers []value.Value
	// logGroups says whether the log groups that the step names are there. The recordings tell only by AWS's answer.
	logGroups bool
}

func replaySequence(t *testing.T, c *conformance.Case, steps []value.Value) (differences []string) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s, err := states.Open(t.Context(), store, states.Place{Region: c.Region, Account: c.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	e := engine.Open(store, service.NewIntegrations(s.Table()), engine.Options{})
	defer e.Close()
	s.Attach(e)
	q := &sequence{e, s.Table(), c.NewMatcher(), make([]value.Value, len(steps)), true}
	s.CheckLogGroups(func(context.Context, string) (bool, error) { return q.logGroups, nil })
	for i, step := range steps {
		differences = append(differences, q.step(t, i, step)...)
	}
	return differences
}

func (q *sequence) step(t *testing.T, i int, step value.Value) []string {
	if arn, ok := step.Get("execution_arn"); ok {
		if _, err := q.engine.Wait(t.Context(), q.fill(arn).Str()); err != nil {
			return []string{fmt.Sprintf("steps[%d]: wait: %v", i, err)}
		}
	}
	name := text(step, "op")
	expect, _ := step.Get("expect")
	wanted, refused := expect.Get("error")
	if clientSide, _ := wanted.Get("clientSide"); name == "" || clientSide.Truth() {
		return nil
	}
	row, ok := q.table.Operation(name)
	if !ok {
		return []string{fmt.Sprintf("steps[%d]: there is no operation %s", i, name)}
	}
	params, _ := step.Get("params")
	q.logGroups = !strings.HasSuffix(text(wanted, "message"), "Log Destination not found.")
	answer, err := q.table.CallJSON(t.Context(), row, q.fill(params))
	q.answers[i] = answer
	at := fmt.Sprintf("steps[%d] %s", i, name)
	if refused {
		return q.compareError(at, wanted, err)
	}
	if raises, _ := step.Get("raises"); raises.Truth() != (err != nil) {
		return []string{fmt.Sprintf("%s: %v", at, err)}
	}
	return q.compare(at, expect, answer)
}

func (q *sequence) compareError(at string, wanted value.Value, err error) []string {
	if err == nil {
		return []string{at + ": expected the error " + wanted.Compact()}
	}
	problem := q.table.Problem(err)
	var members []value.Member
	for _, m := range wanted.Members() {
		switch m.Key {
		case "code":
			members = append(members, value.Member{Key: "code", Value: value.OfString(problem.Code)})
		case "message":
			members = append(members, value.Member{Key: "message", Value: value.OfString(problem.Message)})
		default:
			members = append(members, m)
		}
	}
	return q.matcher.Diff(at, wanted, value.OfMembers(members...))
}

func (q *sequence) compare(at string, expect, answer value.Value) (differences []string) {
	if want, ok := expect.Get("response"); ok {
		return q.matcher.Diff(at, want, answer)
	}
	partial, _ := expect.Get("partial")
	for _, part := range partial.Items() {
		items, _ := part.Get("items")
		actual, _ := answer.Get(text(part, "collection"))
		differences = append(differences, q.matcher.Diff(at, items, actual)...)
	}
	return differences
}

var reference = regexp.MustCompile(`\$\{steps\[(\d+)\]\.([^}]+)\}`)

// fill puts answers of earlier steps in the place of what refers to them.
func (q *sequence) fill(v value.Value) value.Value {
	return value.MustParse(reference.ReplaceAllStringFunc(v.Compact(), func(found string) string {
		parts := reference.FindStringSubmatch(found)
		step, _ := strconv.Atoi(parts[1])
		of := q.answers[step]
		if parts[2] == "executionName" {
			arn := text(of, "executionArn")
			return arn[strings.LastIndexByte(arn, ':')+1:]
		}
		member, _ := of.Get(parts[2])
		return member.Str()
	}))
}
