package mapitem

import (
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory that a zstd stream may ask for, in bytes.
const maxWindow = 64 << 20

// decompressed reads an object as what the end of its key says it is.
func decompressed(key string, file io.Reader) (io.Reader, error) {
	switch {
	case strings.HasSuffix(key, ".gz"), strings.HasSuffix(key, ".gzip"):
		return gzip.NewReader(file)
	case strings.HasSuffix(key, ".zst"), strings.HasSuffix(key, ".zstd"):
		z, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}
	return file, nil
}
