package jsonata

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/jsonata/picture"
)

// onNumber makes a function of one that turns a number into another; nothing gives nothing.
func onNumber(compute func(f float64) (float64, error)) func(c *call) (item, error) {
	return func(c *call) (item, error) {
		f, ok := float(c.arg(0))
		if !ok {
			return nil, nil
		}
		return compute(f)
	}
}

func floor(f float64) (float64, error) { return math.Floor(f), nil }
func ceil(f float64) (float64, error)  { return math.Ceil(f), nil }
func abs(f float64) (float64, error)   { return math.Abs(f), nil }

func sqrt(f float64) (float64, error) {
	if f < 0 {
		return 0, failWith("D3060", f)
	}
	return math.Sqrt(f), nil
}

func power(c *call) (item, error) {
	base, ok := float(c.arg(0))
	if !ok {
		return nil, nil
	}
	exponent, ok := float(c.arg(1))
	if !ok {
		exponent = math.NaN()
	}
	f := math.Pow(base, exponent)
	if math.IsNaN(exponent) { // Go's 1 to the power of no number is 1
		f = exponent
	}
	if math.IsInf(f, 0) || math.IsNaN(f) {
		err := failWith("D3061", base)
		err.Value2 = describe(exponent)
		return nil, err
	}
	return f, nil
}

func round(c *call) (item, error) {
	f, ok := float(c.arg(0))
	if !ok {
		return nil, nil
	}
	digits, _ := float(c.arg(1))
	return picture.Round(f, int(max(-400, min(400, digits)))), nil
}

func sum(c *call) (item, error) {
	x := c.arg(0)
	if x == nil {
		return nil, nil
	}
	total := 0.0
	n := length(x)
	for i := range n {
		f, _ := float(at(x, i))
		total += f
	}
	return total, c.spend(n)
}

func average(c *call) (item, error) {
	x := c.arg(0)
	if x == nil || length(x) == 0 {
		return nil, nil
	}
	total, err := sum(c)
	if err != nil {
		return nil, err
	}
	return total.(float64) / float64(length(x)), nil
}

// extreme makes $max of 1 and $min of -1.
func extreme(sign float64) func(c *call) (item, error) {
	return func(c *call) (item, error) {
		x := c.arg(0)
		if x == nil || length(x) == 0 {
			return nil, nil
		}
		best := math.Inf(-1)
		for i := range length(x) {
			f, _ := float(at(x, i))
			best = math.Max(best, sign*f)
		}
		return sign * best, c.spend(length(x))
	}
}

// toNumber casts: decimal as JSON has it, hexadecimal, octal and binary with their prefix, booleans.
func toNumber(c *call) (item, error) {
	x := c.arg(0)
	switch kindOf(x) {
	case missing:
		return nil, nil
	case number:
		return x, nil
	case boolean:
		if b, _ := truth(x); b {
			return 1.0, nil
		}
		return 0.0, nil
	}
	s, _ := str(x)
	if f, ok := parseNumber(s); ok {
		return f, nil
	}
	return nil, failWith("D3030", x)
}

func parseNumber(s string) (float64, bool) {
	if len(s) > 2 && s[0] == '0' && strings.IndexByte("xXoObB", s[1]) >= 0 {
		n, ok := new(big.Int).SetString(s, 0)
		if !ok || strings.Contains(s, "_") {
			return 0, false
		}
		f, _ := new(big.Float).SetInt(n).Float64()
		return f, true
	}
	if !isDecimal(s) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// isDecimal checks for digits with an optional sign, fraction and exponent.
func isDecimal(s string) bool {
	digits := func() bool {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n > 0
	}
	s = strings.TrimPrefix(s, "-")
	if !digits() {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "."); ok {
		if s = rest; !digits() {
			return false
		}
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		if s = s[1:]; s != "" && (s[0] == '+' || s[0] == '-') {
			s = s[1:]
		}
		return digits() && s == ""
	}
	return s == ""
}

func random(c *call) (item, error) { return c.random(), nil }

func formatBase(c *call) (item, error) {
	f, ok := float(c.arg(0))
	if !ok {
		return nil, nil
	}
	radix, ok := float(c.arg(1))
	if !ok {
		radix = 10
	}
	radix = picture.Round(radix, 0)
	if radix < 2 || radix > 36 {
		return nil, failWith("D3100", radix)
	}
	f = picture.Round(f, 0)
	if radix == 10 {
		return spell(f), nil
	}
	n, _ := big.NewFloat(f).Int(nil)
	return n.Text(int(radix)), nil
}

func formatInteger(c *call) (item, error) {
	f, ok := float(c.arg(0))
	if !ok {
		return nil, nil
	}
	pattern, _, err := c.picture(1, "")
	if err != nil {
		return nil, err
	}
	s, err := picture.FormatInteger(f, pattern)
	return pictured(c, s, err)
}

func parseInteger(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	pattern, _, err := c.picture(1, s)
	if err != nil {
		return nil, err
	}
	f, ok, err := picture.ParseInteger(s, pattern)
	if err != nil || !ok {
		return nil, coded(err)
	}
	return f, nil
}

func formatNumber(c *call) (item, error) {
	f, ok := float(c.arg(0))
	if !ok {
		return nil, nil
	}
	pattern, _, err := c.picture(1, "")
	if err != nil {
		return nil, err
	}
	options := map[string]string{}
	if x := c.arg(2); x != nil {
		for _, m := range members(x) {
			options[m.key], _ = str(m.value)
		}
	}
	s, err := picture.FormatNumber(f, pattern, options)
	return pictured(c, s, err)
}

// maxPicture is how long a picture may be, in bytes: its cost grows with the square.
const maxPicture = 1000

// picture reads an argument that is a picture and counts what it costs to read a text by it.
func (c *call) picture(i int, text string) (pattern string, given bool, err error) {
	pattern, given = str(c.arg(i))
	if len(pattern) > maxPicture {
		return "", given, &Error{Code: LimitReached, Position: -1, Message: "The picture is longer than 1000 bytes"}
	}
	return pattern, given, c.spend(len(pattern) * (1 + len(text)/4))
}

// pictured returns a text that a picture has given.
func pictured(c *call, s string, err error) (item, error) {
	if err != nil {
		return nil, coded(err)
	}
	return s, c.allocate(len(s))
}

// coded makes an error of this package of one about a picture.
func coded(err error) error {
	var e *picture.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Subject == "" {
		return fail(e.Code)
	}
	return failWith(e.Code, e.Subject)
}
