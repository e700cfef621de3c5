package unload

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/stepwell/stepwell/bucket"
)

// Writer writes the rows of one UNLOAD. It serves one goroutine; Close or Abort ends it.
type Writer struct {
	plan    *Plan
	store   bucket.Store
	columns []Column
	// partitions are the places of the partition columns in a row, kept those of the columns that files have.
	partitions, kept []int
	encode           encoder
	head             []byte

	ctx     context.Context
	fail    context.CancelCauseFunc
	running sync.WaitGroup
	// places bounds how many files are on their way at once.
	places chan struct{}

	block  block
	folder string
	open   [sliceCount]*slice
	// turn is the slice of the next block, or the number of the next file that the backend made.
	turn   int
	record []any

	handed  atomic.Int64
	mu      sync.Mutex
	written []string
	outcome Outcome
}

// maxOpen is the number of files that are written at the same time: those of partitions that ended may still be stored.
const maxOpen = 8

// Open checks the columns and the destination, and cleans it where the statement says so.
func (p *Plan) Open(ctx context.Context, store bucket.Store, columns []Column) (*Writer, error) {
	partitions, err := p.Partitions(columns)
	if err != nil {
		return nil, err
	}
	if err := p.fits(columns); err != nil {
		return nil, err
	}
	if err := p.claim(ctx, store); err != nil {
		return nil, err
	}
	w := &Writer{plan: p, store: store, columns: columns, partitions: partitions, places: make(chan struct{}, maxOpen)}
	w.ctx, w.fail = context.WithCancelCause(ctx)
	var inFile []Column
	for i, c := range columns {
		if p.o.include || !slices.Contains(partitions, i) {
			w.kept = append(w.kept, i)
			inFile = append(inFile, c)
		}
	}
	w.record = make([]any, len(inFile))
	w.encode = p.encoder(inFile)
	if p.o.header {
		w.head = w.encode.header(nil)
	}
	return w, nil
}

// Row writes one row, whose slice is used only during the call. The rows of a partition must follow each other.
func (w *Writer) Row(values []any) (err error) {
	if len(w.partitions) > 0 {
		if err := w.enter(w.folderOf(values)); err != nil {
			return err
		}
	}
	for i, place := range w.kept {
		w.record[i] = values[place]
	}
	if w.block.lines, err = w.encode.row(w.block.lines, w.record); err != nil {
		return err
	}
	w.block.rows++
	if len(w.block.lines) < blockSize {
		return nil
	}
	return w.hand()
}

// folderOf names the folder of a row's partition.
func (w *Writer) folderOf(values []any) string {
	texts, null := make([]string, len(w.partitions)), make([]bool, len(w.partitions))
	for i, place := range w.partitions {
		text, ok := w.columns[place].field(values[place])
		texts[i], null[i] = text, !ok
	}
	return folder(w.plan.o.partitions, texts, null)
}

// enter goes over to another partition.
func (w *Writer) enter(folder string) error {
	if folder == w.folder {
		return nil
	}
	if err := w.leave(); err != nil {
		return err
	}
	w.folder = folder
	return w.plan.clean(w.ctx, w.store, folder)
}

// leave ends the files of the partition, which are stored meanwhile.
func (w *Writer) leave() error {
	if err := w.hand(); err != nil {
		return err
	}
	for i, s := range w.open {
		if s != nil {
			close(s.blocks)
		}
		w.open[i] = nil
	}
	w.turn = 0
	return nil
}

// hand gives the lines so far to the slice whose turn it is.
func (w *Writer) hand() error {
	if w.block.rows == 0 {
		return nil
	}
	s, err := w.slice()
	if err != nil {
		return err
	}
	select {
	case s.blocks <- w.block:
	case <-w.ctx.Done():
		return context.Cause(w.ctx)
	}
	w.handed.Add(w.block.rows)
	w.block = block{lines: make([]byte, 0, blockSize+blockSize/8)}
	return nil
}

// slice returns the slice for the next block: one after the other, or always the first.
func (w *Writer) slice() (*slice, error) {
	number := w.turn
	if w.plan.o.parallel {
		w.turn = (w.turn + 1) % sliceCount
	}
	if s := w.open[number]; s != nil {
		return s, nil
	}
	s := &slice{writer: w, folder: w.folder, number: number, blocks: make(chan block, 2)}
	if err := w.begin(s.run); err != nil {
		return nil, err
	}
	w.open[number] = s
	return s, nil
}

// begin writes beside the rows that still come, as soon as there is room for one more.
func (w *Writer) begin(write func(context.Context) error) error {
	select {
	case w.places <- struct{}{}:
	case <-w.ctx.Done():
		return context.Cause(w.ctx)
	}
	w.running.Go(func() {
		if err := write(w.ctx); err != nil {
			w.fail(err)
		}
		<-w.places
	})
	return nil
}

// Done tells how far an UNLOAD is.
type Done struct {
	Rows int64 // that were written
	// Files are stored, with Size bytes.
	Files, Size int64
}

// Done returns what has been done so far; it may be called at any time.
func (w *Writer) Done() Done {
	w.mu.Lock()
	defer w.mu.Unlock()
	return Done{Rows: max(w.handed.Load(), w.outcome.Rows), Files: int64(len(w.outcome.Files)), Size: w.outcome.Size}
}

func (w *Writer) wrote(key string, f File) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.written = append(w.written, key)
	if f.Name == "" {
		return
	}
	w.outcome.Files = append(w.outcome.Files, f)
	w.outcome.Rows += f.Rows
	w.outcome.Size += f.Size
}

// Close stores what is left and writes the manifest. On an error nothing stays of what was written.
func (w *Writer) Close() (Outcome, error) {
	err := w.leave()
	w.running.Wait()
	if err == nil {
		err = context.Cause(w.ctx)
	}
	if err == nil && len(w.outcome.Files) == 0 {
		err = w.empty()
	}
	if err == nil {
		slices.SortFunc(w.outcome.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
		err = w.manifest()
	}
	if err != nil {
		return Outcome{}, w.Abort(err)
	}
	w.fail(nil)
	return w.outcome, nil
}

// empty writes the one file, without rows, that text and CSV have even when the query answers with nothing.
func (w *Writer) empty() error {
	if len(w.partitions) > 0 || w.plan.o.format == jsonFormat || w.plan.o.format == parquetFormat {
		return nil
	}
	o, err := w.create(w.ctx, "", 0, 0)
	if err != nil {
		return err
	}
	if err := o.finish(); err != nil {
		return err
	}
	w.wrote(o.key, o.file)
	return nil
}

// Abort deletes what was written and returns the cause, with what went wrong in deleting.
func (w *Writer) Abort(cause error) error {
	w.fail(cause)
	w.running.Wait()
	ctx := context.WithoutCancel(w.ctx)
	for _, key := range w.written {
		cause = joined(cause, w.store.Delete(ctx, w.plan.bucket, key))
	}
	w.written = nil
	return cause
}

// joined keeps a single error as it is, so that its place and code are found.
func joined(cause, err error) error {
	if err == nil {
		return cause
	}
	return errors.Join(cause, err)
}
