package jsonata

import (
	"math"
	"strconv"
	"strings"
)

// matches gives the matches in a text one by one, nil behind the last.
type matches func() (*found, error)

// matchesOf asks a regular expression, or any function that keeps to the same protocol.
func (c *call) matchesOf(f *function, s string) matches {
	if f.pattern != nil {
		search := f.pattern.search(s)
		return func() (*found, error) { return search.next(c.evaluation) }
	}
	args := []item{s}
	return func() (*found, error) {
		if f == nil {
			return nil, nil
		}
		x, err := c.apply(f, args, nil, c.env)
		if err != nil || x == nil {
			return nil, err
		}
		hit, next, err := foundIn(x)
		f, args = next, nil
		return hit, err
	}
}

// foundIn reads the object that a matcher function gives.
func foundIn(x item) (*found, *function, error) {
	start, hasStart := float(get(x, "start"))
	end, hasEnd := float(get(x, "end"))
	groups := get(x, "groups")
	next, hasNext := get(x, "next").(*function)
	if kindOf(x) != object || !hasStart && !hasEnd && !isArray(groups) && !hasNext {
		return nil, nil, fail("T1010")
	}
	f := &found{start: int(start), end: int(end)}
	f.match, _ = str(get(x, "match"))
	for i := range length(groups) {
		f.groups = append(f.groups, at(groups, i))
	}
	return f, next, nil
}

// upTo calls visit for as many matches as the limit allows. It reports whether there were no more before that.
func (next matches) upTo(limit float64, visit func(hit *found) error) (ended bool, err error) {
	for n := 0.0; n < limit; n++ {
		hit, err := next()
		if err != nil || hit == nil {
			return true, err
		}
		if err := visit(hit); err != nil {
			return false, err
		}
	}
	return false, nil
}

// limit reads the argument that says how often; without one it is endless. A negative one is an error.
func (c *call) limit(i int, code string) (float64, error) {
	n, ok := float(c.arg(i))
	if !ok {
		return math.Inf(1), nil
	}
	if n < 0 {
		return 0, failWith(code, n)
	}
	return n, nil
}

func match(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	limit, err := c.limit(2, "D3040")
	if err != nil {
		return nil, err
	}
	f, _ := c.arg(1).(*function)
	out := sequenceOf()
	_, err = c.matchesOf(f, s).upTo(limit, func(hit *found) error {
		return c.push(out, &record{members: []member{
			{"match", hit.match}, {"index", float64(hit.start)}, {"groups", &list{items: hit.groups}},
		}})
	})
	return out, err
}

func contains(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok || c.arg(1) == nil {
		return nil, nil
	}
	if token, ok := str(c.arg(1)); ok {
		return strings.Contains(s, token), nil
	}
	f, _ := c.arg(1).(*function)
	hit, err := c.matchesOf(f, s)()
	return hit != nil, err
}

func split(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	limit, err := c.limit(2, "D3020")
	if err != nil {
		return nil, err
	}
	out := &list{}
	if limit == 0 {
		return out, nil
	}
	if f, ok := c.arg(1).(*function); ok {
		return out, c.splitBy(out, c.matchesOf(f, s), s, limit)
	}
	if err := c.allocate(len(s)); err != nil {
		return nil, err
	}
	separator, given := str(c.arg(1))
	parts := []string{s}
	if given {
		parts = strings.Split(s, separator)
	}
	for i, part := range parts {
		if i >= int(min(limit, math.MaxInt32)) {
			break
		}
		if err := c.push(out, part); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *call) splitBy(out *list, next matches, s string, limit float64) error {
	given, start := newUnitText(s), 0
	ended, err := next.upTo(limit, func(hit *found) error {
		from := start
		start = hit.end
		return c.push(out, given.slice(from, hit.start))
	})
	if ended && err == nil {
		err = c.push(out, given.from(start))
	}
	return err
}

func replace(c *call) (item, error) {
	s, ok := str(c.arg(0))
	if !ok {
		return nil, nil
	}
	if c.arg(1) == nil {
		return nil, missingArgument(2)
	}
	old, literal := str(c.arg(1))
	if literal && old == "" {
		return nil, fail("D3010")
	}
	limit, err := c.limit(3, "D3011")
	if err != nil {
		return nil, err
	}
	if f, ok := c.arg(1).(*function); ok {
		return c.replaceBy(c.matchesOf(f, s), s, limit)
	}
	with, given := str(c.arg(2))
	if !given && strings.Contains(s, old) {
		return nil, missingArgument(3)
	}
	n := -1
	if !math.IsInf(limit, 0) {
		n = int(math.Ceil(min(limit, math.MaxInt32)))
	}
	out := strings.Replace(s, old, with, n)
	return out, c.allocate(len(out))
}

func missingArgument(index int) error { return &Error{Code: "T0410", Position: -1, Index: index} }

func (c *call) replaceBy(next matches, s string, limit float64) (item, error) {
	given, position := newUnitText(s), 0
	var out strings.Builder
	_, err := next.upTo(limit, func(hit *found) error {
		with, err := c.replacement(hit)
		if err != nil {
			return err
		}
		before := given.slice(position, hit.start)
		out.WriteString(before)
		out.WriteString(with)
		position = hit.start + len(units(hit.match))
		return c.allocate(len(before) + len(with))
	})
	if err != nil {
		return nil, err
	}
	out.WriteString(given.from(position))
	return out.String(), c.allocate(len(s))
}

// replacement returns what stands in for a match: a text with $0, $1 and so on, or what a function makes of the match.
func (c *call) replacement(hit *found) (string, error) {
	if text, ok := str(c.arg(2)); ok {
		return substitute(text, hit), nil
	}
	f, ok := c.arg(2).(*function)
	if !ok {
		return "", missingArgument(3)
	}
	given := &record{members: []member{{"match", hit.match}, {"start", float64(hit.start)}, {"end", float64(hit.end)},
		{"groups", &list{items: hit.groups}}}}
	x, err := c.apply(f, []item{given}, nil, c.env)
	if err != nil {
		return "", err
	}
	text, ok := str(x)
	if !ok {
		return "", failWith("D3012", x)
	}
	return text, nil
}

func substitute(text string, hit *found) string {
	var out strings.Builder
	for {
		before, after, ok := strings.Cut(text, "$")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		switch {
		case strings.HasPrefix(after, "$"):
			out.WriteByte('$')
			text = after[1:]
		case strings.HasPrefix(after, "0"):
			out.WriteString(hit.match)
			text = after[1:]
		default:
			text = after[hit.group(&out, after):]
		}
	}
}

// group writes the group that the digits at the start of text name, and returns how many digits it took. As many digits are
// read as the number of groups has, one fewer when there is no group of that number.
func (f *found) group(out *strings.Builder, text string) int {
	most := len(strconv.Itoa(max(1, len(f.groups))))
	digits := 0
	for digits < most && digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	if digits == 0 {
		out.WriteByte('$')
		return 0
	}
	n, _ := strconv.Atoi(text[:digits])
	if most > 1 && digits == most && n > len(f.groups) {
		digits--
		n, _ = strconv.Atoi(text[:digits])
	}
	if n > 0 && n <= len(f.groups) {
		s, _ := str(f.groups[n-1])
		out.WriteString(s)
	}
	return digits
}
