package warehousetest

import (
	"compress/bzip2"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/stepwell/stepwell/bucket"
)

// written shows what UNLOAD left in a bucket.
func (f *file) written(t *testing.T, d *datadriven.TestData) string {
	name, key := address(t, d)
	var out string
	var err error
	switch d.Cmd {
	case "bucket":
		err = f.buckets.Make(name)
	case "list":
		out, err = f.list(t, name, key, d.HasArg("bytes"))
	case "show":
		out, err = f.show(t, name, key)
	}
	if err != nil {
		return out + "ERROR " + err.Error() + "\n"
	}
	return out
}

func (f *file) list(t *testing.T, name, prefix string, bytes bool) (string, error) {
	var b strings.Builder
	for o, err := range bucket.All(t.Context(), f.buckets, name, prefix) {
		if err != nil {
			return b.String(), err
		}
		b.WriteString(o.Key)
		if bytes {
			fmt.Fprintf(&b, " %d", o.Size)
		}
		b.WriteByte('\n')
	}
	if b.Len() == 0 {
		return "(nothing)\n", nil
	}
	return b.String(), nil
}

func (f *file) show(t *testing.T, name, key string) (string, error) {
	object, err := f.buckets.Open(t.Context(), name, key)
	if err != nil {
		return "", err
	}
	defer object.Close()
	var r io.Reader = object
	switch key[strings.LastIndexByte(key, '.')+1:] {
	case "gz":
		r, err = gzip.NewReader(object)
	case "bz2":
		r = bzip2.NewReader(object)
	case "zst":
		r, err = zstd.NewReader(object)
	}
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	if len(text) == 0 {
		return "(empty)\n", err
	}
	return strings.ReplaceAll(string(text), "\n\n", "\n(empty line)\n"), err
}
