package load

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/hamba/avro/v2"
	"github.com/klauspost/compress/snappy"
)

// maxAvroBlock is the longest block of an Avro file that is read, in bytes, compressed and not.
const maxAvroBlock = 64 << 20

var errAvro = errors.New("avro: the file is not an Avro object container file")

// avroReader turns an Avro object container file into lines of JSON, one for each record, so that names and paths mean what
// they mean for JSON.
type avroReader struct {
	source *avro.Reader
	schema avro.Schema
	codec  string
	sync   [16]byte
	block  *avro.Reader
	left   int64 // records of the block
	line   []byte
	sent   int // of the line
}

// newAvro reads the header of a file; a file of no bytes has no records.
func newAvro(r io.Reader) (io.ReadCloser, error) {
	limits := avro.Config{MaxByteSliceSize: maxAvroBlock}.Freeze()
	a := &avroReader{source: avro.NewReader(r, 1<<18, avro.WithReaderConfig(limits)), block: avro.NewReader(nil, 0, avro.WithReaderConfig(limits))}
	if a.source.Peek(); errors.Is(a.source.Error, io.EOF) {
		return io.NopCloser(bytes.NewReader(nil)), nil
	}
	var magic [4]byte
	a.source.Read(magic[:])
	if string(magic[:]) != "Obj\x01" {
		return nil, errAvro
	}
	about, err := a.metadata()
	if err != nil {
		return nil, err
	}
	a.source.Read(a.sync[:])
	if a.source.Error != nil {
		return nil, errAvro
	}
	a.codec = string(about["avro.codec"])
	schema, err := avro.ParseBytes(about["avro.schema"])
	if err != nil {
		return nil, fmt.Errorf("avro: schema: %w", err)
	}
	if schema.Type() != avro.Record {
		return nil, fmt.Errorf("avro: the root of the schema is %s, it must be record", schema.Type())
	}
	a.schema = schema
	return io.NopCloser(a), nil
}

// metadata reads the map in the header.
func (a *avroReader) metadata() (map[string][]byte, error) {
	about := map[string][]byte{}
	for {
		n, _ := a.source.ReadBlockHeader()
		if n == 0 || a.source.Error != nil {
			break
		}
		for range n {
			key := a.source.ReadString()
			about[key] = a.source.ReadBytes()
			if a.source.Error != nil {
				return nil, errAvro
			}
		}
	}
	if a.source.Error != nil {
		return nil, errAvro
	}
	return about, nil
}

// Read gives lines of JSON.
func (a *avroReader) Read(out []byte) (int, error) {
	for a.sent == len(a.line) {
		if a.left == 0 {
			if err := a.next(); err != nil {
				return 0, err
			}
			continue
		}
		a.left--
		a.line, a.sent = appendDatum(a.line[:0], a.schema, a.block, 0), 0
		a.line = append(a.line, '\n')
		if a.block.Error != nil {
			return 0, fmt.Errorf("avro: a record ends too early or is not of the schema: %w", a.block.Error)
		}
	}
	n := copy(out, a.line[a.sent:])
	a.sent += n
	return n, nil
}

// next opens the next block, io.EOF behind the last one.
func (a *avroReader) next() error {
	if a.source.Peek(); errors.Is(a.source.Error, io.EOF) {
		return io.EOF
	}
	a.left = a.source.ReadLong()
	packed := a.source.ReadBytes()
	var sync [16]byte
	a.source.Read(sync[:])
	if a.source.Error != nil {
		return fmt.Errorf("avro: %w", unexpected(a.source.Error))
	}
	if sync != a.sync || a.left < 0 || a.left > maxAvroBlock {
		return errors.New("avro: a block does not end with the file's mark")
	}
	data, err := a.unpack(packed)
	if err != nil {
		return fmt.Errorf("avro: %s: %w", a.codec, unexpected(err))
	}
	a.block.Reset(data)
	return nil
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("unexpected end of stream")
	}
	return err
}

// unpack decompresses a block.
func (a *avroReader) unpack(packed []byte) ([]byte, error) {
	switch a.codec {
	case "", "null":
		return packed, nil
	case "deflate":
		data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxAvroBlock+1))
		if err == nil && len(data) > maxAvroBlock {
			err = fmt.Errorf("a block is longer than %d bytes", maxAvroBlock)
		}
		return data, err
	case "snappy":
		return unpackSnappy(packed)
	}
	return nil, errors.New("the codec is not supported: null, deflate and snappy are")
}

// unpackSnappy checks the sum of the data, which stands behind it.
func unpackSnappy(packed []byte) ([]byte, error) {
	if len(packed) < 4 {
		return nil, io.ErrUnexpectedEOF
	}
	body, sum := packed[:len(packed)-4], binary.BigEndian.Uint32(packed[len(packed)-4:])
	if n, err := snappy.DecodedLen(body); err != nil || n > maxAvroBlock {
		return nil, errors.New("a block is damaged or too long")
	}
	data, err := snappy.Decode(nil, body)
	if err == nil && crc32.ChecksumIEEE(data) != sum {
		err = errors.New("a block does not have its checksum")
	}
	return data, err
}
