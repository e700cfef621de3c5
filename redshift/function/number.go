package function

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// numberFormat is a parsed format of TO_CHAR and TO_NUMBER for numbers.
type numberFormat struct {
	// integer and fraction hold 9, 0 and group separators in order.
	integer, fraction string
	fill              bool
	point             bool
	currency          bool
	// sign is S or MI or PL or PR or SG, signLast says that it stands at the end.
	sign     string
	signLast bool
	exponent bool
	// ordinal is th or TH, or empty.
	ordinal string
}

func parseNumberFormat(format string) numberFormat {
	f := numberFormat{fill: true}
	for rest := strings.ToUpper(format); rest != ""; {
		n := 1
		switch {
		case strings.HasPrefix(rest, "FM"):
			f.fill, n = false, 2
		case strings.HasPrefix(rest, "EEEE"):
			f.exponent, n = true, 4
		case strings.HasPrefix(rest, "TH"):
			f.ordinal, n = format[len(format)-len(rest):][:2], 2
		case strings.HasPrefix(rest, "MI"), strings.HasPrefix(rest, "PL"), strings.HasPrefix(rest, "PR"), strings.HasPrefix(rest, "SG"):
			f.sign, n = rest[:2], 2
			f.signLast = f.integer+f.fraction != ""
		case rest[0] == 'S':
			f.sign, f.signLast = "S", f.integer+f.fraction != ""
		case rest[0] == 'L' || rest[0] == '$':
			f.currency = true
		case rest[0] == '.' || rest[0] == 'D':
			f.point = true
		case strings.IndexByte("90,G", rest[0]) >= 0 && f.point:
			f.fraction += rest[:1]
		case strings.IndexByte("90,G ", rest[0]) >= 0:
			f.integer += strings.Replace(rest[:1], "G", ",", 1)
		}
		rest = rest[n:]
	}
	return f
}

// FormatNumber is TO_CHAR of a number, whose value is given as text to keep all digits.
func FormatNumber(value, format string) (string, error) {
	number, ok := new(big.Rat).SetString(strings.TrimSpace(value))
	if !ok {
		return "", fault.Invalidf("invalid input syntax for type numeric: %q", value).WithCode("22P02")
	}
	if roman, ok := romanNumber(number, format); ok {
		return roman, nil
	}
	f := parseNumberFormat(format)
	negative := number.Sign() < 0
	fixed := number.Abs(number).FloatString(len(f.fraction))
	whole, fraction, _ := strings.Cut(fixed, ".")
	negative = negative && strings.Trim(fixed, "0.") != ""
	text, overflow := f.whole(whole)
	if overflow {
		return strings.Repeat("#", len(f.integer)+len(f.fraction)+1), nil
	}
	if f.point {
		text += "." + f.decimals(fraction)
	}
	text = f.signed(text, negative)
	switch f.ordinal {
	case "":
		return text, nil
	case "TH":
		return text + strings.ToUpper(ordinal(whole)), nil
	}
	return text + ordinal(whole), nil
}

// whole fills the digits before the point into their places, from the right.
func (f numberFormat) whole(digits string) (string, bool) {
	digits = strings.TrimLeft(digits, "0")
	places := strings.Count(f.integer, "9") + strings.Count(f.integer, "0")
	if len(digits) > places {
		return "", true
	}
	firstZero := strings.IndexByte(f.integer, '0')
	out := make([]byte, len(f.integer))
	next := len(digits) - 1
	for i := len(f.integer) - 1; i >= 0; i-- {
		zero := firstZero >= 0 && i >= firstZero
		switch c := f.integer[i]; {
		case c == ',' && (next >= 0 || zero):
			out[i] = ','
		case c != ',' && c != ' ' && next >= 0:
			out[i] = digits[next]
			next--
		case c != ',' && c != ' ' && zero:
			out[i] = '0'
		default:
			out[i] = ' '
		}
	}
	text := string(out)
	if !f.fill {
		text = strings.TrimLeft(text, " ")
	}
	if digits == "" && firstZero < 0 && !f.point && len(text) > 0 {
		text = text[:len(text)-1] + "0"
	}
	return text, false
}

// decimals drops the zeros at the end that the format does not ask for, when it does not fill.
func (f numberFormat) decimals(fraction string) string {
	if f.fill {
		return fraction
	}
	last := strings.LastIndexByte(f.fraction, '0') + 1
	for len(fraction) > last && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	return fraction
}

// signed puts sign and currency in front of the first digit, or the sign where the format has it.
func (f numberFormat) signed(text string, negative bool) string {
	body := strings.TrimLeft(text, " ")
	blanks := text[:len(text)-len(body)]
	if f.currency {
		body = "$" + body
	}
	plus := " "
	if f.sign == "S" || f.sign == "SG" {
		plus = "+"
	}
	mark := plus
	if negative {
		mark = "-"
	}
	switch {
	case f.sign == "PR" && negative:
		return blanks + "<" + body + ">"
	case f.sign == "PR":
		return f.trim(blanks + " " + body + " ")
	case f.sign == "PL":
		return f.trim(blanks + body + map[bool]string{true: " ", false: "+"}[negative])
	case f.sign != "" && f.signLast:
		return f.trim(blanks + body + mark)
	}
	if f.currency && f.sign == "" {
		return f.trim(mark + "$" + blanks + body[1:])
	}
	return f.trim(blanks + mark + body)
}

func (f numberFormat) trim(text string) string {
	if f.fill {
		return text
	}
	return strings.Trim(text, " ")
}

// ReadNumber is TO_NUMBER: it takes digits, point and sign out of a text and keeps as many decimals as the format has.
func ReadNumber(text, format string) (string, error) {
	f := parseNumberFormat(format)
	var b strings.Builder
	negative := strings.Contains(text, "-") || strings.Contains(text, "<")
	for _, c := range text {
		if c >= '0' && c <= '9' || c == '.' {
			b.WriteRune(c)
		}
	}
	number, ok := new(big.Rat).SetString(b.String())
	if !ok {
		return "", fault.Invalidf("invalid input syntax for type numeric: %q", text).WithCode("22P02")
	}
	if negative {
		number.Neg(number)
	}
	return number.FloatString(len(f.fraction)), nil
}

// FormatFloat prints a float8 as Redshift does: 15 digits, and an exponent only when it must.
func FormatFloat(v float64) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 0):
		return strings.TrimPrefix(strconv.FormatFloat(v, 'g', -1, 64), "+") + "inity"
	}
	text := strconv.FormatFloat(v, 'g', 15, 64)
	mantissa, exponent, found := strings.Cut(text, "e")
	if !found {
		return text
	}
	if n, err := strconv.Atoi(exponent); err == nil && n > 0 && n < 15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return mantissa + "e" + exponent
}

// overpunched holds the digits that carry a sign in COBOL's texts: the index modulo 10 is the digit, the second ten are negative.
const overpunched = "{ABCDEFGHI}JKLMNOPQR"

// ReadAltNumber is the number behind TEXT_TO_INT_ALT and TEXT_TO_NUMERIC_ALT: digits with a sign at either end, a currency
// before them, an exponent, and a last digit that carries the sign.
func ReadAltNumber(text string) (*big.Rat, error) {
	body := strings.TrimLeft(strings.TrimSpace(strings.ReplaceAll(text, ",", "")), "$USDEURGBP ")
	negative := strings.HasSuffix(body, "-") || strings.HasPrefix(body, "(")
	body = strings.Trim(body, "()")
	body = strings.TrimRight(body, "+-")
	if body == "" {
		return nil, fault.Invalidf("invalid input syntax for a number: %q", text).WithCode("22P02")
	}
	if i := strings.IndexByte(overpunched, body[len(body)-1]); i >= 0 {
		body = body[:len(body)-1] + strconv.Itoa(i%10)
		negative = negative || i >= 10
	}
	number, ok := new(big.Rat).SetString(body)
	if !ok {
		return nil, fault.Invalidf("invalid input syntax for a number: %q", text).WithCode("22P02")
	}
	if negative {
		number.Neg(number)
	}
	return number, nil
}
