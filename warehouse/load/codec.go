package load

import (
	"bufio"
	"compress/bzip2"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory that a zstd stream may ask for, in bytes.
const maxWindow = 128 << 20

// decompress opens a stream of a codec. A stream that is not of the codec fails here or while it is read; an object of no
// bytes has no rows.
func decompress(codec string, r io.Reader) (io.ReadCloser, error) {
	if codec == "" {
		return io.NopCloser(r), nil
	}
	buffered := bufio.NewReaderSize(r, 1<<18)
	if _, err := buffered.Peek(1); err == io.EOF {
		return io.NopCloser(buffered), nil
	}
	switch codec {
	case "GZIP":
		return gzip.NewReader(buffered)
	case "ZSTD":
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	case "BZIP2":
		return io.NopCloser(bzip2.NewReader(buffered)), nil
	default:
		return newLzop(buffered)
	}
}
