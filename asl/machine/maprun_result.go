package machine

import (
	"iter"

	"github.com/stepwell/stepwell/value"
)

// Result puts what the children of a run gave, in their order, into the state's result. The error is a *MapRunError when that is
// too large, or one of outputs.
func (r *MapRun) Result(outputs iter.Seq2[value.Value, error]) (value.Value, error) {
	var items []value.Value
	size := 0
	for output, err := range outputs {
		if err != nil {
			return value.Value{}, err
		}
		if size += len(output.Text()) + 1; size > maxPayload {
			return value.Value{}, runError(dataLimitExceeded(r.state))
		}
		items = append(items, r.Flattened(output)...)
	}
	return value.OfItems(items), nil
}

// Flattened returns the entries that an output makes in the results: itself, or with FLATTEN the elements of an array.
func (r *MapRun) Flattened(output value.Value) []value.Value {
	if r.transform == "FLATTEN" && output.Kind() == value.Array {
		return output.Items()
	}
	return []value.Value{output}
}

// Detailed reports whether results are records of the children rather than their outputs.
func (r *MapRun) Detailed() bool { return r.transform == "NONE" }

// Written is the state's result where the results were written, with the key of their manifest.
func (r *MapRun) Written(key string) value.Value {
	details := value.OfMembers(text("Bucket", r.Writer.Bucket), text("Key", key))
	return value.OfMembers(text("MapRunArn", r.ARN), member("ResultWriterDetails", details))
}
