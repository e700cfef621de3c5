package main

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
)

// lzop packs a text as the lzop program does: a header and blocks of 256 KB, each with a checksum of its plain bytes.
func lzop(text []byte) []byte {
	var out bytes.Buffer
	out.WriteString("\x89LZO\x00\r\n\x1a\n")
	var header bytes.Buffer
	for _, field := range []any{
		uint16(0x1040), uint16(0x20a0), uint16(0x0940), uint8(1), uint8(5), uint32(1), // versions, LZO1X, level, checksums of plain bytes
		uint32(0o100644), uint32(0), uint32(0), uint8(0), // mode, times, no name
	} {
		_ = binary.Write(&header, binary.BigEndian, field) // to memory
	}
	out.Write(header.Bytes())
	number := func(n uint32) { _ = binary.Write(&out, binary.BigEndian, n) }
	number(adler32.Checksum(header.Bytes()))
	const block = 256 << 10
	for len(text) > 0 {
		plain := text[:min(block, len(text))]
		text = text[len(plain):]
		packed := pack(plain)
		if len(packed) >= len(plain) {
			packed = plain
		}
		number(uint32(len(plain)))
		number(uint32(len(packed)))
		number(adler32.Checksum(plain))
		out.Write(packed)
	}
	number(0)
	return out.Bytes()
}

const (
	shortest = 4        // bytes that a match has at least
	farthest = 16 << 10 // how far back one may lie
)

// pack compresses in the LZO1X form, with matches of its third kind only.
func pack(plain []byte) []byte {
	var out []byte
	seen := map[[shortest]byte]int{}
	done := 0 // bytes that are packed
	for at := 0; at+shortest <= len(plain); {
		key := [shortest]byte(plain[at:])
		before, ok := seen[key]
		seen[key] = at
		if !ok || at-before > farthest {
			at++
			continue
		}
		length := shortest
		for at+length < len(plain) && plain[before+length] == plain[at+length] {
			length++
		}
		out = match(literals(out, plain[done:at]), length, at-before)
		at += length
		done = at
	}
	return append(literals(out, plain[done:]), 0x11, 0, 0)
}

// literals adds bytes that are no match. Up to three go into the two low bits of the match before.
func literals(out, bytes []byte) []byte {
	n := len(bytes)
	switch {
	case n == 0:
		return out
	case len(out) == 0 && n < 239:
		out = append(out, byte(n+17))
	case len(out) > 0 && n <= 3:
		out[len(out)-2] |= byte(n)
	default:
		out = count(out, 0, 15, n-3)
	}
	return append(out, bytes...)
}

func match(out []byte, length, distance int) []byte {
	out = count(out, 32, 31, length-2)
	return binary.LittleEndian.AppendUint16(out, uint16((distance-1)<<2))
}

// count writes an instruction with a number in its low bits, or behind it when it is larger than they hold.
func count(out []byte, instruction byte, most, n int) []byte {
	if n <= most {
		return append(out, instruction|byte(n))
	}
	out = append(out, instruction)
	for n -= most; n > 255; n -= 255 {
		out = append(out, 0)
	}
	return append(out, byte(n))
}
