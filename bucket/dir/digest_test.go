package dir

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

// What arrives in pieces of any size is what is written and hashed; a body or a disk that breaks off is no end.
func TestDigest(t *testing.T) {
	broken := errors.New("broken")
	for _, size := range []int{0, 1, blockSize - 1, blockSize, blockSize + 1, 5*blockSize + 7} {
		content := bytes.Repeat([]byte("0123456789abc"), size/13+1)[:size]
		sum := md5.Sum(content)
		for name, body := range map[string]io.Reader{
			"whole": bytes.NewReader(content), "halves": iotest.HalfReader(bytes.NewReader(content)),
			"with its end": iotest.DataErrReader(bytes.NewReader(content)),
		} {
			var into bytes.Buffer
			etag, err := digest(&into, body)
			if err != nil || etag != hex.EncodeToString(sum[:]) || !bytes.Equal(into.Bytes(), content) {
				t.Errorf("%d bytes, %s: %s, %d written, %v", size, name, etag, into.Len(), err)
			}
		}
		for _, reason := range []error{broken, io.ErrUnexpectedEOF} {
			if _, err := digest(io.Discard, io.MultiReader(bytes.NewReader(content), iotest.ErrReader(reason))); err != reason {
				t.Errorf("%d bytes and then %v: %v", size, reason, err)
			}
		}
		if _, err := digest(full{broken}, bytes.NewReader(content)); size > 0 && err != broken {
			t.Errorf("%d bytes on a full disk: %v", size, err)
		}
	}
}

type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }
