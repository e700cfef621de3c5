package load

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

func integerConverter(o *options, bits int, name, overflow string) converter {
	return func(v *Vector, text []byte) *problem {
		if n, ok := shortInteger(text); ok && (bits == 64 || n>>(bits-1) == n>>63) {
			return v.integer(n)
		}
		if empty(o, text) {
			return v.null()
		}
		digits := string(trimmed(text))
		n, err := strconv.ParseInt(digits, 10, bits)
		if err == nil {
			return v.integer(n)
		}
		if at := firstBad(digits, ""); at < len(digits) || strings.Trim(digits, "+-") == "" {
			return badDigit(string(text), at+strings.Index(string(text), digits), name)
		}
		return problemf(errOverflow, "Overflow for %s", overflow)
	}
}

// shortInteger reads at most 18 digits with a minus before them, which most fields are.
func shortInteger(text []byte) (n int64, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	if len(text) == 0 || len(text) > 18 {
		return 0, false
	}
	for _, c := range text {
		if c -= '0'; c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	if negative {
		n = -n
	}
	return n, true
}

// firstBad returns the place of the first character that is neither a sign at the start, a digit, nor allowed.
func firstBad(text, allowed string) int {
	for i := range len(text) {
		c := text[i]
		if c >= '0' && c <= '9' || i == 0 && (c == '+' || c == '-') || strings.IndexByte(allowed, c) >= 0 {
			continue
		}
		return i
	}
	return len(text)
}

// decimalConverterOf cuts digits behind the scale, or rounds them with ROUNDEC.
func decimalConverterOf(o *options, precision, scale int) (converter, Encoding) {
	if precision > 18 {
		return func(v *Vector, text []byte) *problem {
			if empty(o, text) {
				return v.null()
			}
			number, bad := decimalText(text, precision, scale, o.round)
			if bad != nil {
				return bad
			}
			return v.text([]byte(number))
		}, Text
	}
	limit := int64(math.Pow10(precision))
	return func(v *Vector, text []byte) *problem {
		if n, ok := shortDecimal(text, scale); ok && n < limit && n > -limit {
			return v.integer(n)
		}
		if empty(o, text) {
			return v.null()
		}
		number, bad := decimalText(text, precision, scale, o.round)
		if bad != nil {
			return bad
		}
		n, err := strconv.ParseInt(strings.Replace(number, ".", "", 1), 10, 64)
		if err != nil {
			return problemf(errDecimal, "Invalid value for NUMERIC(%d,%d)", precision, scale)
		}
		return v.integer(n)
	}, Decimal
}

// shortDecimal reads a number of few digits with no more behind the point than the scale has, as most fields are.
func shortDecimal(text []byte, scale int) (n int64, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	point := len(text)
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
		case c == '.' && point == len(text):
			point = i
		default:
			return 0, false
		}
	}
	fraction := max(len(text)-point-1, 0)
	if fraction > scale || len(text) < 2 && point == 0 || len(text)+scale > 18 {
		return 0, false
	}
	for ; fraction < scale; fraction++ {
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, true
}

// decimalText brings a number to the scale of its column.
func decimalText(text []byte, precision, scale int, round bool) (string, *problem) {
	number := string(trimmed(text))
	at := firstBad(number, ".")
	if at == len(number) && strings.Count(number, ".") > 1 {
		at = strings.LastIndexByte(number, '.')
	}
	if at < len(number) || strings.Trim(number, "+-.") == "" {
		return "", badDigit(string(text), at+strings.Index(string(text), number), "Decimal")
	}
	sign := ""
	if number[0] == '-' {
		sign = "-"
	}
	whole, fraction, _ := strings.Cut(strings.TrimLeft(number, "+-"), ".")
	whole, fraction = scaled(whole, fraction, scale, round)
	if len(whole) > precision-scale {
		return "", problemf(errRange, "Overflow for NUMERIC(%d,%d)", precision, scale)
	}
	if whole == "" {
		whole = "0"
	}
	return strings.TrimSuffix(sign+whole+"."+fraction, "."), nil
}

// scaled brings a fraction to a length; whole comes without leading zeros.
func scaled(whole, fraction string, scale int, round bool) (string, string) {
	up := round && len(fraction) > scale && fraction[scale] >= '5'
	if len(fraction) > scale {
		fraction = fraction[:scale]
	}
	fraction += strings.Repeat("0", scale-len(fraction))
	if up {
		digits := []byte("0" + whole + fraction)
		for i := len(digits) - 1; ; i-- {
			if digits[i] < '9' {
				digits[i]++
				break
			}
			digits[i] = '0'
		}
		whole, fraction = string(digits[:len(digits)-scale]), string(digits[len(digits)-scale:])
	}
	return strings.TrimLeft(whole, "0"), fraction
}

func floatConverter(o *options, bits int) converter {
	return func(v *Vector, text []byte) *problem {
		if empty(o, text) {
			return v.null()
		}
		number := string(trimmed(text))
		f, err := strconv.ParseFloat(number, bits)
		switch {
		case err == nil && !strings.ContainsAny(number, "xX_"):
			return v.integer(int64(math.Float64bits(f)))
		case errors.Is(err, strconv.ErrRange):
			return problemf(errRange, "Overflow for FLOAT%d", bits/8)
		}
		return problemf(errFloat, "Invalid digit, Value '%s', Pos 0, Type: Double", number[:min(1, len(number))])
	}
}
