package unload

import (
	"context"
	"io"

	"github.com/stepwell/stepwell/bucket"
)

// object is one data file on its way into the bucket.
type object struct {
	file   File
	key    string
	stream io.WriteCloser
	size   *counter
	pipe   *io.PipeWriter
	stored chan error
}

// counter counts the bytes that reach the bucket.
type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

// create begins an object, which appears in the bucket when finish returns without error and never otherwise.
func (w *Writer) create(ctx context.Context, folder string, slice, part int) (*object, error) {
	key := w.plan.key(folder, slice, part)
	out, in := io.Pipe()
	o := &object{file: File{Name: w.plan.url(key), Slice: slice}, key: key, size: &counter{to: in}, pipe: in,
		stored: make(chan error, 1)}
	stream, err := compressed(w.plan.o.codec, o.size)
	if err != nil {
		return nil, err
	}
	o.stream = stream
	go func() {
		_, err := w.store.Put(ctx, w.plan.bucket, key, out, bucket.Attributes{KMSKeyID: w.plan.o.kmsKey})
		out.CloseWithError(err)
		o.stored <- err
	}()
	if len(w.head) > 0 {
		if _, err := o.stream.Write(w.head); err != nil {
			return nil, o.abandon(err)
		}
	}
	return o, nil
}

// finish waits until the object is in the bucket.
func (o *object) finish() error {
	if err := o.stream.Close(); err != nil {
		return o.abandon(err)
	}
	_ = o.pipe.Close()
	o.file.Size = o.size.n
	return <-o.stored
}

// abandon gives the object up and returns the reason: the bucket's own, if it has one.
func (o *object) abandon(cause error) error {
	_ = o.pipe.CloseWithError(cause)
	if err := <-o.stored; err != nil {
		return err
	}
	return cause
}
