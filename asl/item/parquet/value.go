package parquet

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/value"
)

// value is a stored value as JSON.
func (n *node) value(v raw) (value.Value, error) {
	switch n.physical {
	case isBoolean:
		return value.OfBool(v.bits != 0), nil
	case isInt32:
		return n.whole(int64(int32(v.bits)), uint64(uint32(v.bits)))
	case isInt64:
		return n.whole(int64(v.bits), v.bits)
	case isInt96:
		return julian(v.bytes), nil
	case isFloat:
		return floating(float64(math.Float32frombits(uint32(v.bits))), 32), nil
	case isDouble:
		return floating(math.Float64frombits(v.bits), 64), nil
	}
	return n.bytes(v.bytes)
}

func (n *node) whole(i int64, u uint64) (value.Value, error) {
	switch n.meaning {
	case unsigned:
		return value.OfNumber(strconv.FormatUint(u, 10)), nil
	case decimal:
		return scaled(big.NewInt(i), n.scale), nil
	case date:
		return value.OfString(time.Unix(0, 0).UTC().AddDate(0, 0, int(i)).Format(time.DateOnly)), nil
	case clock:
		return clockOf(i, n.unit)
	case timestamp:
		return value.OfInt(floor(i, n.unit)), nil
	}
	return value.OfInt(i), nil
}

// floor is i/by rounded down, as times before 1970 need it.
func floor(i, by int64) int64 {
	if i%by < 0 {
		return i/by - 1
	}
	return i / by
}

func clockOf(i, unit int64) (value.Value, error) {
	const day = 24 * 60 * 60 * 1000
	if i < 0 || i/unit >= day {
		return value.Value{}, fmt.Errorf("%d is no time of a day", i)
	}
	return value.OfString(time.Unix(0, i*(nanos/unit)).UTC().Format("15:04:05.999999999")), nil
}

// julian is the time in an INT96: nanoseconds of a day and the number of that day, counted from 4713 BC.
func julian(b []byte) value.Value {
	const epoch, day = 2440588, 24 * 60 * 60 * 1000
	inDay := floor(int64(binary.LittleEndian.Uint64(b)), nanos)
	return value.OfInt((int64(binary.LittleEndian.Uint32(b[8:]))-epoch)*day + inDay)
}

// floating is a number in its shortest spelling. JSON has none for the infinities and NaN, which are texts.
func floating(f float64, bits int) value.Value {
	switch {
	case math.IsNaN(f):
		return value.OfString("NaN")
	case math.IsInf(f, 1):
		return value.OfString("Infinity")
	case math.IsInf(f, -1):
		return value.OfString("-Infinity")
	case bits == 32:
		f, _ = strconv.ParseFloat(strconv.FormatFloat(f, 'g', -1, 32), 64)
	}
	return value.OfFloat(f)
}

// maxDecimal is how many bytes a decimal may have; 38 digits take 16.
const maxDecimal = 64

func (n *node) bytes(b []byte) (value.Value, error) {
	switch {
	case n.meaning == text:
		return value.OfString(strings.ToValidUTF8(string(b), "\uFFFD")), nil
	case n.meaning == decimal && len(b) > maxDecimal:
		return value.Value{}, errors.New("a decimal has too many digits")
	case n.meaning == decimal:
		return scaled(bigEndian(b), n.scale), nil
	case n.meaning == uuid && len(b) == 16:
		digits := hex.EncodeToString(b)
		return value.OfString(digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]), nil
	case n.meaning == float16 && len(b) == 2:
		return floating(halfOf(binary.LittleEndian.Uint16(b)), 32), nil
	}
	return value.OfString(base64.StdEncoding.EncodeToString(b)), nil
}

// bigEndian is a whole number in two's complement.
func bigEndian(b []byte) *big.Int {
	i := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		i.Sub(i, new(big.Int).Lsh(big.NewInt(1), uint(len(b))*8))
	}
	return i
}

// scaled is i with so many digits behind the point.
func scaled(i *big.Int, scale int) value.Value {
	digits := new(big.Int).Abs(i).String()
	if scale > 0 {
		if missing := scale + 1 - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	}
	if i.Sign() < 0 {
		digits = "-" + digits
	}
	return value.OfNumber(digits)
}

// halfOf is a number of 16 bits, as in IEEE 754.
func halfOf(h uint16) float64 {
	sign, exponent, fraction := 1.0, int(h>>10)&0x1f, float64(h&0x3ff)
	if h&0x8000 != 0 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 0x1f:
		if fraction != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1+fraction/1024, exponent-15)
}
