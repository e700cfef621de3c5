package function

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"math/bits"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
)

// InitCap writes the first letter of every word as a capital and the rest small. Any other character separates words.
func InitCap(text string) string {
	start := true
	return strings.Map(func(c rune) rune {
		word := unicode.IsLetter(c) || unicode.IsDigit(c)
		defer func() { start = !word }()
		if start {
			return unicode.ToUpper(c)
		}
		return unicode.ToLower(c)
	}, text)
}

// Clip cuts a text to a number of bytes without cutting a character.
func Clip(text string, length int64) string {
	if int64(len(text)) <= length {
		return text
	}
	for length > 0 && !utf8.RuneStart(text[length]) {
		length--
	}
	return text[:length]
}

// StrToL is STRTOL: it reads an integer in a base from 2 to 36.
func StrToL(text string, base int64) (int64, error) {
	digits := strings.TrimSpace(text)
	if base == 16 {
		digits = strings.TrimPrefix(strings.TrimPrefix(digits, "0x"), "0X")
	}
	n, err := strconv.ParseInt(digits, int(base), 64)
	if err != nil || base < 2 || base > 36 {
		return 0, fault.Invalidf("The input %s is not valid to be converted to base %d", text, base).WithCode("22P02")
	}
	return n, nil
}

// SHA2 is SHA2(text, bits) in hexadecimal digits; 0 bits mean 256.
func SHA2(text string, size int64) (string, error) {
	data := []byte(text)
	switch size {
	case 0, 256:
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:]), nil
	case 224:
		sum := sha256.Sum224(data)
		return hex.EncodeToString(sum[:]), nil
	case 384:
		sum := sha512.Sum384(data)
		return hex.EncodeToString(sum[:]), nil
	case 512:
		sum := sha512.Sum512(data)
		return hex.EncodeToString(sum[:]), nil
	}
	return "", nil
}

// CRC32 is the checksum with Castagnoli's polynomial, in hexadecimal digits.
func CRC32(text string) string {
	return strconv.FormatUint(uint64(crc32.Checksum([]byte(text), crc32.MakeTable(crc32.Castagnoli))), 16)
}

// FNVHash is FNV_HASH: FNV-1a of 64 bits over bytes, from a seed; seeded is false for the standard start.
func FNVHash(data []byte, seed int64, seeded bool) int64 {
	if !seeded {
		h := fnv.New64a()
		h.Write(data)
		return int64(h.Sum64())
	}
	sum := uint64(seed)
	for _, b := range data {
		sum = (sum ^ uint64(b)) * 1099511628211
	}
	return int64(sum)
}

// Bits writes every byte as eight binary digits.
func Bits(data []byte) string {
	var b strings.Builder
	for _, c := range data {
		fmt.Fprintf(&b, "%08b", c)
	}
	return b.String()
}

// Integer returns the bytes of an integer as the hash functions see it: little-endian, 2, 4 or 8 of them.
func Integer(n int64, size int) []byte {
	return binary.LittleEndian.AppendUint64(nil, uint64(n))[:size]
}

// Murmur3 is MURMUR3_32_HASH over bytes, from a seed.
func Murmur3(data []byte, seed uint32) int32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	mix := func(k uint32) uint32 { return bits.RotateLeft32(k*c1, 15) * c2 }
	h := seed
	blocks := len(data) / 4
	for i := range blocks {
		h = bits.RotateLeft32(h^mix(binary.LittleEndian.Uint32(data[4*i:])), 13)*5 + 0xe6546b64
	}
	var tail uint32
	for i, b := range data[4*blocks:] {
		tail |= uint32(b) << (8 * i)
	}
	h ^= mix(tail)
	h ^= uint32(len(data))
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return int32(h ^ h>>16)
}

// soundexCodes holds the digit of every letter from A on; 0 is not coded, 9 (H and W) does not separate equal codes.
const soundexCodes = "01230129022455012623019202"

// Soundex is SOUNDEX: the first letter and three digits.
func Soundex(text string) (string, error) {
	var out []byte
	last := byte('0')
	for _, c := range strings.ToUpper(text) {
		if c < 'A' || c > 'Z' {
			continue
		}
		code := soundexCodes[c-'A']
		switch {
		case len(out) == 0:
			out = append(out, byte(c))
			last = code
			continue
		case code == '9':
			continue
		case code != '0' && code != last && len(out) < 4:
			out = append(out, code)
		}
		last = code
	}
	if len(out) == 0 {
		return "", nil
	}
	return string(append(out, "000"...)[:4]), nil
}

// Difference is DIFFERENCE: how many of the four characters of two Soundex codes are equal.
func Difference(a, b string) int64 {
	first, errA := Soundex(a)
	second, errB := Soundex(b)
	if errA != nil || errB != nil || first == "" || second == "" {
		return 0
	}
	var equal int64
	for i := range first {
		if first[i] == second[i] {
			equal++
		}
	}
	return equal
}
