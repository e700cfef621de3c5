package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// partition cuts an array into arrays of a size, of which the last may be shorter.
func partition(c *call) (item, error) {
	x := c.arg(0)
	size, ok := float(c.arg(1))
	if x == nil || !ok {
		return nil, nil
	}
	n := int(math.Floor(min(size, math.MaxInt32)))
	if n < 1 {
		return nil, &Error{Code: "D3137", Position: -1, Message: "The second argument of the partition function must be a positive number"}
	}
	out := &list{}
	for from := 0; from < length(x); from += n {
		part := &list{}
		for i := from; i < min(from+n, length(x)); i++ {
			if err := c.push(part, at(x, i)); err != nil {
				return nil, err
			}
		}
		if err := c.push(out, part); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// numberRange counts from the first number by steps as far as the last.
func numberRange(c *call) (item, error) {
	first, ok1 := float(c.arg(0))
	last, ok2 := float(c.arg(1))
	step, ok3 := float(c.arg(2))
	if !ok1 || !ok2 || !ok3 {
		return nil, nil
	}
	first, last, step = math.Floor(first), math.Floor(last), math.Floor(step)
	if step == 0 {
		return nil, &Error{Code: "D3137", Position: -1, Message: "The third argument of the range function must not be 0"}
	}
	out := sequenceOf() // recorded on AWS: a single number comes without its array
	for f := first; step > 0 && f <= last || step < 0 && f >= last; f += step {
		if err := c.push(out, f); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func hash(c *call) (item, error) {
	s, ok := str(c.arg(0))
	algorithm, ok2 := str(c.arg(1))
	if !ok || !ok2 {
		return nil, nil
	}
	data := []byte(s)
	var sum []byte
	switch algorithm {
	case "MD5":
		h := md5.Sum(data)
		sum = h[:]
	case "SHA-1":
		h := sha1.Sum(data)
		sum = h[:]
	case "SHA-256":
		h := sha256.Sum256(data)
		sum = h[:]
	case "SHA-384":
		h := sha512.Sum384(data)
		sum = h[:]
	case "SHA-512":
		h := sha512.Sum512(data)
		sum = h[:]
	default:
		return nil, &Error{Code: "D3137", Position: -1, Message: "Unsupported hash algorithm: " + describe(algorithm)}
	}
	return hex.EncodeToString(sum), c.spend(len(s) / 8)
}

// randomSeeded gives the same number for the same seed.
func randomSeeded(c *call) (item, error) {
	seed, ok := float(c.arg(0))
	if !ok {
		return c.random(), nil
	}
	var data [8]byte
	binary.BigEndian.PutUint64(data[:], math.Float64bits(seed))
	sum := sha256.Sum256(data[:])
	return float64(binary.BigEndian.Uint64(sum[:])>>11) / (1 << 53), nil
}

// uuid makes a version 4 identifier of the caller's chance.
func uuid(c *call) (item, error) {
	var b [16]byte
	for i := 0; i < len(b); i += 4 {
		binary.BigEndian.PutUint32(b[i:], uint32(c.random()*(1<<32)))
	}
	b[6] = b[6]&0x0F | 0x40
	b[8] = b[8]&0x3F | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}
