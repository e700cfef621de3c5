package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
)

// codec is how pages are compressed.
type codec int8

const (
	uncompressed codec = 0
	snappyCodec  codec = 1
	gzipCodec    codec = 2
	zstdCodec    codec = 6
)

func (c codec) isKnown() bool {
	return c == uncompressed || c == snappyCodec || c == gzipCodec || c == zstdCodec
}

func (c codec) String() string {
	if names := []string{"NONE", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"}; c >= 0 && int(c) < len(names) {
		return names[c]
	}
	return fmt.Sprint(int8(c))
}

// codecs decompress pages. They keep what a decoder may use again.
type codecs struct {
	gzip gzip.Reader
	zstd *zstd.Decoder
}

func (c *codecs) close() {
	if c.zstd != nil {
		c.zstd.Close()
	}
}

var errSize = errors.New("a page has another size than it says")

// decompress returns what is in data, which must have size bytes.
func (c *codecs) decompress(with codec, data []byte, size int) (plain []byte, err error) {
	switch with {
	case snappyCodec:
		if n, err := snappy.DecodedLen(data); err != nil || n != size {
			return nil, errSize
		}
		plain, err = snappy.Decode(nil, data)
	case gzipCodec:
		if err = c.gzip.Reset(bytes.NewReader(data)); err == nil {
			plain, err = io.ReadAll(io.LimitReader(&c.gzip, int64(size)+1))
		}
	case zstdCodec:
		plain, err = c.unzstd(data, size)
	default:
		plain = data
	}
	if err == nil && len(plain) != size {
		err = errSize
	}
	return plain, err
}

func (c *codecs) unzstd(data []byte, size int) (plain []byte, err error) {
	source := bytes.NewReader(data)
	if c.zstd == nil {
		c.zstd, err = zstd.NewReader(source, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	} else {
		err = c.zstd.Reset(source)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(c.zstd, int64(size)+1))
}

// maxWindow bounds the memory that a zstd page may ask for, in bytes.
const maxWindow = 64 << 20
