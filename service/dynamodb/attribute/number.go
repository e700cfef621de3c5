package attribute

import (
	"math/big"
	"strconv"
	"strings"
)

const (
	maxDigits = 38
	// The exponents of the largest and the smallest number: 9.99…E+125 and 1E-130.
	maxExponent = 125
	minExponent = -130
)

// decimal is 0.d₁d₂d₃… × 10^(exponent+1): its digits begin and end with one that is not 0, and zero has none.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// canonical checks the text of a number and returns its spelling: plain digits, without zeros that say nothing.
func canonical(text string) (string, error) {
	d, ok := readDecimal(text)
	if !ok {
		return "", invalid("The parameter cannot be converted to a numeric value: %s", text)
	}
	return d.checked()
}

// checked returns the spelling of a number that DynamoDB can hold.
func (d decimal) checked() (string, error) {
	switch {
	case d.digits == "":
		return "0", nil
	case d.exponent > maxExponent:
		return "", invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
	case d.exponent < minExponent:
		return "", invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	case len(d.digits) > maxDigits:
		return "", invalid("Attempting to store more than 38 significant digits in a Number")
	}
	return d.String(), nil
}

func readDecimal(text string) (decimal, bool) {
	var d decimal
	mantissa, power := text, 0
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		var err error
		if power, err = strconv.Atoi(text[at+1:]); err != nil || power > 1e6 || power < -1e6 {
			return d, false
		}
		mantissa = text[:at]
	}
	if mantissa != "" && (mantissa[0] == '-' || mantissa[0] == '+') {
		d.negative = mantissa[0] == '-'
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return d, false
	}
	return d.with(digits, len(whole)-1+power), true
}

// with sets digits, of which the first stands for a power of ten.
func (d decimal) with(digits string, exponent int) decimal {
	significant := strings.TrimLeft(digits, "0")
	d.exponent = exponent - (len(digits) - len(significant))
	d.digits = strings.TrimRight(significant, "0")
	if d.digits == "" {
		return decimal{}
	}
	return d
}

// String spells the number without an exponent.
func (d decimal) String() string {
	if d.digits == "" {
		return "0"
	}
	sign := ""
	if d.negative {
		sign = "-"
	}
	whole := d.exponent + 1 // how many digits stand before the point
	switch {
	case whole <= 0:
		return sign + "0." + strings.Repeat("0", -whole) + d.digits
	case whole >= len(d.digits):
		return sign + d.digits + strings.Repeat("0", whole-len(d.digits))
	}
	return sign + d.digits[:whole] + "." + d.digits[whole:]
}

// integer returns the number times 10^scale, which must make it whole.
func (d decimal) integer(scale int) *big.Int {
	digits := d.digits + strings.Repeat("0", scale+d.exponent+1-len(d.digits))
	n, _ := new(big.Int).SetString("0"+digits, 10) // they are digits
	if d.negative {
		n.Neg(n)
	}
	return n
}

// decimals is how many digits stand behind the point.
func (d decimal) decimals() int { return max(0, len(d.digits)-d.exponent-1) }

// Add returns the sum of two numbers. The errors are those of numbers that DynamoDB cannot hold.
func (v Value) Add(w Value) (Value, error) { return v.combine(w, (*big.Int).Add) }

// Subtract returns the difference of two numbers.
func (v Value) Subtract(w Value) (Value, error) { return v.combine(w, (*big.Int).Sub) }

func (v Value) combine(w Value, operate func(z, x, y *big.Int) *big.Int) (Value, error) {
	a, _ := readDecimal(v.Text)
	b, _ := readDecimal(w.Text)
	scale := max(a.decimals(), b.decimals())
	n := operate(new(big.Int), a.integer(scale), b.integer(scale))
	digits := new(big.Int).Abs(n).String()
	text, err := decimal{negative: n.Sign() < 0}.with(digits, len(digits)-1-scale).checked()
	return Value{Kind: Number, Text: text}, err
}

// numberSize is about a byte for two digits, and one for the exponent.
func numberSize(text string) int {
	d, _ := readDecimal(text)
	size := 1 + (len(d.digits)+1)/2
	if d.negative {
		size++
	}
	return size
}
