package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// reader reads an object from front to end and opens it again behind what it has when the connection breaks.
type reader struct {
	ctx          context.Context
	place        place
	key          string
	etag         string
	body         io.ReadCloser
	offset, size int64 // size is where reading ends
	// breaks counts how often nothing came before the connection broke.
	breaks int
}

// pause is how long the reader waits before it opens the object again for the first time; then twice as long, and so on.
const pause = 100 * time.Millisecond

// open asks for what is left of the object.
func (r *reader) open() error {
	input := &s3.GetObjectInput{Bucket: &r.place.bucket, Key: r.place.key(r.key)}
	if r.etag != "" {
		input.IfMatch = &r.etag
		input.Range = aws.String(fmt.Sprintf("bytes=%d-%d", r.offset, r.size-1))
	}
	answer, err := r.place.client.GetObject(r.ctx, input)
	if err != nil {
		return err
	}
	if r.etag == "" {
		r.etag, r.size = aws.ToString(answer.ETag), aws.ToInt64(answer.ContentLength)
	}
	r.body = answer.Body
	return nil
}

func (r *reader) Read(b []byte) (int, error) {
	for {
		n, err := r.body.Read(b)
		r.offset += int64(n)
		if n > 0 {
			r.breaks = 0
			return n, nil
		}
		switch {
		case r.offset >= r.size && (err == nil || err == io.EOF):
			return 0, err
		case err == nil:
			continue
		}
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err := r.resume(err); err != nil {
			return 0, r.place.failed(r.ctx, r.key, err)
		}
	}
}

// resume opens the object again; cause is what broke the reading.
func (r *reader) resume(cause error) error {
	if r.ctx.Err() != nil || r.breaks >= attempts {
		return cause
	}
	_ = r.body.Close()
	select {
	case <-time.After(pause << r.breaks):
	case <-r.ctx.Done():
		return errors.Join(r.ctx.Err(), cause)
	}
	r.breaks++
	return r.open()
}

// ReadAt reads a part of the object in a request of its own.
func (r *reader) ReadAt(b []byte, at int64) (int, error) {
	end := min(at+int64(len(b)), r.size)
	if at < 0 || at >= end {
		return 0, io.EOF
	}
	part := &reader{ctx: r.ctx, place: r.place, key: r.key, etag: r.etag, offset: at, size: end}
	if err := part.open(); err != nil {
		return 0, r.place.failed(r.ctx, r.key, err)
	}
	defer part.Close()
	n, err := io.ReadFull(part, b[:end-at])
	if err == nil && n < len(b) {
		err = io.EOF
	}
	return n, err
}

// Size returns how many bytes the object has.
func (r *reader) Size() (int64, error) { return r.size, nil }

// Close ends the request.
func (r *reader) Close() error { return r.body.Close() }
