package picture

import (
	"math"
	"strconv"
	"strings"
)

// symbols are the characters that a number picture is made of.
type symbols struct {
	decimal, grouping, exponent, minus, percent, perMille, pattern string
	digit                                                          string
	zero                                                           rune
}

// part is one analysed sub-picture.
type part struct {
	s                        *symbols
	text                     string
	prefix, suffix           string
	active                   string
	mantissa, exponent       string
	hasExponent              bool
	integer, fraction        string
	integerGroups            []int
	groups                   int
	fractionGroups           []int
	minInteger, scale        int
	minFraction, maxFraction int
	minExponent              int
}

// FormatNumber prints a number by a picture: #,##0.00, 00.0%, 0.0e0; a second picture behind a semicolon is for negative
// numbers. The options override the characters by the names of XPath's decimal formats.
func FormatNumber(f float64, picture string, options map[string]string) (string, error) {
	s := symbolsOf(options)
	subs := strings.Split(picture, s.pattern)
	if len(subs) > 2 {
		return "", &Error{Code: "D3080"}
	}
	parts := make([]*part, 0, 2)
	for _, sub := range subs {
		p := s.split(sub)
		if code := p.check(); code != "" {
			return "", &Error{Code: code}
		}
		p.analyse()
		parts = append(parts, p)
	}
	if len(parts) == 1 {
		negative := *parts[0]
		negative.prefix = s.minus + negative.prefix
		parts = append(parts, &negative)
	}
	if f < 0 {
		return parts[1].print(f), nil
	}
	return parts[0].print(f), nil
}

func symbolsOf(options map[string]string) *symbols {
	pick := func(name, standard string) string {
		if text, ok := options[name]; ok && text != "" {
			return text
		}
		return standard
	}
	return &symbols{
		decimal: pick("decimal-separator", "."), grouping: pick("grouping-separator", ","), exponent: pick("exponent-separator", "e"),
		minus: pick("minus-sign", "-"), percent: pick("percent", "%"), perMille: pick("per-mille", "‰"),
		pattern: pick("pattern-separator", ";"), digit: pick("digit", "#"), zero: []rune(pick("zero-digit", "0"))[0],
	}
}

func (s *symbols) isDigit(c rune) bool { return c >= s.zero && c < s.zero+10 }

func (s *symbols) isActive(c rune) bool {
	switch text := string(c); text {
	case s.decimal, s.exponent, s.grouping, s.digit, s.pattern:
		return true
	}
	return s.isDigit(c)
}

// split cuts a sub-picture into what stands around the number and the parts of the number.
func (s *symbols) split(text string) *part {
	p := &part{s: s, text: text}
	begins := func(c rune) bool { return s.isActive(c) && string(c) != s.exponent }
	if at := strings.IndexFunc(text, begins); at >= 0 {
		p.prefix = text[:at]
	}
	if at := strings.LastIndexFunc(text, begins); at >= 0 {
		p.suffix = text[at+len(string([]rune(text[at:])[0])):]
	}
	p.active = text[len(p.prefix) : len(text)-len(p.suffix)]
	p.mantissa = p.active
	if at := strings.Index(p.active, s.exponent); at >= 0 {
		p.hasExponent = true
		p.mantissa, p.exponent = p.active[:at], p.active[at+len(s.exponent):]
	}
	integer, fraction, found := strings.Cut(p.mantissa, s.decimal)
	p.integer, p.fraction = integer, fraction
	if !found {
		p.fraction = p.suffix
	}
	return p
}

// check returns the code of the last rule of XPath F&O 4.7.3 that the sub-picture breaks.
func (p *part) check() (code string) {
	s := p.s
	rule := func(broken bool, name string) {
		if broken {
			code = name
		}
	}
	percent, perMille := strings.Count(p.text, s.percent), strings.Count(p.text, s.perMille)
	rule(strings.Count(p.text, s.decimal) > 1, "D3081")
	rule(percent > 1, "D3082")
	rule(perMille > 1, "D3083")
	rule(percent > 0 && perMille > 0, "D3084")
	rule(!strings.ContainsFunc(p.mantissa, p.counts), "D3085")
	rule(strings.ContainsFunc(p.active, func(c rune) bool { return !s.isActive(c) }), "D3086")
	if strings.Contains(p.text, s.decimal) {
		rule(strings.Contains(p.text, s.grouping+s.decimal) || strings.Contains(p.text, s.decimal+s.grouping), "D3087")
	} else {
		rule(strings.HasSuffix(p.integer, s.grouping), "D3088")
	}
	rule(strings.Contains(p.text, s.grouping+s.grouping), "D3089")
	if at := strings.Index(p.integer, s.digit); at >= 0 {
		rule(strings.ContainsFunc(p.integer[:at], s.isDigit), "D3090")
	}
	if at := strings.LastIndex(p.fraction, s.digit); at >= 0 {
		rule(strings.ContainsFunc(p.fraction[at:], s.isDigit), "D3091")
	}
	rule(p.exponent != "" && (percent > 0 || perMille > 0), "D3092")
	rule(p.hasExponent && (p.exponent == "" || strings.ContainsFunc(p.exponent, func(c rune) bool { return !s.isDigit(c) })), "D3093")
	return code
}

// counts reports whether a character of the picture stands for a digit.
func (p *part) counts(c rune) bool { return p.s.isDigit(c) || string(c) == p.s.digit }

func countFunc(text string, is func(rune) bool) int {
	n := 0
	for _, c := range text {
		if is(c) {
			n++
		}
	}
	return n
}

// analyse reads sizes and groups from a valid sub-picture: XPath F&O 4.7.4.
func (p *part) analyse() {
	s := p.s
	p.integerGroups = p.groupings(p.integer, false)
	p.groups = commonDistance(p.integerGroups)
	p.fractionGroups = p.groupings(p.fraction, true)
	p.minInteger = countFunc(p.integer, s.isDigit)
	p.scale = p.minInteger
	p.minFraction = countFunc(p.fraction, s.isDigit)
	p.maxFraction = countFunc(p.fraction, p.counts)
	if p.minInteger == 0 && p.maxFraction == 0 {
		if p.hasExponent {
			p.minFraction, p.maxFraction = 1, 1
		} else {
			p.minInteger = 1
		}
	}
	if p.hasExponent && p.minInteger == 0 && strings.Contains(p.integer, s.digit) {
		p.minInteger = 1
	}
	if p.minInteger == 0 && p.minFraction == 0 {
		p.minFraction = 1
	}
	p.minExponent = countFunc(p.exponent, s.isDigit)
}

// groupings returns how many digits stand on the far side of every separator.
func (p *part) groupings(text string, fraction bool) []int {
	var out []int
	for at := 0; ; {
		next := strings.Index(text[at:], p.s.grouping)
		if next < 0 {
			return out
		}
		at += next
		side := text[at:]
		if fraction {
			side = text[:at]
		}
		out = append(out, countFunc(side, p.counts))
		at += len(p.s.grouping)
	}
}

func (p *part) print(f float64) string {
	s := p.s
	switch {
	case strings.Contains(p.text, s.percent):
		f *= 100
	case strings.Contains(p.text, s.perMille):
		f *= 1000
	}
	exponent := 0
	if p.minExponent > 0 {
		f, exponent = p.normalise(f)
	}
	text := strconv.FormatFloat(math.Abs(Round(f, p.maxFraction)), 'f', p.maxFraction, 64)
	integer, fraction, _ := strings.Cut(text, ".")
	integer = strings.TrimLeft(integer, "0")
	fraction = strings.TrimRight(fraction, "0")
	integer = strings.Repeat("0", max(0, p.minInteger-len(integer))) + integer
	fraction += strings.Repeat("0", max(0, p.minFraction-len(fraction)))
	out := p.prefix + p.groupInteger(integer)
	if fraction != "" && strings.Contains(p.text, s.decimal) {
		out += s.decimal + p.groupFraction(fraction)
	}
	if p.minExponent > 0 {
		digits := strconv.Itoa(max(exponent, -exponent))
		out += s.exponent
		if exponent < 0 {
			out += s.minus
		}
		out += s.localize(strings.Repeat("0", max(0, p.minExponent-len(digits))) + digits)
	}
	return out + p.suffix
}

// normalise brings the mantissa to as many integer digits as the picture has.
func (p *part) normalise(f float64) (mantissa float64, exponent int) {
	most, least := math.Pow10(p.scale), math.Pow10(p.scale-1)
	if f == 0 || math.IsInf(f, 0) || math.IsNaN(f) {
		return f, 0
	}
	for math.Abs(f) < least {
		f *= 10
		exponent--
	}
	for math.Abs(f) > most {
		f /= 10
		exponent++
	}
	return f, exponent
}

func (s *symbols) localize(digits string) string {
	return strings.Map(func(c rune) rune { return c - '0' + s.zero }, digits)
}

func (p *part) groupInteger(digits string) string {
	var out strings.Builder
	for i := range len(digits) {
		if left := len(digits) - i; i > 0 && p.separates(left) {
			out.WriteString(p.s.grouping)
		}
		out.WriteString(p.s.localize(digits[i : i+1]))
	}
	return out.String()
}

func (p *part) separates(left int) bool {
	if p.groups > 0 {
		return left%p.groups == 0
	}
	for _, n := range p.integerGroups {
		if n == left {
			return true
		}
	}
	return false
}

func (p *part) groupFraction(digits string) string {
	var out strings.Builder
	for i := range len(digits) {
		for _, n := range p.fractionGroups {
			if n == i {
				out.WriteString(p.s.grouping)
			}
		}
		out.WriteString(p.s.localize(digits[i : i+1]))
	}
	return out.String()
}
