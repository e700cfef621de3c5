package parquet

import "encoding/binary"

// hybrid are small numbers of a fixed width, in runs of one value and in packs of eight. A run is never written out.
type hybrid struct {
	data   []byte
	width  uint // bits of a number
	left   uint64
	value  uint64 // of a run
	packed []byte // of a pack; nil: it is a run
	bit    uint
}

// prefixed are numbers behind their length in bytes; rest is what stands behind them.
func prefixed(data []byte, width uint) (numbers *hybrid, rest []byte, err error) {
	if len(data) < 4 {
		return nil, nil, errShort
	}
	length := binary.LittleEndian.Uint32(data)
	if data = data[4:]; uint64(length) > uint64(len(data)) {
		return nil, nil, errShort
	}
	return &hybrid{data: data[:length], width: width}, data[length:], nil
}

func (h *hybrid) next() (uint64, error) {
	for h.left == 0 {
		if err := h.open(); err != nil {
			return 0, err
		}
	}
	h.left--
	if h.packed == nil {
		return h.value, nil
	}
	v, ok := bitsAt(h.packed, h.bit, h.width)
	if h.bit += h.width; !ok {
		return 0, errShort
	}
	return v, nil
}

// open goes to the next run or pack.
func (h *hybrid) open() error {
	head, n := binary.Uvarint(h.data)
	if n <= 0 {
		return errShort
	}
	h.data, h.left, h.packed, h.value, h.bit = h.data[n:], head>>1, nil, 0, 0
	bytes := uint64(h.width+7) / 8
	if isPack := head&1 == 1; isPack {
		// Some writers leave out the padding of the last pack, so its end is looked for when it is read.
		bytes = uint64(len(h.data))
		if groups := h.left; h.width > 0 {
			bytes = min(bytes, min(groups, bytes)*uint64(h.width))
		} else {
			bytes = 0
		}
		h.left *= 8
		h.packed, h.data = h.data[:bytes:bytes], h.data[bytes:]
		return nil
	}
	if bytes > uint64(len(h.data)) {
		return errShort
	}
	for i := range bytes {
		h.value |= uint64(h.data[i]) << (8 * i)
	}
	h.data = h.data[bytes:]
	return nil
}

// bitsAt is the number of width bits that begins at a bit, least significant first; ok is false behind the end.
func bitsAt(data []byte, at, width uint) (v uint64, ok bool) {
	if at+width > uint(len(data))*8 {
		return 0, false
	}
	for got := uint(0); got < width; {
		bit := at + got
		n := min(8-bit%8, width-got)
		part := uint64(data[bit/8]>>(bit%8)) & (1<<n - 1)
		v |= part << got
		got += n
	}
	return v, true
}
