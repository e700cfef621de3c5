package unload

import (
	"io"

	"github.com/dsnet/compress/bzip2"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// plain is a stream that is not compressed.
type plain struct{ io.Writer }

func (plain) Close() error { return nil }

// compressed wraps a stream in a codec; closing it ends the codec's stream and leaves w open.
func compressed(codec string, w io.Writer) (io.WriteCloser, error) {
	switch codec {
	case "":
		return plain{w}, nil
	case "GZIP":
		return gzip.NewWriter(w), nil
	case "BZIP2":
		return bzip2.NewWriter(w, nil)
	}
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
}
