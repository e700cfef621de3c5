package sigv4

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// maxSignedChunk is the longest chunk whose signature is checked, in bytes: it is held in memory until then.
const maxSignedChunk = 16 << 20

// maxTrailers bounds the lines behind the last chunk.
const maxTrailers = 16

// chunks reads the aws-chunked encoding: SIZE[;chunk-signature=…] CRLF data CRLF, up to a chunk of size 0.
type chunks struct {
	from    *bufio.Reader
	chain   *chain // nil: signatures are not checked
	total   int64  // announced bytes that are not read yet
	current io.Reader
	left    int64 // bytes of current
	trailer http.Header
	err     error
}

func newChunks(from io.Reader, length int64, trailer http.Header) *chunks {
	return &chunks{from: bufio.NewReader(from), total: length, trailer: trailer}
}

// Read returns the bytes inside the chunks.
func (c *chunks) Read(p []byte) (int, error) {
	if c.err == nil && c.left == 0 {
		c.err = c.next()
	}
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.current.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	c.total -= int64(n)
	switch {
	case err != nil && c.left > 0:
		c.err = c.broken(err)
	case c.left == 0:
		c.err = c.crlf()
	}
	return n, nil
}

// next begins a chunk; the last one ends the reading.
func (c *chunks) next() error {
	head, err := c.line()
	if err != nil {
		return err
	}
	sizeText, extension, _ := strings.Cut(head, ";")
	size, err := strconv.ParseUint(sizeText, 16, 62)
	if err != nil || int64(size) > c.total {
		return refuse(BadBody, "a chunk's size is not valid: %q", sizeText)
	}
	signature, _ := strings.CutPrefix(extension, "chunk-signature=")
	if size == 0 {
		return c.last(signature)
	}
	c.left, c.current = int64(size), c.from
	if c.chain != nil {
		return c.signed(signature)
	}
	return nil
}

// signed reads a chunk whole and checks it before anybody sees its bytes.
func (c *chunks) signed(signature string) error {
	if c.left > maxSignedChunk {
		return refuse(BadBody, "a signed chunk may have at most %d bytes", maxSignedChunk)
	}
	var data bytes.Buffer
	if _, err := io.CopyN(&data, c.from, c.left); err != nil {
		return c.broken(err)
	}
	c.current = &data
	return c.chain.check(data.Bytes(), signature)
}

// last ends the body: io.EOF when it is whole.
func (c *chunks) last(signature string) error {
	if c.chain != nil {
		if err := c.chain.check(nil, signature); err != nil {
			return err
		}
	}
	if c.total != 0 {
		return refuse(BadBody, "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header")
	}
	for range maxTrailers {
		line, err := c.line()
		if err != nil {
			return err
		}
		if line == "" {
			return io.EOF
		}
		name, text, _ := strings.Cut(line, ":")
		c.trailer.Set(name, strings.TrimSpace(text))
	}
	return refuse(BadBody, "the body has more than %d trailers", maxTrailers)
}

func (c *chunks) crlf() error {
	line, err := c.line()
	if err == nil && line != "" {
		err = refuse(BadBody, "a chunk is longer than its size")
	}
	return err
}

// line reads up to CRLF.
func (c *chunks) line() (string, error) {
	line, err := c.from.ReadSlice('\n')
	if err != nil {
		return "", c.broken(err)
	}
	text, ok := strings.CutSuffix(string(line), "\r\n")
	if !ok {
		return "", refuse(BadBody, "a chunk's line does not end with CRLF")
	}
	return text, nil
}

// broken is the error of a body that ends inside a chunk.
func (c *chunks) broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, bufio.ErrBufferFull) {
		return refuse(BadBody, "the body ends inside a chunk, or a chunk has no end of line")
	}
	return err
}
