package engine

import (
	"bufio"
	"context"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// outputs yields what the children that succeeded gave.
func (r *mapRun) outputs(ctx context.Context) iter.Seq2[value.Value, error] {
	return func(yield func(value.Value, error) bool) {
		for child, err := range r.inOrder(ctx) {
			if err == nil && child.Status != machine.Succeeded {
				continue
			}
			output := child.Output
			if err == nil && r.plan.Detailed() {
				output = childResult(child)
			}
			if !yield(output, err) {
				return
			}
		}
	}
}

// result is what the run gives to its state. Results are written also when the run is broken.
func (r *mapRun) result(ctx context.Context, broken error) (value.Value, error) {
	if r.plan.Writer == nil {
		if broken != nil {
			return value.Value{}, broken
		}
		return r.plan.Result(r.outputs(ctx))
	}
	key, err := r.write(ctx)
	switch {
	case broken != nil:
		return value.Value{}, broken
	case err != nil:
		return value.Value{}, machine.WriterFailed(err)
	}
	return r.plan.Written(key), nil
}

// resultFiles are the files of results, in the order of the manifest, with the statuses of the children that they hold.
var resultFiles = []struct {
	name string
	of   []machine.Status
}{
	{"FAILED", []machine.Status{machine.Failed, machine.TimedOut, machine.Aborted}},
	{"PENDING", []machine.Status{machine.RunningStatus}},
	{"SUCCEEDED", []machine.Status{machine.Succeeded}},
}

// write puts the results into files and returns the key of their manifest.
func (r *mapRun) write(ctx context.Context) (manifest string, err error) {
	if r.engine.options.Items == nil {
		return "", fault.New(fault.Unsupported, "there are no buckets to write results to")
	}
	counts, err := r.engine.store.MapCounts(ctx, r.plan.ARN)
	if err != nil {
		return "", err
	}
	folder := path.Join(strings.Trim(r.plan.Writer.Prefix, "/"), r.plan.ARN[strings.LastIndexByte(r.plan.ARN, ':')+1:])
	var files []value.Member
	for _, file := range resultFiles {
		list := []value.Value{}
		if count(counts.Executions, file.of) > 0 {
			key := folder + "/" + file.name + "_0." + strings.ToLower(r.plan.Writer.OutputType)
			size, err := r.engine.options.Items.Create(ctx, r.plan.Writer.Bucket, key, func(w io.Writer) error {
				return r.writeChildren(ctx, w, file.of)
			})
			if err != nil {
				return "", err
			}
			list = append(list, object("Key", value.OfString(key), "Size", value.OfInt(size)))
		}
		files = append(files, value.Member{Key: file.name, Value: value.OfItems(list)})
	}
	content := object("DestinationBucket", value.OfString(r.plan.Writer.Bucket), "MapRunArn", value.OfString(r.plan.ARN),
		"ResultFiles", value.OfMembers(files...)).Compact()
	manifest = folder + "/manifest.json"
	_, err = r.engine.options.Items.Create(ctx, r.plan.Writer.Bucket, manifest, func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
	return manifest, err
}

func count(counts map[machine.Status]int64, of []machine.Status) (sum int64) {
	for _, status := range of {
		sum += counts[status]
	}
	return sum
}

// object is a JSON object of alternating keys and values.
func object(pairs ...any) value.Value {
	members := make([]value.Member, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		members = append(members, value.Member{Key: pairs[i].(string), Value: pairs[i+1].(value.Value)})
	}
	return value.OfMembers(members...)
}

// writeChildren writes the entries of the children with certain statuses: a JSON array, or a line each.
func (r *mapRun) writeChildren(ctx context.Context, w io.Writer, of []machine.Status) error {
	out := bufio.NewWriterSize(w, 64<<10)
	open, between, end := "[", ",", "]"
	if r.plan.Writer.OutputType == "JSONL" {
		open, between, end = "", "\n", "\n"
	}
	_, _ = out.WriteString(open) // an error comes again from Flush
	first := true
	for child, err := range r.inOrder(ctx) {
		if err != nil {
			return err
		}
		if !slices.Contains(of, child.Status) {
			continue
		}
		for _, entry := range r.entries(child) {
			if !first {
				_, _ = out.WriteString(between)
			}
			first = false
			_, _ = out.WriteString(entry.Text())
		}
	}
	_, _ = out.WriteString(end)
	return out.Flush()
}

// entries are what a child adds to its file: what did not succeed is always told in full.
func (r *mapRun) entries(child Record) []value.Value {
	if child.Status != machine.Succeeded || r.plan.Detailed() {
		return []value.Value{childResult(child)}
	}
	return r.plan.Flattened(child.Output)
}

const resultTime = "2006-01-02T15:04:05.000Z"

// childResult tells about a child as result files do.
func childResult(child Record) value.Value {
	var members []value.Member
	add := func(key string, v value.Value) { members = append(members, value.Member{Key: key, Value: v}) }
	text := func(key string, s *string) {
		if s != nil {
			add(key, value.OfString(*s))
		}
	}
	moment := func(key string, at time.Time) {
		if !at.IsZero() {
			add(key, value.OfString(at.UTC().Format(resultTime)))
		}
	}
	included := object("Included", value.OfBool(true))
	text("Cause", child.Cause)
	text("Error", child.Error)
	add("ExecutionArn", value.OfString(child.ARN))
	add("Input", value.OfString(child.Input.Text()))
	add("InputDetails", included)
	add("Name", value.OfString(child.Name))
	if child.Status == machine.Succeeded {
		add("Output", value.OfString(child.Output.Text()))
		add("OutputDetails", included)
	}
	moment("StartDate", child.StartTime)
	add("StateMachineArn", value.OfString(child.StateMachineARN))
	add("Status", value.OfString(string(child.Status)))
	moment("StopDate", child.StopTime)
	return value.OfMembers(members...)
}
