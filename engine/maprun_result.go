package engine

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"iter"
	"path"
	"slices"
	"strconv"
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
	counts, err := r.engine.store.MapCounts(ctx, r.plan.ARN, r.redrive(), time.Time{})
	if err != nil {
		return "", err
	}
	folder := path.Join(strings.Trim(r.plan.Writer.Prefix, "/"), r.plan.ARN[strings.LastIndexByte(r.plan.ARN, ':')+1:])
	var files []value.Member
	for _, file := range resultFiles {
		list := []value.Value{}
		if count(counts.Executions, file.of) > 0 {
			if list, err = r.writeFiles(ctx, folder+"/"+file.name+"_", file.of); err != nil {
				return "", err
			}
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

// maxResultFile is how many bytes a file of results may have.
const maxResultFile = 5 << 30

// writeFiles writes the entries of the children with certain statuses into as many files as they need, and returns what the manifest
// says about them.
func (r *mapRun) writeFiles(ctx context.Context, prefix string, of []machine.Status) (list []value.Value, err error) {
	rest := &results{run: r, of: of, after: -1}
	for more := true; more; {
		key := prefix + strconv.Itoa(len(list)) + "." + strings.ToLower(r.plan.Writer.OutputType)
		size, err := r.engine.options.Items.Create(ctx, r.plan.Writer.Bucket, key, func(w io.Writer) error { return r.writeFile(ctx, w, rest) })
		if err != nil {
			return nil, err
		}
		list = append(list, object("Key", value.OfString(key), "Size", value.OfInt(size)))
		if _, more, err = rest.peek(ctx); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// writeFile writes entries, a JSON array or a line each, until the file is full. One entry is written in any case.
func (r *mapRun) writeFile(ctx context.Context, w io.Writer, rest *results) error {
	out := bufio.NewWriterSize(w, 64<<10)
	open, between, end := "[", ",", "]"
	if r.plan.Writer.OutputType == "JSONL" {
		open, between, end = "", "\n", "\n"
	}
	_, _ = out.WriteString(open) // an error comes again from Flush
	most := cmp.Or(r.engine.options.ResultFile, maxResultFile)
	written, separator := int64(len(open)), ""
	for {
		entry, more, err := rest.peek(ctx)
		if err != nil {
			return err
		}
		text := entry.Text()
		if !more || separator != "" && written+int64(len(separator)+len(text)+len(end)) > most {
			break
		}
		_, _ = out.WriteString(separator)
		_, _ = out.WriteString(text)
		written += int64(len(separator) + len(text))
		separator, rest.pending = between, rest.pending[1:]
	}
	_, _ = out.WriteString(end)
	return out.Flush()
}

// results goes through the entries of the children with certain statuses, in their order.
type results struct {
	run     *mapRun
	of      []machine.Status
	page    []Record
	after   int64 // the number of the last child that was read
	ended   bool  // there are no children behind the page
	pending []value.Value
}

// peek returns the entry that comes next, the first of pending. more is false behind the last.
func (r *results) peek(ctx context.Context) (entry value.Value, more bool, err error) {
	for len(r.pending) == 0 {
		if len(r.page) == 0 {
			if r.ended {
				return value.Value{}, false, nil
			}
			if r.page, err = r.run.engine.store.Children(ctx, r.run.plan.ARN, r.after, childPage); err != nil {
				return value.Value{}, false, err
			}
			r.ended = len(r.page) < childPage
			continue
		}
		child := r.page[0]
		r.page, r.after = r.page[1:], child.Child
		if slices.Contains(r.of, child.Status) {
			r.pending = r.run.entries(child)
		}
	}
	return r.pending[0], true, nil
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
