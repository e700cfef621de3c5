package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"testing"

	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// each is a distributed Map over the input, with more fields and a child of the one state.
func each(fields, kind, state string) string {
	return `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "l", "End": true, ` + fields + `
		"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "` + kind + `"}, "StartAt": "One", "States": {"One": {` + state + `, "End": true}}}}}}`
}

const (
	passing = `"Type": "Pass"`
	tasking = `"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement"`
)

func mapping(name, definition, input string) engine.StartRequest {
	r := request(name, definition)
	r.Input = input
	return r
}

// odd fails the tasks of odd numbers.
var odd = performer(func(_ context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	if n, _ := task.Parameters.Int(); n%2 == 1 {
		name := "Odd"
		return value.Value{}, &engine.TaskError{Error: &name}
	}
	return task.Parameters, nil
})

func TestMapRun(t *testing.T) {
	const exceeded = "FAILED States.ExceedToleratedFailureThreshold The specified tolerated failure threshold was exceeded"
	for _, c := range []struct{ name, definition, input, want string }{
		{"no items", each(``, "STANDARD", passing), `[]`, `SUCCEEDED []`},
		{"in order", each(``, "STANDARD", passing), `[1, {"a":  2}, "x"]`, `SUCCEEDED [1,{"a":2},"x"]`},
		{"express", each(``, "EXPRESS", passing), `[1, 2]`, `SUCCEEDED [1,2]`},
		{"selected", each(`"ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "s.$": "$$.Map.Item.Source"},`, "EXPRESS", passing),
			`["a", "b"]`, `SUCCEEDED [{"i":0,"v":"a","s":"STATE_DATA"},{"i":1,"v":"b","s":"STATE_DATA"}]`},
		{"batches", each(`"ItemBatcher": {"MaxItemsPerBatch": 2, "BatchInput": {"k": 1}},`, "STANDARD", passing), `[1, 2, 3]`,
			`SUCCEEDED [{"BatchInput":{"k":1},"Items":[1,2]},{"BatchInput":{"k":1},"Items":[3]}]`},
		{"batches by size", each(`"ItemBatcher": {"MaxInputBytesPerBatch": 20},`, "STANDARD", passing), `["aaaa", "bbbb"]`,
			`SUCCEEDED [{"Items":["aaaa"]},{"Items":["bbbb"]}]`},
		{"members of an object", each(`"ItemsPath": "$.tables", "ItemSelector": {"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value"},`, "STANDARD", passing),
			`{"tables": {"dim": 1, "fact": 2}}`, `SUCCEEDED [{"k":"dim","v":{"Key":"dim","Value":1}},{"k":"fact","v":{"Key":"fact","Value":2}}]`},
		{"no items", each(`"ItemsPath": "$.tables",`, "STANDARD", passing), `{"tables": 1}`,
			`FAILED States.Runtime An error occurred while executing the state 'Each' (entered at the event id #2). Reference path "$.tables" must point to array.`},
		{"flattened", each(`"ResultWriter": {"WriterConfig": {"Transformation": "FLATTEN"}},`, "STANDARD", passing), `[[1], [2, 3], 4]`, `SUCCEEDED [1,2,3,4]`},
		{"a failure", each(``, "STANDARD", tasking), `[2, 1]`, exceeded},
		{"tolerated", each(`"ToleratedFailureCount": 1,`, "STANDARD", tasking), `[2, 1, 4]`, `SUCCEEDED [2,4]`},
		{"more than tolerated", each(`"ToleratedFailureCount": 1,`, "EXPRESS", tasking), `[1, 3, 4]`, exceeded},
		{"a tolerated share", each(`"ToleratedFailurePercentage": 50,`, "EXPRESS", tasking), `[1, 2, 3, 4]`, `SUCCEEDED [2,4]`},
		{"too large a share", each(`"ToleratedFailurePercentage": 49,`, "STANDARD", tasking), `[1, 2, 3, 4]`, exceeded},
		{"failed items of a batch", each(`"ToleratedFailureCount": 1, "ItemBatcher": {"MaxItemsPerBatch": 2},`, "STANDARD",
			`"Type": "Task", "InputPath": "$.Items[0]", "Resource": "arn:aws:states:::aws-sdk:redshiftdata:executeStatement"`), `[1, 1]`, exceeded},
		{"nothing to read from", each(`"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}},`, "STANDARD", passing),
			`{}`, `FAILED States.ItemReaderFailed there are no buckets to read items from`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := openEngine(t, odd)
			if got := outcome(t, e, start(t, e, mapping("m", c.definition, c.input)).ARN); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A result that is larger than a payload may be fails the run, however much there is.
func TestMapRunTooLarge(t *testing.T) {
	e := engine.Open(openStore(t, t.TempDir()), echo, engine.Options{Items: &objects{items: 100, each: value.OfString(strings.Repeat("x", 10_000))}})
	defer e.Close()
	reading := each(`"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}},`, "EXPRESS", passing)
	got := outcome(t, e, start(t, e, mapping("m", reading, `{}`)).ARN)
	if !strings.HasPrefix(got, "FAILED States.DataLimitExceeded The state/task 'Each' returned a result") {
		t.Error(got)
	}
}

// objects are items to read and what was written.
type objects struct {
	items   int
	each    value.Value
	broken  error
	written map[string]string
}

func (o *objects) Read(context.Context, *machine.ItemReader) iter.Seq2[item.Item, error] {
	return func(yield func(item.Item, error) bool) {
		for range o.items {
			if !yield(item.Item{Value: o.each, Source: "s3://b/k"}, nil) {
				return
			}
		}
		if o.broken != nil {
			yield(item.Item{}, o.broken)
		}
	}
}

func (o *objects) Create(_ context.Context, bucket, key string, write func(io.Writer) error) (int64, error) {
	var text strings.Builder
	err := write(&text)
	o.written[bucket+"/"+key[strings.LastIndexByte(key, '/')+1:]] = text.String()
	return int64(text.Len()), err
}

func TestMapRunResultFiles(t *testing.T) {
	o := &objects{written: map[string]string{}}
	e := engine.Open(openStore(t, t.TempDir()), odd, engine.Options{Items: o})
	defer e.Close()
	writing := each(`"ToleratedFailureCount": 1, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "out/"},
		"WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"}},`, "STANDARD", tasking)
	got := outcome(t, e, start(t, e, mapping("m", writing, `[2, 3, 4]`)).ARN)
	if !strings.Contains(got, `"ResultWriterDetails":{"Bucket":"b","Key":"out/`) || !strings.HasSuffix(got, `/manifest.json"}}`) {
		t.Error(got)
	}
	if text := o.written["b/SUCCEEDED_0.jsonl"]; text != "2\n4\n" {
		t.Errorf("SUCCEEDED_0.jsonl is %q", text)
	}
	failed := value.MustParse(strings.TrimSpace(o.written["b/FAILED_0.jsonl"]))
	for member, want := range map[string]string{"Error": `"Odd"`, "Input": `"3"`, "Status": `"FAILED"`} {
		if got, _ := failed.Get(member); got.Compact() != want {
			t.Errorf("%s of the failed child is %s", member, got.Compact())
		}
	}
	if manifest := o.written["b/manifest.json"]; !strings.Contains(manifest, `"PENDING":[]`) || !strings.Contains(manifest, `FAILED_0.jsonl","Size":`) {
		t.Error(manifest)
	}
}

// A file of results that is full is followed by another; an entry that is larger than a file may be has one of its own.
func TestMapRunResultFilesFull(t *testing.T) {
	o := &objects{written: map[string]string{}}
	e := engine.Open(openStore(t, t.TempDir()), odd, engine.Options{Items: o, ResultFile: 5})
	defer e.Close()
	writing := each(`"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b"},
		"WriterConfig": {"Transformation": "FLATTEN"}},`, "EXPRESS", passing)
	if got := outcome(t, e, start(t, e, mapping("m", writing, `[1, [2, 33], [], "long", 5, 6]`)).ARN); !strings.HasPrefix(got, "SUCCEEDED") {
		t.Fatal(got)
	}
	for i, want := range []string{"[1,2]", "[33]", `["long"]`, "[5,6]", ""} {
		name := fmt.Sprintf("SUCCEEDED_%d.json", i)
		if text := o.written["b/"+name]; text != want || strings.Contains(o.written["b/manifest.json"], name) != (want != "") {
			t.Errorf("%s is %q, want %q; the manifest is %s", name, text, want, o.written["b/manifest.json"])
		}
	}
}

// A reader that breaks stops the children that run.
func TestMapRunReaderBreaks(t *testing.T) {
	store := openStore(t, t.TempDir())
	e := engine.Open(store, stuck, engine.Options{Items: &objects{items: 3, each: value.OfInt(1), broken: errors.New("the rest is missing")}})
	defer e.Close()
	reading := each(`"ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}},`, "STANDARD", tasking)
	record := start(t, e, mapping("m", reading, `{}`))
	if got, want := outcome(t, e, record.ARN), "FAILED States.ItemReaderFailed the rest is missing"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := runsOf(t, e, record.ARN), "FAILED map[ABORTED:3] items map[ABORTED:3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func runsOf(t *testing.T, e *engine.Engine, arn string) string {
	t.Helper()
	runs, err := e.MapRuns(t.Context(), arn)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	run, counts, err := e.MapRun(t.Context(), runs[0].ARN)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(run.Status, " ", counts.Executions, " items ", counts.Items)
}

// crowd holds tasks until it is told, and knows how many there are at a time.
type crowd struct {
	mu      sync.Mutex
	arrived chan struct{}
	leave   chan struct{}
	inside  int
	most    int
}

func (c *crowd) perform(ctx context.Context, task engine.Task, _ func(value.Value)) (value.Value, *engine.TaskError) {
	c.count(1)
	c.arrived <- struct{}{}
	select {
	case <-c.leave:
	case <-ctx.Done():
	}
	c.count(-1)
	return task.Parameters, nil
}

func (c *crowd) count(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside += n
	c.most = max(c.most, c.inside)
}

func TestMapRunConcurrencyIsUpdated(t *testing.T) {
	c := &crowd{arrived: make(chan struct{}, 10), leave: make(chan struct{})}
	e := openEngine(t, performer(c.perform))
	record := start(t, e, mapping("m", each(`"MaxConcurrency": 2,`, "STANDARD", tasking), `[1, 2, 3, 4, 5]`))
	<-c.arrived
	<-c.arrived
	runs, err := e.MapRuns(t.Context(), record.ARN)
	if err != nil || len(runs) != 1 {
		t.Fatal(runs, err)
	}
	if _, counts, err := e.MapRun(t.Context(), runs[0].ARN); err != nil || counts.Pending != (engine.MapCount{Executions: 3, Items: 3}) {
		t.Errorf("two of five run: %v, %v", counts, err)
	}
	update := func() error {
		return e.UpdateMapRun(t.Context(), runs[0].ARN, func(l *machine.MapLimits) { l.MaxConcurrency = 3 })
	}
	if err := update(); err != nil {
		t.Fatal(err)
	}
	<-c.arrived
	close(c.leave)
	if got := outcome(t, e, record.ARN); got != "SUCCEEDED [1,2,3,4,5]" || c.most != 3 {
		t.Errorf("%s, %d at a time", got, c.most)
	}
	fails(t, update(), fault.Conflict, "ValidationException", "is not running")
	_, _, err = e.MapRun(t.Context(), "arn:none")
	fails(t, err, fault.NotFound, "ResourceNotFound", "arn:none")
}

// Stopping the execution stops the children of its map runs.
func TestMapRunIsStopped(t *testing.T) {
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		c := &crowd{arrived: make(chan struct{}, 10), leave: make(chan struct{})}
		store := openStore(t, t.TempDir())
		e := engine.Open(store, performer(c.perform), engine.Options{})
		record := start(t, e, mapping("m", each(``, kind, tasking), `[1, 2]`))
		<-c.arrived
		<-c.arrived
		if _, err := e.Stop(t.Context(), record.ARN, nil, nil); err != nil {
			t.Fatal(err)
		}
		e.Close() // which waits for what was cancelled
		e = engine.Open(store, stuck, engine.Options{})
		if got, want := runsOf(t, e, record.ARN), "ABORTED map[ABORTED:2] items map[ABORTED:2]"; got != want {
			t.Errorf("%s: got %s, want %s", kind, got, want)
		}
		e.Close()
	}
}

// At whatever commit the process dies, the next one brings the run to the same end, and no child of type STANDARD begins twice.
func TestMapRunSurvives(t *testing.T) {
	for _, kind := range []string{"STANDARD", "EXPRESS"} {
		for left := 1; ; left++ {
			dir := t.TempDir()
			store, err := sqlite.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			dying := &dyingStore{Store: store, left: left, late: left%2 == 0}
			e := engine.Open(dying, echo, engine.Options{})
			record, err := e.Start(t.Context(), mapping("m", each(`"MaxConcurrency": 2,`, kind, tasking), `[1, 2, 3, 4, 5]`))
			if err == nil {
				_, err = e.Wait(t.Context(), record.ARN)
			}
			e.Close()
			store.Close()
			if err == nil {
				break
			}
			if record.ARN != "" {
				goesOn(t, dir, record.ARN, fmt.Sprint(kind, " after ", left))
			}
		}
	}
}

func goesOn(t *testing.T, dir, arn, name string) {
	t.Helper()
	e := engine.Open(openStore(t, dir), echo, engine.Options{})
	defer e.Close()
	if _, err := e.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, e, arn); got != "SUCCEEDED [1,2,3,4,5]" {
		t.Errorf("%s: %s", name, got)
	}
	if got, want := runsOf(t, e, arn), "SUCCEEDED map[SUCCEEDED:5] items map[SUCCEEDED:5]"; got != want {
		t.Errorf("%s: got %s, want %s", name, got, want)
	}
}
