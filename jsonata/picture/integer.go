package picture

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

type primary uint8

const (
	decimal primary = iota
	alphabetic
	roman
	worded
	sequence // any other numbering, which is not supported
)

type letterCase uint8

const (
	lower letterCase = iota
	upper
	title
)

// integerFormat is an analysed picture of an integer.
type integerFormat struct {
	primary    primary
	letters    letterCase
	ordinal    bool
	token      string
	zero       rune // of the digits' family
	mandatory  int
	optional   int
	groups     int // how many digits a group has when all are equal, 0 otherwise
	separators []separator
	parseWidth int // how many digits to read, 0 for any number
}

// separator stands before the last position digits.
type separator struct {
	position int
	char     rune
}

// zeros are the families of decimal digits.
var zeros = []rune{0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
	0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
	0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10}

// FormatInteger prints an integer by a picture: 001, #,##0, A, i, Ww, 1;o.
func FormatInteger(f float64, picture string) (string, error) {
	format, err := analyseInteger(picture)
	if err != nil {
		return "", err
	}
	return format.print(math.Floor(f))
}

// ParseInteger reads what FormatInteger prints; ok is false for a text that is no number in this form.
func ParseInteger(text, picture string) (f float64, ok bool, err error) {
	format, err := analyseInteger(picture)
	if err != nil {
		return 0, false, err
	}
	if format.primary == sequence {
		return 0, false, &Error{"D3130", format.token}
	}
	f, ok = format.parse(text)
	return f, ok, nil
}

func analyseInteger(picture string) (*integerFormat, error) {
	format := &integerFormat{zero: '0'}
	main, modifier := picture, ""
	if at := strings.LastIndexByte(picture, ';'); at >= 0 {
		main, modifier = picture[:at], picture[at+1:]
	}
	format.ordinal = strings.HasPrefix(modifier, "o")
	switch main {
	case "A", "a":
		format.primary = alphabetic
	case "I", "i":
		format.primary = roman
	case "W", "w", "Ww":
		format.primary = worded
	default:
		return format, format.digits(main)
	}
	switch {
	case main == "Ww":
		format.letters = title
	case main[0] < 'a':
		format.letters = upper
	}
	return format, nil
}

// digits analyses a decimal picture from its end.
func (f *integerFormat) digits(picture string) error {
	f.zero = 0
	position := 0
	chars := []rune(picture)
	for _, c := range slices.Backward(chars) {
		switch zero := family(c); {
		case zero != 0:
			if f.zero != 0 && f.zero != zero {
				return &Error{Code: "D3131"}
			}
			f.zero = zero
			f.mandatory++
			position++
		case c == '#':
			f.optional++
			position++
		default:
			f.separators = append(f.separators, separator{position, c})
		}
	}
	if f.mandatory == 0 {
		f.primary, f.token = sequence, picture
		return nil
	}
	f.groups = regular(f.separators)
	return nil
}

func family(c rune) rune {
	for _, zero := range zeros {
		if c >= zero && c <= zero+9 {
			return zero
		}
	}
	return 0
}

// regular returns the distance of separators that stand at every multiple of it, 0 otherwise.
func regular(separators []separator) int {
	positions := make([]int, len(separators))
	for i, s := range separators {
		if s.char != separators[0].char {
			return 0
		}
		positions[i] = s.position
	}
	return commonDistance(positions)
}

func commonDistance(positions []int) int {
	if len(positions) == 0 {
		return 0
	}
	distance := 0
	for _, p := range positions {
		for distance, p = p, distance; p != 0; distance, p = p, distance%p {
		}
	}
	for i := range positions {
		if distance == 0 || !slices.Contains(positions, (i+1)*distance) {
			return 0
		}
	}
	return distance
}

// longest is how far integers can be written in letters, numerals and words.
const longest = 1e9

func (f *integerFormat) print(n float64) (string, error) {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	if math.IsInf(n, 0) || math.IsNaN(n) || n > 1e15 && f.primary != decimal && f.primary != worded || n > longest && f.primary == roman {
		return "", &Error{Code: "D1001", Subject: strconv.FormatFloat(n, 'g', -1, 64)}
	}
	out := ""
	switch f.primary {
	case sequence:
		return "", &Error{"D3130", f.token}
	case alphabetic:
		out = toLetters(n)
	case roman:
		out = toRoman(n)
	case worded:
		out = toWords(n, f.ordinal)
		if f.letters == lower {
			out = strings.ToLower(out)
		}
	case decimal:
		out = f.toDigits(n)
	}
	if f.letters == upper {
		out = strings.ToUpper(out)
	}
	return sign + out, nil
}

func (f *integerFormat) toDigits(n float64) string {
	s := strconv.FormatFloat(n, 'f', -1, 64)
	if len(s) < f.mandatory {
		s = strings.Repeat("0", f.mandatory-len(s)) + s
	}
	digits := []rune(s)
	for i := range digits {
		digits[i] += f.zero - '0'
	}
	var out []rune
	for i, d := range digits {
		if c, ok := f.separatorBefore(len(digits) - i); ok && i > 0 {
			out = append(out, c)
		}
		out = append(out, d)
	}
	if f.ordinal {
		return string(out) + ordinalSuffix(digits)
	}
	return string(out)
}

// separatorBefore returns the separator that stands before the last n digits.
func (f *integerFormat) separatorBefore(n int) (rune, bool) {
	if f.groups > 0 {
		return f.separators[0].char, n%f.groups == 0
	}
	for _, s := range f.separators {
		if s.position == n {
			return s.char, true
		}
	}
	return 0, false
}

func ordinalSuffix(digits []rune) string {
	last := len(digits) - 1
	if last > 0 && digits[last-1] == '1' {
		return "th"
	}
	switch digits[last] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}

func (f *integerFormat) parse(text string) (float64, bool) {
	switch f.primary {
	case alphabetic:
		first := 'a'
		if f.letters == upper {
			first = 'A'
		}
		return fromLetters(text, first), true
	case roman:
		return fromRoman(strings.ToUpper(text))
	case worded:
		return fromWords(strings.ToLower(text))
	}
	if f.ordinal {
		text = text[:max(0, len(text)-2)]
	}
	digits := strings.Map(func(c rune) rune {
		if f.groups > 0 && c == ',' || f.groups == 0 && f.separates(c) {
			return -1
		}
		return c - f.zero + '0'
	}, text)
	return leadingInteger(digits)
}

func (f *integerFormat) separates(c rune) bool {
	return slices.ContainsFunc(f.separators, func(s separator) bool { return s.char == c })
}

// leadingInteger reads the digits that a text begins with, as JavaScript's parseInt does.
func leadingInteger(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	end := 0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		end = 1
	}
	begin := end
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	f, err := strconv.ParseFloat(s[:end], 64)
	return f, end > begin && err == nil
}
