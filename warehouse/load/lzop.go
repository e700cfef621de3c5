package load

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"hash/crc32"
	"io"

	"github.com/anchore/go-lzo"
)

// lzopMagic begins every member of an lzop file.
var lzopMagic = []byte{0x89, 'L', 'Z', 'O', 0x00, 0x0d, 0x0a, 0x1a, 0x0a}

// The flags of an lzop header that change what follows.
const (
	lzopAdlerPlain = 1 << 0
	lzopAdlerCoded = 1 << 1
	lzopExtra      = 1 << 6
	lzopCRCPlain   = 1 << 8
	lzopCRCCoded   = 1 << 9
	lzopFilter     = 1 << 11
	lzopHeaderCRC  = 1 << 12
)

// lzopBlock is the largest block that an lzop file may have, in bytes.
const lzopBlock = 64 << 20

// lzopReader reads the container of the lzop program: a header, blocks of LZO1X data with checksums, and so for each member.
type lzopReader struct {
	source io.Reader
	flags  uint32
	coded  []byte
	plain  []byte
	rest   []byte // of plain, not read yet
	err    error
}

func newLzop(r io.Reader) (io.ReadCloser, error) {
	z := &lzopReader{source: r}
	if err := z.header(); err != nil {
		return nil, whole(err)
	}
	return z, nil
}

// whole tells a stream that ends too early from one that ends.
func whole(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (z *lzopReader) Close() error { return nil }

func (z *lzopReader) Read(p []byte) (int, error) {
	for len(z.rest) == 0 && z.err == nil {
		z.err = z.block()
	}
	if len(z.rest) == 0 {
		return 0, z.err
	}
	n := copy(p, z.rest)
	z.rest = z.rest[n:]
	return n, nil
}

// fields reads big-endian numbers of the given sizes in bytes.
func fields(r io.Reader, sizes ...int) ([]uint32, error) {
	values := make([]uint32, len(sizes))
	for i, size := range sizes {
		var b [4]byte
		if _, err := io.ReadFull(r, b[4-size:]); err != nil {
			return nil, whole(err)
		}
		values[i] = binary.BigEndian.Uint32(b[:])
	}
	return values, nil
}

// header reads the header of a member. io.EOF before its first byte means that there is no further member.
func (z *lzopReader) header() error {
	magic := make([]byte, len(lzopMagic))
	if _, err := io.ReadFull(z.source, magic); err != nil {
		return err
	}
	if !bytes.Equal(magic, lzopMagic) {
		return errors.New("incorrect header check")
	}
	var seen bytes.Buffer
	r := io.TeeReader(z.source, &seen)
	if err := z.description(r); err != nil {
		return err
	}
	sum := adler32.Checksum(seen.Bytes())
	if z.flags&lzopHeaderCRC != 0 {
		sum = crc32.ChecksumIEEE(seen.Bytes())
	}
	stored, err := fields(z.source, 4)
	if err != nil {
		return err
	}
	if stored[0] != sum {
		return errors.New("incorrect header checksum")
	}
	return z.extra()
}

// description reads what the header's checksum covers: versions, method, level, flags, mode, times and the file's name.
func (z *lzopReader) description(r io.Reader) error {
	start, err := fields(r, 2, 2)
	if err != nil {
		return err
	}
	layout, modern := []int{1, 4}, start[0] >= 0x0940
	if modern {
		layout = []int{2, 1, 1, 4}
	}
	values, err := fields(r, layout...)
	if err != nil {
		return err
	}
	method := values[0]
	z.flags = values[len(values)-1]
	if modern {
		method = values[1]
	}
	if method < 1 || method > 3 {
		return fmt.Errorf("compression method %d is not LZO1X", method)
	}
	rest := []int{4, 4}
	if z.flags&lzopFilter != 0 {
		rest = append(rest, 4)
	}
	if modern {
		rest = append(rest, 4)
	}
	if values, err = fields(r, append(rest, 1)...); err != nil {
		return err
	}
	_, err = io.CopyN(io.Discard, r, int64(values[len(values)-1]))
	return whole(err)
}

func (z *lzopReader) extra() error {
	if z.flags&lzopExtra == 0 {
		return nil
	}
	length, err := fields(z.source, 4)
	if err != nil {
		return err
	}
	_, err = io.CopyN(io.Discard, z.source, int64(length[0])+4)
	return whole(err)
}

// block reads the next block, or the header of the next member and its first block.
func (z *lzopReader) block() error {
	plain, err := fields(z.source, 4)
	if err != nil {
		return err
	}
	if plain[0] == 0 {
		return z.header()
	}
	coded, err := fields(z.source, 4)
	if err != nil {
		return err
	}
	if plain[0] > lzopBlock || coded[0] > plain[0] {
		return errors.New("corrupt block length")
	}
	sums, err := fields(z.source, z.checksums(coded[0] < plain[0])...)
	if err != nil {
		return err
	}
	if z.coded = sized(z.coded, coded[0]); len(z.coded) > 0 {
		if _, err := io.ReadFull(z.source, z.coded); err != nil {
			return whole(err)
		}
	}
	return z.decode(plain[0], sums)
}

// checksums returns the sizes of the checksums in front of a block; those of coded data are there for coded blocks only.
func (z *lzopReader) checksums(isCoded bool) []int {
	var sizes []int
	for _, flag := range []uint32{lzopAdlerPlain, lzopCRCPlain, lzopAdlerCoded, lzopCRCCoded} {
		if z.flags&flag != 0 && (isCoded || flag == lzopAdlerPlain || flag == lzopCRCPlain) {
			sizes = append(sizes, 4)
		}
	}
	return sizes
}

func (z *lzopReader) decode(length uint32, sums []uint32) error {
	if uint32(len(z.coded)) == length {
		z.plain = append(z.plain[:0], z.coded...)
	} else {
		z.plain = sized(z.plain, length)
		n, err := lzo.Decompress(z.coded, z.plain)
		if err != nil || n != int(length) {
			return errors.New("corrupt block")
		}
	}
	if z.flags&lzopAdlerPlain != 0 && adler32.Checksum(z.plain) != sums[0] ||
		z.flags&lzopAdlerPlain == 0 && z.flags&lzopCRCPlain != 0 && crc32.ChecksumIEEE(z.plain) != sums[0] {
		return errors.New("incorrect data check")
	}
	z.rest = z.plain
	return nil
}

func sized(b []byte, n uint32) []byte {
	if uint32(cap(b)) < n {
		return make([]byte, n)
	}
	return b[:n]
}
