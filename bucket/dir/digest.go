package dir

import (
	"crypto/md5"
	"encoding/hex"
	"io"
)

// blockSize is how much of a body is hashed and written at a time, in bytes.
const blockSize = 64 << 10

// digest copies a body and returns the MD5 of its bytes. A block is hashed while the one before it is written and the next
// is read, because hashing takes as long as all the rest.
func digest(into io.Writer, body io.Reader) (etag string, err error) {
	sum := md5.New()
	blocks, hashed := make(chan []byte, 1), make(chan []byte, 2)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for block := range blocks {
			sum.Write(block) // never fails
			hashed <- block[:cap(block)]
		}
	}()
	hashed <- make([]byte, blockSize)
	hashed <- make([]byte, blockSize)
	for err == nil {
		block := <-hashed
		var n int
		n, err = fill(block, body)
		if n == 0 {
			break
		}
		blocks <- block[:n]
		if _, problem := into.Write(block[:n]); problem != nil {
			err = problem
		}
	}
	close(blocks)
	<-ended
	if err == io.EOF {
		err = nil
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}

// fill reads until a block is full. Unlike io.ReadFull it tells the end of a body from a body that broke off.
func fill(block []byte, body io.Reader) (n int, err error) {
	for n < len(block) && err == nil {
		var more int
		more, err = body.Read(block[n:])
		n += more
	}
	return n, err
}
