package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// openFolder opens a data folder for the length of a test.
func openFolder(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// The suite of the engine's Store port: each case starts from an empty store.
func TestStore(t *testing.T) {
	for name, test := range map[string]func(*testing.T, engine.Store){
		"records survive":      testRecordsSurvive,
		"closing":              testClosing,
		"all or nothing":       testAllOrNothing,
		"missing things":       testMissingThings,
		"definitions are once": testDefinitions,
		"chunks":               testChunks,
		"long chunks":          testLongChunks,
		"listing":              testListing,
	} {
		t.Run(name, func(t *testing.T) { test(t, openFolder(t, t.TempDir())) })
	}
}

func recordOf(name string) engine.Record {
	return engine.Record{
		Execution: machine.Execution{
			ARN: "arn:" + name, Name: name, RoleARN: "role", StateMachineARN: "arn:m", StateMachineName: "m",
			StateMachineVersionARN: "arn:m:1", StateMachineAliasARN: "arn:m:a",
			Region: "us-east-1", StartTime: time.UnixMilli(1_700_000_000_123).UTC(), Input: value.MustParse(`{"b": 1.0,  "a": "ü"}`),
		},
		DefinitionHash: "h1",
		Revision:       "r1",
		Status:         machine.RunningStatus,
	}
}

func chunk(number, first, last int64) engine.Chunk {
	return engine.Chunk{
		Number: number, FirstID: first, LastID: last,
		Events: fmt.Appendf(nil, `["e%d"]`, number), History: fmt.Appendf(nil, `["h%d-%d"]`, first, last),
	}
}

func commit(t *testing.T, s engine.Store, writes ...engine.Write) {
	t.Helper()
	if err := s.Commit(t.Context(), writes); err != nil {
		t.Fatal(err)
	}
}

func begin(name string) engine.Write {
	return engine.Write{Definition: "{}", Record: recordOf(name), Chunk: chunk(1, 1, 3)}
}

func describe(r engine.Record) string {
	text := fmt.Sprint(r.ARN, " ", r.Name, " ", r.RoleARN, " ", r.StateMachineARN, " ", r.StateMachineName, " ", r.Region, " ",
		r.StartTime.Format(time.RFC3339Nano), " ", r.Input.Text(), " ", r.DefinitionHash, " ", r.Status)
	if !r.StopTime.IsZero() {
		text += " " + r.StopTime.Format(time.RFC3339Nano)
	}
	if !r.Output.IsZero() {
		text += " output " + r.Output.Text()
	}
	if r.Error != nil {
		text += " error " + *r.Error
	}
	if r.Cause != nil {
		text += " cause " + *r.Cause
	}
	return text
}

const beginning = `arn:x x role arn:m m us-east-1 2023-11-14T22:13:20.123Z {"b": 1.0,  "a": "ü"} h1 `

func testRecordsSurvive(t *testing.T, s engine.Store) {
	commit(t, s, begin("x"))
	got, err := s.Execution(t.Context(), "arn:x")
	if want := beginning + "RUNNING"; err != nil || describe(got) != want {
		t.Errorf("%s, %v, not %s", describe(got), err, want)
	}
}

func testClosing(t *testing.T, s engine.Store) {
	empty, cause := "", "it broke\nthere"
	for _, c := range []struct {
		output       string
		error, cause *string
		status       machine.Status
		want         string
	}{
		{output: `{"b": 1.0}`, status: machine.Succeeded, want: `SUCCEEDED 2023-11-14T22:13:21.123Z output {"b": 1.0}`},
		{error: &empty, cause: &cause, status: machine.Failed, want: "FAILED 2023-11-14T22:13:21.123Z error  cause it broke\nthere"},
		{status: machine.TimedOut, want: "TIMED_OUT 2023-11-14T22:13:21.123Z"},
	} {
		for _, atOnce := range []bool{true, false} {
			r := recordOf(fmt.Sprint(c.status, atOnce))
			write := engine.Write{Definition: "{}", Record: r, Chunk: chunk(1, 1, 3)}
			if !atOnce {
				commit(t, s, write)
				write.Chunk = chunk(2, 4, 5)
			}
			write.Record.Status, write.Record.StopTime = c.status, r.StartTime.Add(time.Second)
			write.Record.Error, write.Record.Cause = c.error, c.cause
			if c.output != "" {
				write.Record.Output = value.MustParse(c.output)
			}
			commit(t, s, write)
			got, err := s.Execution(t.Context(), r.ARN)
			if err != nil || !strings.HasSuffix(describe(got), " h1 "+c.want) {
				t.Errorf("%s, %v, not %s", describe(got), err, c.want)
			}
		}
	}
}

func testAllOrNothing(t *testing.T, s engine.Store) {
	commit(t, s, begin("x"))
	for name, bad := range map[string]engine.Write{
		"the ARN is taken":         begin("x"),
		"the chunk is there":       {Record: recordOf("x"), Chunk: chunk(1, 1, 3)},
		"no such execution":        {Record: recordOf("z"), Chunk: chunk(2, 4, 5)},
		"the definition is absent": {Record: func() engine.Record { r := recordOf("w"); r.DefinitionHash = "h2"; return r }(), Chunk: chunk(1, 1, 3)},
	} {
		good := engine.Write{Record: recordOf("x"), Chunk: chunk(2, 4, 5)}
		if err := s.Commit(t.Context(), []engine.Write{begin("y"), good, bad}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := s.Execution(t.Context(), "arn:y"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: a part of the commit is there (%v)", name, err)
		}
		if got := chunks(t, s, 0, false); got != "1" {
			t.Errorf("%s: chunks are %s", name, got)
		}
	}
	commit(t, s, begin("y"), engine.Write{Record: recordOf("x"), Chunk: chunk(2, 4, 5)})
}

func testMissingThings(t *testing.T, s engine.Store) {
	_, err := s.Execution(t.Context(), "arn:x")
	if fault.KindOf(err) != fault.NotFound || fault.CodeOf(err) != "ExecutionDoesNotExist" || err.Error() != "Execution Does Not Exist: 'arn:x'" {
		t.Errorf("execution: %v", err)
	}
	if _, err := s.Definition(t.Context(), "h"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("definition: %v", err)
	}
	if got := chunks(t, s, 0, false); got != "" {
		t.Errorf("chunks are %s", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Execution(ended, "arn:x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who went away: %v", err)
	}
}

func testDefinitions(t *testing.T, s engine.Store) {
	commit(t, s, begin("x"), begin("y"))
	commit(t, s, begin("z"))
	if text, err := s.Definition(t.Context(), "h1"); err != nil || text != "{}" {
		t.Errorf("definition is %q, %v", text, err)
	}
}

// chunks lists the numbers of the chunks of execution x.
func chunks(t *testing.T, s engine.Store, from int64, reverse bool) string {
	t.Helper()
	var numbers []string
	for c, err := range s.Chunks(t.Context(), "arn:x", from, reverse) {
		if err != nil {
			t.Fatal(err)
		}
		want := chunk(c.Number, c.FirstID, c.LastID)
		if string(c.Events) != string(want.Events) || string(c.History) != string(want.History) {
			t.Errorf("chunk %d holds %s and %s", c.Number, c.Events, c.History)
		}
		numbers = append(numbers, fmt.Sprint(c.Number))
	}
	return strings.Join(numbers, " ")
}

func testChunks(t *testing.T, s engine.Store) {
	x := recordOf("x")
	commit(t, s, begin("x"), begin("other"))
	commit(t, s, engine.Write{Record: x, Chunk: chunk(2, 4, 4)}, engine.Write{Record: x, Chunk: chunk(3, 5, 9)})
	for _, c := range []struct {
		from    int64
		reverse bool
		want    string
	}{
		{0, false, "1 2 3"}, {1, false, "1 2 3"}, {3, false, "1 2 3"}, {4, false, "2 3"}, {7, false, "3"}, {10, false, ""},
		{0, true, "3 2 1"}, {9, true, "3 2 1"}, {4, true, "2 1"}, {3, true, "1"}, {1, true, "1"},
	} {
		if got := chunks(t, s, c.from, c.reverse); got != c.want {
			t.Errorf("from %d reverse %v: %q, not %q", c.from, c.reverse, got, c.want)
		}
	}
	for range s.Chunks(t.Context(), "arn:x", 0, false) {
		break // must not keep its reader
	}
}

// Long texts may be stored in another way than short ones.
func testLongChunks(t *testing.T, s engine.Store) {
	commit(t, s, begin("x"))
	var want []engine.Chunk
	for i, size := range []int{0, 100, 4<<10 - 1, 4 << 10, 300_000, 5_000_000} {
		c := engine.Chunk{Number: int64(i + 2), FirstID: 4, LastID: 4, Events: randomText(size), History: randomText(size / 2)}
		commit(t, s, engine.Write{Record: recordOf("x"), Chunk: c})
		want = append(want, c)
	}
	i := 0
	for c, err := range s.Chunks(t.Context(), "arn:x", 4, false) {
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(c.Events, want[i].Events) || !bytes.Equal(c.History, want[i].History) {
			t.Errorf("chunk %d of %d bytes is not what was written", c.Number, len(want[i].Events))
		}
		i++
	}
	if i != len(want) {
		t.Errorf("there are %d chunks, not %d", i, len(want))
	}
}

// randomText is a text of hexadecimal digits.
func randomText(size int) []byte {
	text := make([]byte, size)
	for i := range text {
		text[i] = "0123456789abcdef"[rand.IntN(16)]
	}
	return text
}

func testListing(t *testing.T, s engine.Store) {
	for i := range 5 {
		w := begin(fmt.Sprint(i))
		if i%2 == 0 {
			w.Record.Status = machine.Failed
		}
		if i == 4 {
			w.Record.StateMachineARN = "arn:n"
		}
		if i < 2 {
			w.Record.StateMachineVersionARN = "arn:m:7"
		}
		if i == 1 {
			w.Record.StateMachineAliasARN = "arn:m:live"
		}
		commit(t, s, w)
	}
	for _, c := range []struct {
		filter engine.Filter
		limit  int
		want   string
	}{
		{engine.Filter{}, 0, "4 3 2 1 0"},
		{engine.Filter{}, 2, "4 3 | 2 1 | 0"},
		{engine.Filter{}, 5, "4 3 2 1 0"},
		{engine.Filter{Status: machine.RunningStatus}, 1, "3 | 1"},
		{engine.Filter{StateMachineARN: "arn:m", Status: machine.Failed}, 0, "2 0"},
		{engine.Filter{StateMachineARN: "arn:o"}, 3, ""},
		{engine.Filter{StateMachineARN: "arn:m", Version: "arn:m:7"}, 0, "1 0"},
		{engine.Filter{Alias: "arn:m:live"}, 0, "1"},
	} {
		if got := pages(t, s, c.filter, c.limit); got != c.want {
			t.Errorf("%+v by %d: %q, not %q", c.filter, c.limit, got, c.want)
		}
	}
}

func pages(t *testing.T, s engine.Store, filter engine.Filter, limit int) string {
	t.Helper()
	var text []string
	for page := (engine.Page{Limit: limit}); ; {
		records, next, err := s.Executions(t.Context(), filter, page)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, r := range records {
			names = append(names, r.Name)
		}
		text = append(text, strings.Join(names, " "))
		if page.After = next; next == 0 {
			return strings.Join(text, " | ")
		}
	}
}
