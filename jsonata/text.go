package jsonata

import (
	"encoding/base64"
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// onText makes a function of one that turns a text into another; nothing gives nothing.
func onText(convert func(s string) (string, error)) func(c *call) (item, error) {
	return func(c *call) (item, error) {
		s, ok := str(c.arg(0))
		if !ok {
			return nil, nil
		}
		out, err := convert(s)
		if err != nil {
			return nil, err
		}
		return out, c.allocate(len(out))
	}
}

func lowercase(s string) (string, error) { return cases.Lower(language.Und).String(s), nil }

func uppercase(s string) (string, error) { return cases.Upper(language.Und).String(s), nil }

// trim makes one space of every run of white space and takes it off both ends.
func trim(s string) (string, error) {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' })
	return strings.Join(words, " "), nil
}

// base64encode encodes characters up to U+00FF as one byte each, as the reference does; of others the low byte is left.
func base64encode(s string) (string, error) {
	var bytes []byte
	for _, u := range units(s) {
		bytes = append(bytes, byte(u))
	}
	return base64.StdEncoding.EncodeToString(bytes), nil
}

func base64decode(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case r == '+' || r == '/' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, s)
	if len(s)%4 == 1 {
		s = s[:len(s)-1]
	}
	bytes, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return "", err
	}
	var out []rune
	for _, b := range bytes {
		out = append(out, rune(b))
	}
	return string(out), nil
}

func toString(c *call) (item, error) {
	x := c.arg(0)
	if x == nil {
		return nil, nil
	}
	pretty, _ := truth(c.arg(1))
	return c.print(x, pretty)
}

func textLength(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	return float64(utf8.RuneCountInString(s)), nil
}

// substring counts in characters; a negative start counts from the end.
func substring(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	chars := []rune(s)
	if err := c.allocate(4 * len(chars)); err != nil {
		return nil, err
	}
	size := float64(len(chars))
	start, _ := float(c.arg(1))
	if size+start < 0 {
		start = 0
	}
	end := size
	if n, ok := float(c.arg(2)); ok {
		if n <= 0 {
			return "", nil
		}
		end = start + n
		if start < 0 {
			end += size
		}
	}
	from, to := sliceIndex(start, size), sliceIndex(end, size)
	if from >= to {
		return "", nil
	}
	return string(chars[from:to]), nil
}

// sliceIndex is how JavaScript's slice reads an index: rounded towards zero, counted from the end when negative, kept within size.
func sliceIndex(f, size float64) int {
	f = math.Trunc(f)
	if f < 0 {
		f += size
	}
	return int(max(0, min(f, size)))
}

func substringBefore(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	if chars, ok := str(c.arg(1)); ok {
		s, _, _ = strings.Cut(s, chars)
	}
	return s, nil
}

func substringAfter(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	if chars, ok := str(c.arg(1)); ok {
		if _, after, found := strings.Cut(s, chars); found {
			return after, nil
		}
	}
	return s, nil
}

// pad fills up to a width: behind the text, or before it when the width is negative.
func pad(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	width, _ := float(c.arg(1))
	width = math.Trunc(width)
	filler, _ := str(c.arg(2))
	if filler == "" {
		filler = " "
	}
	missing := math.Abs(width) - float64(utf8.RuneCountInString(s))
	if !(missing > 0) {
		return s, nil
	}
	if err := c.allocate(int(min(missing*4, math.MaxInt32))); err != nil {
		return nil, err
	}
	chars := []rune(filler)
	padding := make([]rune, int(missing))
	for i := range padding {
		padding[i] = chars[i%len(chars)]
	}
	if width > 0 {
		return s + string(padding), nil
	}
	return string(padding) + s, nil
}

func join(c *call) (item, error) {
	x := c.arg(0)
	if x == nil {
		return nil, nil
	}
	separator, _ := str(c.arg(1))
	var out strings.Builder
	for i := range length(x) {
		if i > 0 {
			out.WriteString(separator)
		}
		s, _ := str(at(x, i))
		out.WriteString(s)
		if err := c.allocate(len(s) + len(separator)); err != nil {
			return nil, err
		}
	}
	return out.String(), nil
}
