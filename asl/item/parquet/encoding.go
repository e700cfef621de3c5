package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// raw is a value as it is stored: numbers and booleans as bits, the others as bytes, which last until the page is left.
type raw struct {
	bits  uint64
	bytes []byte
}

// decoder reads the values of a page.
type decoder interface{ next() (raw, error) }

// The encodings of pages.
const (
	encodingPlain           = 0
	encodingPlainDictionary = 2
	encodingRLE             = 3
	encodingDelta           = 5
	encodingDeltaLength     = 6
	encodingDeltaByteArray  = 7
	encodingRLEDictionary   = 8
	encodingSplit           = 9
)

// decode returns the decoder of a page that has count values.
func (n *node) decode(encoding int64, data []byte, count int, dictionary []raw) (decoder, error) {
	switch {
	case encoding == encodingPlain:
		return &plainValues{node: n, data: data}, nil
	case encoding == encodingPlainDictionary, encoding == encodingRLEDictionary:
		if dictionary == nil {
			return nil, errors.New("a page refers to a dictionary that is not there")
		}
		return newIndexed(data, dictionary)
	case encoding == encodingRLE && n.physical == isBoolean:
		levels, _, err := prefixed(data, 1)
		return (*booleans)(levels), err
	case encoding == encodingDelta && (n.physical == isInt32 || n.physical == isInt64):
		return newDelta(data, count)
	case encoding == encodingDeltaLength && n.physical == isByteArray:
		return newLengths(data, count)
	case encoding == encodingDeltaByteArray && (n.physical == isByteArray || n.physical == isFixed):
		return newPrefixes(data, count)
	case encoding == encodingSplit && n.width() > 0:
		return newSplit(data, n.width(), n.physical == isFixed)
	}
	return nil, fmt.Errorf("its encoding %d is not supported", encoding)
}

// width is how many bytes a value takes, 0 when that is not the same for all.
func (n *node) width() int {
	return map[physical]int{isInt32: 4, isInt64: 8, isInt96: 12, isFloat: 4, isDouble: 8, isFixed: n.length}[n.physical]
}

// plainValues stand one behind the other.
type plainValues struct {
	node *node
	data []byte
	bit  uint
}

func (p *plainValues) next() (raw, error) {
	if p.node.physical == isBoolean {
		return p.boolean()
	}
	width := p.node.width()
	if p.node.physical == isByteArray {
		if len(p.data) < 4 {
			return raw{}, errShort
		}
		length := binary.LittleEndian.Uint32(p.data)
		p.data = p.data[4:]
		if uint64(length) > uint64(len(p.data)) {
			return raw{}, errShort
		}
		width = int(length)
	}
	if width > len(p.data) {
		return raw{}, errShort
	}
	v := rawOf(p.data[:width], p.node.physical)
	p.data = p.data[width:]
	return v, nil
}

func (p *plainValues) boolean() (raw, error) {
	if len(p.data) == 0 {
		return raw{}, errShort
	}
	v := raw{bits: uint64(p.data[0]>>p.bit) & 1}
	if p.bit++; p.bit == 8 {
		p.bit, p.data = 0, p.data[1:]
	}
	return v, nil
}

func rawOf(b []byte, kind physical) raw {
	switch kind {
	case isInt32, isFloat:
		return raw{bits: uint64(binary.LittleEndian.Uint32(b))}
	case isInt64, isDouble:
		return raw{bits: binary.LittleEndian.Uint64(b)}
	}
	return raw{bytes: b}
}

// indexed are the numbers of values in a dictionary.
type indexed struct {
	numbers    *hybrid
	dictionary []raw
}

func newIndexed(data []byte, dictionary []raw) (decoder, error) {
	if len(data) == 0 {
		return &indexed{&hybrid{}, dictionary}, nil // a page of nulls only
	}
	if data[0] > 32 {
		return nil, fmt.Errorf("its indexes have %d bits", data[0])
	}
	return &indexed{&hybrid{data: data[1:], width: uint(data[0])}, dictionary}, nil
}

func (i *indexed) next() (raw, error) {
	number, err := i.numbers.next()
	if err == nil && number >= uint64(len(i.dictionary)) {
		err = errors.New("an index is outside of the dictionary")
	}
	if err != nil {
		return raw{}, err
	}
	return i.dictionary[number], nil
}

// booleans are run-length encoded.
type booleans hybrid

func (b *booleans) next() (raw, error) {
	bit, err := (*hybrid)(b).next()
	return raw{bits: bit}, err
}

// split are values whose first bytes stand together, then the second, and so on.
type split struct {
	data                []byte
	width, count, index int
	asBytes             bool
}

func newSplit(data []byte, width int, asBytes bool) (decoder, error) {
	if len(data)%width != 0 {
		return nil, errShort
	}
	return &split{data: data, width: width, count: len(data) / width, asBytes: asBytes}, nil
}

func (s *split) next() (raw, error) {
	if s.index == s.count {
		return raw{}, errShort
	}
	b := make([]byte, s.width)
	for i := range b {
		b[i] = s.data[i*s.count+s.index]
	}
	s.index++
	if s.asBytes || s.width == 12 {
		return raw{bytes: b}, nil
	}
	return rawOf(b, map[int]physical{4: isInt32, 8: isInt64}[s.width]), nil
}
