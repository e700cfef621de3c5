package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/value"
)

// maxData is how many characters the functions here take.
const maxData = 10_000

func data(v value.Value) (string, error) {
	if v.Kind() != value.String || utf8.RuneCountInString(v.Str()) > maxData {
		return "", errArguments
	}
	return v.Str(), nil
}

func base64Encode(arguments []value.Value, _ *Scope) (value.Value, error) {
	text, err := data(arguments[0])
	return value.OfString(base64.StdEncoding.EncodeToString([]byte(text))), err
}

func base64Decode(arguments []value.Value, _ *Scope) (value.Value, error) {
	text, err := data(arguments[0])
	if err != nil {
		return value.Value{}, err
	}
	decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	return value.OfString(strings.ToValidUTF8(string(decoded), "\uFFFD")), err
}

func hash(arguments []value.Value, _ *Scope) (value.Value, error) {
	text, err := data(arguments[0])
	if err != nil {
		return value.Value{}, err
	}
	var sum []byte
	switch arguments[1].Str() {
	case "MD5":
		s := md5.Sum([]byte(text))
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum([]byte(text))
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256([]byte(text))
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384([]byte(text))
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512([]byte(text))
		sum = s[:]
	default:
		return value.Value{}, errArguments
	}
	return value.OfString(hex.EncodeToString(sum)), nil
}

func mathAdd(arguments []value.Value, _ *Scope) (value.Value, error) {
	a, ok1 := rounded(arguments[0])
	b, ok2 := rounded(arguments[1])
	total, ok3 := inRange(float64(a+b), true)
	if !ok1 || !ok2 || !ok3 {
		return value.Value{}, errArguments
	}
	return value.OfInt(total), nil
}

// mathRandom draws from first to before last; the same seed gives the same number.
func mathRandom(arguments []value.Value, scope *Scope) (value.Value, error) {
	first, ok1 := integer(arguments[0])
	last, ok2 := integer(arguments[1])
	if !ok1 || !ok2 || first >= last {
		return value.Value{}, errArguments
	}
	var draw uint64
	if len(arguments) == 3 {
		seed, ok := integer(arguments[2])
		if !ok {
			return value.Value{}, errArguments
		}
		draw = mix(uint64(seed))
	} else {
		draw = scope.Random()
	}
	offset, _ := bits.Mul64(draw, uint64(last-first))
	return value.OfInt(first + int64(offset)), nil
}

// mix spreads a seed over 64 bits (the output function of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// uuid makes a random UUID (version 4, RFC 9562).
func uuid(_ []value.Value, scope *Scope) (value.Value, error) {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], scope.Random())
	binary.BigEndian.PutUint64(b[8:], scope.Random())
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return value.OfString(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}
