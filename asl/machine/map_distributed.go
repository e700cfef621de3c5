package machine

import (
	"errors"
	"strconv"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/value"
)

// maxDistributed is how many children of a distributed Map run at a time.
const maxDistributed = 10_000

func (m *Machine) runDistributed(v *visit) {
	input, f := m.path(v, v.state.InputPath, v.input)
	if f != nil {
		m.fail(v, f)
		return
	}
	r := m.newMapRun(v, input)
	if v.state.Map.Distributed.Reader == nil {
		r.Items, f = m.distributedItems(v, input)
	}
	if f == nil {
		r.MaxConcurrency, f = m.maxConcurrency(v, input)
	}
	if f == nil {
		m.chain(v.frame, "MapStateStarted", "mapStateStartedEventDetails", number("length", int64(len(r.Items))))
		v.fork = newFork(0)
		v.fork.input = input
		f = m.prepareRun(v, r, input)
	}
	if f != nil {
		m.fail(v, f)
		return
	}
	m.chain(v.frame, "MapRunStarted", "mapRunStartedEventDetails", text("mapRunArn", r.ARN))
	v.fork.run = r
	m.schedule(v, r)
}

func (m *Machine) schedule(v *visit, r *MapRun) {
	m.lastTask++
	t := &task{visit: v, order: m.nextOrder(), command: ScheduleTask{Task: m.lastTask, State: v.state.Name, Map: r, Attempt: v.retries}}
	v.task = t
	m.tasks[t.command.Task] = t
	if r.Reader != nil && r.Reader.MaxItems < 0 {
		m.mapRunFailed(t, runFailure(ReaderFailed(errors.New("field MaxItems must be positive"))))
		return
	}
	m.command(t.command)
}

func runFailure(e *MapRunError) *failure { return newFailure(e.Name, e.Cause) }

// distributedItems are the items that the state's data has: an array's, or the members of an object.
func (m *Machine) distributedItems(v *visit, input value.Value) ([]item.Item, *failure) {
	if v.state.JSONata != nil {
		return m.queriedPairs(v)
	}
	found, f := m.pathItems(v, input)
	if f != nil {
		return nil, f
	}
	items, ok := item.Of(found)
	if !ok || found.Kind() == value.Object && m.version < pairedItems {
		return nil, v.noArray()
	}
	return items, nil
}

// queriedPairs is distributedItems in JSONata mode.
func (m *Machine) queriedPairs(v *visit) ([]item.Item, *failure) {
	q := v.state.JSONata.Items
	found, f := m.evaluation(v).query(q, v.input)
	if f != nil {
		return nil, f
	}
	items, ok := item.Of(found)
	if !ok || q == nil && found.Kind() == value.Object && m.version < pairedItems {
		return nil, m.evaluationFailed(v, "", "Map state input must be an array but was: "+found.Compact())
	}
	return items, nil
}

// prepareRun evaluates the fields that are looked at once the state has started.
func (m *Machine) prepareRun(v *visit, r *MapRun, input value.Value) *failure {
	limits, f := m.tolerance(v, input)
	if f == nil && limits != nil {
		r.ToleratedFailureCount, r.ToleratedFailurePercentage = limits.count, limits.percentage
	}
	if f == nil {
		f = m.prepareReader(v, r, input)
	}
	if f == nil {
		f = m.prepareBatcher(v, r, input)
	}
	if f == nil {
		f = m.prepareWriter(v, r, input)
	}
	return f
}

func (m *Machine) prepareReader(v *visit, r *MapRun, input value.Value) (f *failure) {
	reader := v.state.Map.Distributed.Reader
	if reader == nil {
		return nil
	}
	r.Reader = &ItemReader{ItemReader: reader}
	if r.Reader.MaxItems, f = m.amount(v, "MaxItems", reader.MaxItems, input); f != nil {
		return f
	}
	r.Reader.Parameters, f = m.payload(v, reader.Parameters, input)
	return f
}

func (m *Machine) prepareBatcher(v *visit, r *MapRun, input value.Value) (f *failure) {
	batcher := v.state.Map.Distributed.Batcher
	if batcher == nil {
		return nil
	}
	r.batch = &batch{}
	if r.batch.maxItems, f = m.batchLimit(v, "MaxItemsPerBatch", batcher.MaxItemsPerBatch, input); f != nil {
		return f
	}
	if r.batch.maxBytes, f = m.batchLimit(v, "MaxInputBytesPerBatch", batcher.MaxInputBytesPerBatch, input); f != nil {
		return f
	}
	if r.batch.maxBytes == 0 {
		r.batch.maxBytes = maxPayload
	}
	r.batch.input, f = m.payload(v, batcher.BatchInput, input)
	return f
}

func (m *Machine) batchLimit(v *visit, name string, n asl.Number, input value.Value) (int64, *failure) {
	limit, f := m.amount(v, name, n, input)
	if f == nil && limit < 0 && m.version >= positiveBatches {
		f = v.runtime("%s cannot be negative.", name)
	}
	return limit, f
}

func (m *Machine) prepareWriter(v *visit, r *MapRun, input value.Value) *failure {
	writer := v.state.Map.Distributed.Writer
	if writer == nil || writer.Resource == "" {
		return nil
	}
	parameters, f := m.payload(v, writer.Parameters, input)
	if f != nil {
		return f
	}
	bucket, _ := parameters.Get("Bucket")
	prefix, _ := parameters.Get("Prefix")
	r.Writer = &ResultWriter{Bucket: bucket.Str(), Prefix: prefix.Str(), ResultWriter: writer}
	return nil
}

func (m *Machine) payload(v *visit, p asl.Payload, input value.Value) (value.Value, *failure) {
	if v.state.JSONata != nil {
		return m.evaluation(v).query(p.Query, value.Value{})
	}
	return m.template(v, p.Template, input, value.Value{})
}

// amount evaluates a whole number, 0 when the field is absent.
func (m *Machine) amount(v *visit, name string, n asl.Number, input value.Value) (int64, *failure) {
	if v.state.JSONata != nil {
		return m.evaluation(v).integer(n, 0, 0)
	}
	found, ok, f := m.number(v, n, input)
	if f != nil || !ok {
		return 0, f
	}
	whole, err := strconv.ParseInt(plain(found), 10, 64)
	if err != nil {
		return 0, v.runtime("The %sPath field refers to value \"%s\" which is not a valid integer: %s", name, plain(found), n.Path)
	}
	return whole, nil
}

// mapRunSucceeded leaves the state. The exit follows the event that the run started with.
func (m *Machine) mapRunSucceeded(t *task, result value.Value) {
	v := t.visit
	m.dropTask(t)
	started := v.frame.last
	m.chain(v.frame, "MapRunSucceeded", "")
	m.chain(v.frame, "MapStateSucceeded", "")
	v.exitAfter = started
	m.conclude(v, result)
}

func (m *Machine) mapRunFailed(t *task, f *failure) {
	m.dropTask(t)
	m.chain(t.visit.frame, "MapRunFailed", "mapRunFailedEventDetails", errorDetails(f.name, f.cause)...)
	m.fail(t.visit, f)
}
