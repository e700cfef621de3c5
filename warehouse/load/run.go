package load

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// survey bounds what is read of the files behind the first fault, to learn what is wrong with them too, in bytes.
const survey = 256 << 20

// Load loads the files into the sink. With errors up to the limit of MAXERROR it returns the outcome and no error; else the
// caller must roll back, and the outcome tells what is wrong with which rows and files.
func (p *Plan) Load(ctx context.Context, store bucket.Store, sink Sink, files []Object, progress *Progress) (Outcome, error) {
	outcome := Outcome{Table: p.statement.Target.Name, Files: make([]File, len(files))}
	for i, object := range files {
		outcome.Files[i] = File{Object: object}
		progress.size.Add(max(object.Size, 0))
	}
	progress.files.Add(int64(len(files)))
	if err := p.readPaths(ctx, store); err != nil {
		return outcome, err
	}
	if p.o.format == parquetFormat {
		return p.columnar(ctx, store, sink, outcome, progress)
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	r := &run{ctx: ctx, plan: p, store: store, outcome: &outcome, progress: progress}
	r.budget.Store(survey)
	r.pool.New = func() any { return newBatch(p.target.Columns, &r.pool) }
	r.start(reading)
	if p.o.noLoad {
		sink = counter{}
	}
	var err error
	outcome.Loaded, err = sink.Append(ctx, p.target, r.next)
	if err != nil && r.reason() == nil {
		stop()
	}
	r.drain()
	outcome.sort()
	if reason := r.reason(); reason != nil {
		outcome.Loaded = 0
		return outcome, reason
	}
	return outcome, err
}

// run is one COPY while its files are read.
type run struct {
	ctx      context.Context // of the caller: files that nobody has read because it ended must not pass for read
	plan     *Plan
	store    bucket.Store
	progress *Progress
	blocks   chan block
	batches  chan *Batch
	pool     sync.Pool
	// budget is what may still be read once something has failed.
	budget atomic.Int64

	mu      sync.Mutex
	outcome *Outcome
	// The COPY fails because of too many rejected rows, a file that is broken as a whole, or the store.
	tooMany, broken bool
	lost            error
}

// start reads the files: a few at a time are cut into blocks, and as many loaders as there are processors make batches.
func (r *run) start(ctx context.Context) {
	processors := runtime.GOMAXPROCS(0)
	r.blocks = make(chan block, processors)
	r.batches = make(chan *Batch, 2*processors)
	work := make(chan int, len(r.outcome.Files))
	for i := range r.outcome.Files {
		work <- i
	}
	close(work)
	var readers, loaders sync.WaitGroup
	for range min(max(processors, 4), len(r.outcome.Files)) {
		readers.Go(func() {
			for i := range work {
				if ctx.Err() == nil {
					r.file(ctx, i)
				}
			}
		})
	}
	for range processors {
		loaders.Go(func() {
			l := newLoader(r)
			for b := range r.blocks {
				l.block(ctx, &b)
			}
			l.send(ctx)
		})
	}
	go func() {
		readers.Wait()
		close(r.blocks)
		loaders.Wait()
		close(r.batches)
	}()
}

// next gives the sink a batch, nil behind the last one.
func (r *run) next() (*Batch, error) {
	b := <-r.batches
	if err := r.reason(); err != nil {
		return nil, err
	}
	if b == nil && r.ctx.Err() != nil {
		return nil, cancelled(r.ctx)
	}
	if b != nil {
		r.progress.rows.Add(int64(b.Rows))
	}
	return b, nil
}

func cancelled(ctx context.Context) error {
	return fault.New(fault.Unavailable, "COPY is cancelled").WithCode("57014").Because(ctx.Err())
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
		b.Release()
	}
}

// drain waits for the readers after the sink has stopped.
func (r *run) drain() {
	for range r.batches {
		continue
	}
}

// failed says that the COPY will fail: rows are looked at only for what is wrong with them.
func (r *run) failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tooMany || r.broken || r.lost != nil
}

// reason is why the COPY fails, nil as long as it does not. What is wrong with the store comes first, then with a whole file.
func (r *run) reason() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lost != nil {
		return r.lost
	}
	if r.broken {
		for _, f := range r.outcome.Files {
			if f.Problem != nil {
				return f.Problem
			}
		}
	}
	if r.tooMany {
		return fault.Invalidf("Load into table '%s' failed.  Check 'stl_load_errors' system table for details.", r.outcome.Table).WithCode("XX000").
			Because(r.outcome.Rejections[0])
	}
	return nil
}

// enough says that a file needs no more reading: the COPY fails, and what is wrong with the file is known, or too much has
// been read to learn it.
func (r *run) enough(file int, bytes int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.tooMany && !r.broken && r.lost == nil {
		return false
	}
	return r.outcome.Files[file].Errors > 0 || r.budget.Add(-int64(bytes)) < 0
}

// reject keeps a rejected row.
func (r *run) reject(file int, rejection Rejection) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcome.Rejected++
	r.outcome.Files[file].Errors++
	r.tooMany = r.tooMany || r.outcome.Rejected >= r.plan.o.maxErrors
	if len(r.outcome.Rejections) >= maxDetailed {
		rejection.Fields = nil
	}
	if len(r.outcome.Rejections) < maxKept {
		r.outcome.Rejections = append(r.outcome.Rejections, rejection)
	}
}

// How many rejected rows one COPY remembers, of how many of these it remembers the fields, and how many replaced rows.
const (
	maxKept     = 100_000
	maxDetailed = 20
	maxReplaced = 100
)

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
	if o.Rejected > 0 {
		list = append(list, fmt.Sprintf("%s%d record(s) could not be loaded.  Check 'stl_load_errors' system table for details.", table, o.Rejected))
	}
	if o.Replaced > 0 {
		list = append(list, fmt.Sprintf("%s%d record(s) were loaded with replacements made for ACCEPTINVCHARS. Check 'stl_replacements' system table for details.", table, o.Replaced))
	}
	return list
}
