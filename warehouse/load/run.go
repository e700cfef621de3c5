package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Run loads the files into the sink. With errors up to the limit of MAXERROR it returns the outcome and no error; else the
// caller must roll back, and the outcome tells what is wrong with which rows.
func (p *Plan) Run(ctx context.Context, store bucket.Store, sink Sink) (Outcome, error) {
	outcome := Outcome{Table: p.statement.Target.Name}
	files, err := p.files(ctx, store)
	if err != nil {
		return outcome, err
	}
	r := &run{ctx: ctx, plan: p, store: store, outcome: &outcome, batches: make(chan *Batch, 2*runtime.GOMAXPROCS(0))}
	outcome.Files = make([]File, len(files))
	reading, stop := context.WithCancel(ctx)
	defer stop()
	r.start(reading, stop, files)
	if p.o.noLoad {
		sink = counter{}
	}
	outcome.Loaded, err = sink.Append(ctx, p.target, r.next)
	stop()
	r.drainRest()
	outcome.sort()
	if r.failed != nil {
		return outcome, r.failed
	}
	return outcome, err
}

// files lists the files. What is no file, the mark of a folder, is left out.
func (p *Plan) files(ctx context.Context, store bucket.Store) ([]source, error) {
	if p.o.manifest {
		return p.listed(ctx, store)
	}
	var found []source
	for object, err := range bucket.All(ctx, store, p.from.bucket, p.from.key) {
		if err != nil {
			return nil, p.missing(err)
		}
		if object.Size > 0 || !strings.HasSuffix(object.Key, "/") {
			found = append(found, source{bucket: p.from.bucket, key: object.Key})
		}
	}
	if len(found) == 0 {
		return nil, fault.New(fault.NotFound, "The specified S3 prefix '%s' does not exist", p.from.key).WithCode("XX000").At(p.statement.FromPosition)
	}
	return found, nil
}

func (p *Plan) missing(err error) error {
	switch fault.CodeOf(err) {
	case bucket.CodeNoSuchBucket:
		return fault.New(fault.NotFound, "The specified bucket does not exist: %s", p.from.bucket).WithCode("XX000").At(p.statement.FromPosition)
	case bucket.CodeNoSuchKey:
		return fault.New(fault.NotFound, "The specified key does not exist: %s", p.from).WithCode("XX000").At(p.statement.FromPosition)
	}
	return err
}

// run is one COPY while its files are read: a few workers fill batches, the sink takes them.
type run struct {
	ctx     context.Context // of the caller: files that nobody has read because it ended must not pass for read
	plan    *Plan
	store   bucket.Store
	batches chan *Batch
	stop    context.CancelFunc

	mu      sync.Mutex
	outcome *Outcome
	failed  error
	counted int64
}

func (r *run) start(ctx context.Context, stop context.CancelFunc, files []source) {
	r.stop = stop
	work := make(chan int, len(files))
	for i := range files {
		work <- i
	}
	close(work)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			for i := range work {
				if ctx.Err() != nil {
					return
				}
				r.file(ctx, i, files[i])
			}
		})
	}
	go func() {
		workers.Wait()
		close(r.batches)
	}()
}

// next gives the sink a batch, nil behind the last one.
func (r *run) next() (*Batch, error) {
	b := <-r.batches
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil && b == nil && r.ctx.Err() != nil {
		r.failed = fault.New(fault.Unavailable, "COPY is cancelled").WithCode("57014").Because(r.ctx.Err())
	}
	if r.failed != nil {
		return nil, r.failed
	}
	return b, nil
}

// counter takes the place of the sink for NOLOAD.
type counter struct{}

func (counter) Append(_ context.Context, _ Target, next func() (*Batch, error)) (rows int64, err error) {
	for {
		b, err := next()
		if err != nil || b == nil {
			return rows, err
		}
		rows += int64(b.Rows)
	}
}

// drainRest waits for the workers after the sink has stopped early.
func (r *run) drainRest() {
	for range r.batches {
		continue
	}
}

// fail keeps the first reason and stops all workers.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		r.failed = err
	}
	r.stop()
}

func (r *run) file(ctx context.Context, number int, s source) {
	l := &loader{plan: r.plan, file: number, name: s.String()}
	lines, err := r.read(ctx, l, s)
	if err != nil && !errors.Is(err, context.Canceled) {
		r.fail(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcome.Files[number] = File{Name: l.name, Lines: lines, Errors: l.errors}
	r.outcome.Replaced += l.replaced
}

// read loads one file. An error is one with the file as a whole.
func (r *run) read(ctx context.Context, l *loader, s source) (lines int64, err error) {
	object, err := r.store.Open(ctx, s.bucket, s.key)
	if err != nil {
		return 0, err
	}
	defer object.Close()
	plain, err := decompress(r.plan.o.codec, object)
	if err == nil {
		defer plain.Close()
		reader := newRecordReader(r.plan.o, plain)
		err = r.records(ctx, l, reader)
		lines = reader.lines
	}
	if err == nil || errors.Is(err, context.Canceled) {
		return lines, err
	}
	what := "read"
	if r.plan.o.codec != "" {
		what = strings.ToLower(r.plan.o.codec)
	}
	return lines, fault.Invalidf("%s: %s: %s", l.name, what, strings.TrimPrefix(err.Error(), what+": ")).WithCode("XX000")
}

func (r *run) records(ctx context.Context, l *loader, reader *recordReader) error {
	err := reader.skipHeaders()
	l.batch = l.fresh()
	for err == nil {
		var record *record
		if record, err = reader.next(); err != nil {
			break
		}
		if rejection := l.take(record); rejection != nil {
			err = r.count(*rejection)
		} else if l.batch.Rows == BatchSize {
			err = r.send(ctx, l)
		}
	}
	if err == io.EOF {
		return r.send(ctx, l)
	}
	return err
}

func (r *run) send(ctx context.Context, l *loader) error {
	if l.batch.Rows == 0 {
		return nil
	}
	select {
	case r.batches <- l.batch:
		l.batch = l.fresh()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// count keeps a rejected row; the limit reached, it ends the COPY.
func (r *run) count(rejection Rejection) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counted++
	if r.counted <= maxKept {
		r.outcome.Rejections = append(r.outcome.Rejections, rejection)
	}
	if r.counted < r.plan.o.maxErrors {
		return nil
	}
	if r.failed == nil {
		r.failed = fault.Invalidf("Load into table '%s' failed.  Check 'stl_load_errors' system table for details.", r.outcome.Table).WithCode("XX000")
	}
	r.stop()
	return context.Canceled
}

// maxKept bounds the rejected rows that one COPY remembers.
const maxKept = 100_000

func (o *Outcome) sort() {
	slices.SortStableFunc(o.Rejections, func(a, b Rejection) int {
		if a.fileNumber != b.fileNumber {
			return a.fileNumber - b.fileNumber
		}
		return int(a.Line - b.Line)
	})
}

// Notices are the messages of level INFO that a COPY ends with.
func (o Outcome) Notices() []string {
	table := "Load into table '" + o.Table + "' completed, "
	list := []string{fmt.Sprintf("%s%d record(s) loaded successfully.", table, o.Loaded)}
	if n := len(o.Rejections); n > 0 {
		list = append(list, fmt.Sprintf("%s%d record(s) could not be loaded.  Check 'stl_load_errors' system table for details.", table, n))
	}
	if o.Replaced > 0 {
		list = append(list, fmt.Sprintf("%s%d record(s) were loaded with replacements made for ACCEPTINVCHARS. Check 'stl_replacements' system table for details.", table, o.Replaced))
	}
	return list
}
