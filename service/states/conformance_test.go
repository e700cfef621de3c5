package states_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/mapitem"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

// The recorded sequences of calls are answered as AWS answered them.
func TestConformanceAPI(t *testing.T) {
	tally := conformance.NewTally(t, "asl/api", "testdata/api.misses.txt")
	for _, c := range conformance.Cases(t, "api") {
		steps, _ := c.Raw.Get("steps")
		tally.Record(c.Source, c.ID, replaySequence(t, c, steps.Items()))
	}
	tally.Close(t)
}

// bucketsOf are the objects that a case finds.
func bucketsOf(t *testing.T, c *conformance.Case) bucket.Store {
	store := dir.New(t.TempDir(), nil)
	all, _ := c.Resources.Get("s3")
	for _, b := range all.Members() {
		if err := store.Make(b.Key); err != nil {
			t.Fatal(err)
		}
		objects, _ := b.Value.Get("objects")
		for _, object := range objects.Items() {
			if _, err := store.Put(t.Context(), b.Key, text(object, "Key"), strings.NewReader(text(object, "Body")), bucket.Attributes{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return store
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
	e := engine.Open(store, service.NewIntegrations(s.Table()), engine.Options{Items: mapitem.New(bucketsOf(t, c))})
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
		for _, name := range regexp.MustCompile(`\w+`).FindAllString(parts[2], -1) {
			if index, err := strconv.Atoi(name); err == nil {
				of = of.Items()[index]
			} else {
				of, _ = of.Get(name)
			}
		}
		return of.Str()
	}))
}
