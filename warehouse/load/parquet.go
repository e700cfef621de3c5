package load

import (
	"context"
	"io"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Columnar is a sink that reads Parquet files itself.
type Columnar interface {
	// AppendParquet inserts the rows of a file, its columns by their position, and returns how many there were. Errors are
	// faults that say what does not fit, without the name of the file.
	AppendParquet(ctx context.Context, target Target, file io.Reader, o ParquetOptions) (int64, error)
}

// ParquetOptions are the parameters of COPY that mean something for Parquet.
type ParquetOptions struct {
	// Serialize lets nested columns become SUPER.
	Serialize bool
	// Fill lets columns at the end of the table be null that the file does not have.
	Fill bool
}

// columnar loads Parquet files one after the other: the sink uses all processors for each.
func (p *Plan) columnar(ctx context.Context, store bucket.Store, sink Sink, outcome Outcome, progress *Progress) (Outcome, error) {
	reader, ok := sink.(Columnar)
	if !ok {
		return outcome, fault.New(fault.Unsupported, "COPY FORMAT PARQUET is not supported by this warehouse").WithCode("0A000").At(p.statement.Position)
	}
	for i := range outcome.Files {
		f := &outcome.Files[i]
		name := f.Object.String()
		progress.current.Store(&name)
		f.Started = time.Now().UTC()
		rows, read, err := p.parquet(ctx, store, reader, f.Object, progress)
		f.Rows, f.Lines, f.Bytes, f.Ended = rows, rows, read, time.Now().UTC()
		if ctx.Err() != nil {
			return outcome, cancelled(ctx)
		}
		if unreachable(err) {
			return outcome, p.missing(f.Object, err)
		}
		if err != nil {
			f.Errors, f.Problem = 1, p.broken(f.Object, err)
			outcome.Rejected++
			outcome.Rejections = append(outcome.Rejections, Rejection{File: name, Code: problemCode(err), Reason: cut([]byte(err.Error()), maxReason)})
			return outcome, f.Problem
		}
		outcome.Loaded += rows
		progress.filesDone.Add(1)
		progress.plain.Add(read)
		progress.rows.Add(rows)
		progress.lines.Add(rows)
	}
	return outcome, nil
}

func (p *Plan) parquet(ctx context.Context, store bucket.Store, sink Columnar, o Object, progress *Progress) (rows, read int64, err error) {
	body, err := store.Open(ctx, o.Bucket, o.Key)
	if err != nil {
		return 0, 0, err
	}
	defer body.Close()
	raw := newCounting(body, progress)
	rows, err = sink.AppendParquet(ctx, p.target, raw, ParquetOptions{Serialize: p.o.serialize, Fill: p.o.fillRecord})
	if err == nil {
		err = raw.unchanged(o)
	}
	return rows, raw.bytes, err
}
