package machine_test

import (
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/value"
)

// simulateRun carries out a map run: one child after the other, each a simulation of its own.
func simulateRun(t testing.TB, c machine.ScheduleTask, items iter.Seq2[item.Item, error], perform func(machine.ScheduleTask) []reply) reply {
	t.Helper()
	outputs, err := runChildren(t, c.Map, items, perform)
	if err == nil {
		var result value.Value
		if result, err = c.Map.Result(all(outputs)); err == nil {
			return reply{0, machine.TaskSucceeded{Task: c.Task, Output: result}}
		}
	}
	var failed *machine.MapRunError
	if !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return reply{0, machine.TaskFailed{Task: c.Task, Error: &failed.Name, Cause: &failed.Cause}}
}

func runChildren(t testing.TB, run *machine.MapRun, items iter.Seq2[item.Item, error], perform func(machine.ScheduleTask) []reply) (outputs []value.Value, err error) {
	definition, err := asl.Parse(run.Definition, asl.Options{})
	if err != nil {
		return nil, err
	}
	var failed int64
	for child, err := range run.Children(items) {
		if err != nil {
			return nil, err
		}
		execution := run.Execution(child)
		execution.StartTime = epoch
		s := simulate(definition, execution, perform)
		s.run(t)
		if s.end.Status == machine.Succeeded {
			outputs = append(outputs, s.end.Output)
		} else if failed += child.Items; run.Exceeded(failed, 0) {
			return nil, machine.ThresholdExceeded()
		}
	}
	return outputs, nil
}

func all(values []value.Value) iter.Seq2[value.Value, error] {
	return func(yield func(value.Value, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// readItems reads what a run's reader names from the objects of buckets.
func readItems(run *machine.MapRun, buckets value.Value) iter.Seq2[item.Item, error] {
	if run.Reader == nil {
		return func(yield func(item.Item, error) bool) {
			for _, i := range run.Items {
				if !yield(i, nil) {
					return
				}
			}
		}
	}
	objects := at(buckets, at(run.Reader.Parameters, "Bucket").Str(), "objects").Items()
	if run.Reader.Resource == asl.ListObjects {
		return listed(objects)
	}
	for _, object := range objects {
		if at(object, "Key").Str() == at(run.Reader.Parameters, "Key").Str() {
			return decoded(run.Reader, strings.NewReader(at(object, "Body").Str()))
		}
	}
	return func(yield func(item.Item, error) bool) { yield(item.Item{}, errors.New("there is no such object")) }
}

func decoded(r *machine.ItemReader, file io.Reader) iter.Seq2[item.Item, error] {
	switch r.InputType {
	case "CSV":
		return item.CSV(file, item.CSVOptions{Headers: r.CSVHeaders})
	case "JSON":
		return item.JSON(file, r.ItemsPointer)
	}
	return item.Lines(file)
}

func listed(objects []value.Value) iter.Seq2[item.Item, error] {
	return func(yield func(item.Item, error) bool) {
		for _, object := range objects {
			v := value.OfMembers(value.Member{Key: "Etag", Value: value.OfString("-")}, value.Member{Key: "LastModified", Value: value.OfInt(1)},
				value.Member{Key: "Key", Value: at(object, "Key")}, value.Member{Key: "Size", Value: value.OfInt(int64(len(at(object, "Body").Str())))},
				value.Member{Key: "StorageClass", Value: value.OfString("STANDARD")})
			if !yield(item.Item{Value: v}, nil) {
				return
			}
		}
	}
}
