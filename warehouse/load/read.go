package load

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// file reads one file and notes how that ended.
func (r *run) file(ctx context.Context, number int) {
	f := &r.outcome.Files[number]
	name := f.Object.String()
	r.progress.current.Store(&name)
	started := time.Now().UTC()
	lines, bytes, err := r.read(ctx, number)
	r.mu.Lock()
	defer r.mu.Unlock()
	f.Lines, f.Bytes, f.Started, f.Ended = lines, bytes, started, time.Now().UTC()
	r.progress.filesDone.Add(1)
	r.progress.lines.Add(lines)
	if err == nil || ctx.Err() != nil {
		return
	}
	rejection := Rejection{File: name, fileNumber: number, Line: lines, Code: problemCode(err), Reason: cut([]byte(err.Error()), maxReason)}
	r.outcome.Rejections = append(r.outcome.Rejections, rejection)
	r.outcome.Rejected++
	if unreachable(err) {
		r.lost = r.plan.missing(f.Object, err)
		return
	}
	f.Errors++
	f.Problem = r.plan.broken(f.Object, err)
	r.broken = true
}

// unreachable says that the store fails, and not one file of it.
func unreachable(err error) bool {
	kind := fault.KindOf(err)
	return fault.CodeOf(err) == bucket.CodeNoSuchBucket || kind == fault.Unavailable || kind == fault.Throttled
}

// problemCode is the err_code of what is wrong with a whole file.
func problemCode(err error) int {
	switch {
	case errors.Is(err, errEncoding):
		return errWrongEncoding
	case fault.KindOf(err) == fault.NotFound:
		return errNotFound
	}
	return errUnknown
}

// broken says what is wrong with a file as a whole. Kind Conflict means that the next try may find it whole.
func (p *Plan) broken(o Object, err error) error {
	if fault.CodeOf(err) == bucket.CodeNoSuchKey {
		return p.missing(o, err)
	}
	kind := fault.Invalid
	if fault.KindOf(err) == fault.Conflict {
		kind = fault.Conflict
	}
	return fault.New(kind, "%s: %s", o, err).WithCode("XX000")
}

// read cuts one file into blocks.
func (r *run) read(ctx context.Context, number int) (lines, bytes int64, err error) {
	object := r.outcome.Files[number].Object
	body, err := r.store.Open(ctx, object.Bucket, object.Key)
	if err != nil {
		return 0, 0, err
	}
	defer body.Close()
	raw := newCounting(body, r.progress)
	text, err := r.plan.open(raw)
	if err != nil {
		return 0, 0, cmp.Or(raw.failed, err)
	}
	defer text.Close()
	b := newBlockReader(r.plan.o, text)
	if err := r.cutAll(ctx, b, number); err != nil {
		return b.lines, b.bytes, cmp.Or(raw.failed, r.plan.spoken(err))
	}
	if r.failed() { // it may not have been read to its end
		return b.lines, b.bytes, nil
	}
	return b.lines, b.bytes, raw.unchanged(object)
}

// open makes a stream of UTF-8 text of a file's bytes.
func (p *Plan) open(raw io.Reader) (io.ReadCloser, error) {
	if p.o.format == avroFormat {
		return newAvro(raw)
	}
	plain, err := decompress(p.o.codec, raw)
	if err != nil {
		return nil, p.spoken(err)
	}
	text, err := decoded(p.o.encoding, plain)
	if err != nil {
		plain.Close()
		return nil, p.spoken(err)
	}
	return readCloser{text, plain}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// spoken names the codec in an error of its stream.
func (p *Plan) spoken(err error) error {
	codec := strings.ToLower(p.o.codec)
	switch {
	case codec == "" || errors.Is(err, errEncoding) || errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New(codec + ": unexpected end of stream")
	case errors.Is(err, gzip.ErrHeader):
		return errors.New(codec + ": incorrect header check")
	}
	return errors.New(codec + ": " + strings.TrimPrefix(err.Error(), codec+": "))
}

func (r *run) cutAll(ctx context.Context, b *blockReader, number int) error {
	if err := b.skipLines(r.plan.o.headers); err != nil {
		return err
	}
	plain := b.bytes
	for {
		piece, err := b.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		r.progress.plain.Add(b.bytes - plain)
		plain = b.bytes
		piece.file = number
		if r.enough(number, len(piece.data)) {
			return nil
		}
		select {
		case r.blocks <- piece:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// version is what tells that a file was written between two looks at it.
type version struct {
	size     int64
	modified time.Time
}

// versionOf looks at a file of a folder, which other programs may write in place. What else a store opens is read as it was
// when it was opened, or its reading fails: then nothing is known, and nothing changes.
func versionOf(body io.Reader) (v version) {
	if file, ok := body.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if about, err := file.Stat(); err == nil {
			v = version{about.Size(), about.ModTime().UTC()}
		}
	}
	return v
}

// unchanged refuses a file that was replaced before it was read, or written meanwhile.
func (c *counting) unchanged(o Object) error {
	now := versionOf(c.source)
	switch {
	case o.Size >= 0 && c.bytes != o.Size:
		return replaced("it had %d bytes, %d were read", o.Size, c.bytes)
	case now != c.opened:
		return replaced("it was written at %s and again at %s", c.opened.modified.Format(time.RFC3339Nano), now.modified.Format(time.RFC3339Nano))
	}
	return nil
}

func replaced(format string, args ...any) error {
	return fault.New(fault.Conflict, "the file was replaced while it was read: "+format, args...)
}

// counting counts the bytes of a file as they stand in the bucket.
type counting struct {
	source   io.Reader
	bytes    int64
	progress *Progress
	opened   version
	// failed is the store's error, which codecs and encodings turn into words of their own.
	failed error
}

func newCounting(source io.Reader, progress *Progress) *counting {
	return &counting{source: source, progress: progress, opened: versionOf(source)}
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.source.Read(b)
	c.bytes += int64(n)
	c.progress.read.Add(int64(n))
	if err != nil && err != io.EOF {
		c.failed = err
	}
	return n, err
}
