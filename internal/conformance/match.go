package conformance

import (
	"fmt"
	"regexp"
	"sort"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// placeholder is a text in the recording that stands for something the recording machine made up.
type placeholder struct {
	text      string
	literals  []string
	patterns  []*regexp.Regexp
	dynamic   bool
	ambiguous bool
	whole     bool
}

func placeholders(list value.Value) []placeholder {
	var out []placeholder
	for _, item := range list.Items() {
		field := func(name string) value.Value { v, _ := item.Get(name); return v }
		p := placeholder{
			text: field("text").Str(), literals: texts(field("literals")), dynamic: field("dynamic").Truth(),
			ambiguous: field("ambiguous").Truth(), whole: field("whole").Truth(),
		}
		for _, pattern := range texts(field("patterns")) {
			expression, err := regexp.Compile("^(?:" + pattern + ")")
			if err != nil { // Python's syntax is larger than ours: take anything
				p.dynamic, p.ambiguous = true, true
				continue
			}
			expression.Longest()
			p.patterns = append(p.patterns, expression)
		}
		out = append(out, p)
	}
	sort.SliceStable(out, func(i, j int) bool { return len(out[i].text) > len(out[j].text) })
	return out
}

// isoTime is the form of times that the recordings print as "date" (README, rule 3).
var isoTime = regexp.MustCompile(`[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-][01]\d:?(?:[0-5]\d)?)`)

var (
	anything = set("date", "datetime", "RequestId", "X-Amzn-Trace-Id", "x-amz-crc32", "x-amzn-RequestId", "x-amzn-requestid")
	ignored  = set("ResponseMetadata", "billingDetails")
	newer    = set("redriveCount", "redriveStatus", "redriveStatusReason", "redriveDate", "RedriveCount", "RedriveStatus",
		"RedriveStatusReason", "encryptionConfiguration")
)

func set(names ...string) map[string]bool {
	out := map[string]bool{}
	for _, name := range names {
		out[name] = true
	}
	return out
}

// Matcher compares values of one case. What the recorded machine made up is bound where it first appears and must be the
// same from then on.
type Matcher struct {
	placeholders []placeholder
	bound        map[string]string
}

// NewMatcher returns a matcher with nothing bound.
func (c *Case) NewMatcher() *Matcher {
	return &Matcher{placeholders: c.placeholders, bound: map[string]string{}}
}

// Diff returns the differences between a recorded and an actual value, each with its path.
func (m *Matcher) Diff(path string, want, got value.Value) []string {
	d := differ{matcher: m}
	d.value(path, "", want, got)
	return d.found
}

type differ struct {
	matcher *Matcher
	found   []string
}

func (d *differ) add(path, format string, args ...any) {
	d.found = append(d.found, path+": "+fmt.Sprintf(format, args...))
}

func short(v value.Value) string {
	if text := v.Compact(); len(text) <= 200 {
		return text
	} else {
		return text[:200] + "…"
	}
}

func (d *differ) value(path, key string, want, got value.Value) {
	if got.Kind() == value.String && want.Kind() != value.String {
		parsed, err := value.Parse(got.Str())
		if err != nil {
			d.add(path, "expected %s, got the string %s", short(want), short(got))
			return
		}
		got = parsed
	}
	switch want.Kind() {
	case value.Object:
		d.object(path, want, got)
	case value.Array:
		d.array(path, key, want, got)
	case value.String:
		if !d.matcher.text(key, want.Str(), got) {
			d.add(path, "expected %s, got %s", short(want), short(got))
		}
	default:
		if !want.Equal(got) {
			d.add(path, "expected %s, got %s", short(want), short(got))
		}
	}
}

func (d *differ) object(path string, want, got value.Value) {
	if got.Kind() != value.Object {
		d.add(path, "expected %s, got %s", short(want), short(got))
		return
	}
	for _, member := range want.Members() {
		if ignored[member.Key] {
			continue
		}
		actual, ok := got.Get(member.Key)
		if !ok {
			d.add(path+"."+member.Key, "missing, expected %s", short(member.Value))
			continue
		}
		d.value(path+"."+member.Key, member.Key, member.Value, actual)
	}
	for _, member := range got.Members() {
		if _, ok := want.Get(member.Key); !ok && !ignored[member.Key] && !newer[member.Key] {
			d.add(path+"."+member.Key, "unexpected %s", short(member.Value))
		}
	}
}

func (d *differ) array(path, key string, want, got value.Value) {
	if got.Kind() != value.Array || want.Len() != got.Len() {
		d.add(path, "expected %s, got %s", short(want), short(got))
		return
	}
	for i, item := range want.Items() {
		d.value(fmt.Sprintf("%s[%d]", path, i), key, item, got.Items()[i])
	}
}

func isTimeKey(key string) bool {
	return strings.Contains(strings.ToLower(key), "timestamp") || key == "creationTime" || key == "ingestionTime"
}

func (m *Matcher) text(key, want string, got value.Value) bool {
	if anything[want] || m.whole(want) || want == "timestamp" && isTimeKey(key) {
		return true
	}
	if got.Kind() != value.String {
		return false
	}
	if want == got.Str() {
		return true
	}
	parts := m.split(want)
	for _, actual := range []string{got.Str(), isoTime.ReplaceAllString(got.Str(), "date")} {
		if actual == want {
			return true
		}
		fresh := map[string]string{}
		if m.match(parts, actual, fresh) {
			for name, text := range fresh {
				m.bound[name] = text
			}
			return true
		}
	}
	return false
}

func (m *Matcher) whole(want string) bool {
	for i := range m.placeholders {
		if m.placeholders[i].whole && m.placeholders[i].text == want {
			return true
		}
	}
	return false
}

type part struct {
	literal     string
	placeholder *placeholder
}

func (m *Matcher) split(text string) []part {
	var out []part
	from := 0
	for at := 0; at < len(text); {
		p := m.placeholderAt(text[at:])
		if p == nil {
			at++
			continue
		}
		out = append(out, part{literal: text[from:at]}, part{placeholder: p})
		at += len(p.text)
		from = at
	}
	return append(out, part{literal: text[from:]})
}

func (m *Matcher) placeholderAt(text string) *placeholder {
	for i := range m.placeholders {
		p := &m.placeholders[i]
		onlyWhole := p.whole && len(p.literals) == 0 && len(p.patterns) == 0 && !p.dynamic
		if p.text != "" && !onlyWhole && strings.HasPrefix(text, p.text) {
			return p
		}
	}
	return nil
}

// match tries the parts from left to right and goes back where a choice does not work out.
func (m *Matcher) match(parts []part, got string, fresh map[string]string) bool {
	if len(parts) == 0 {
		return got == ""
	}
	p, rest := parts[0].placeholder, parts[1:]
	if p == nil {
		after, ok := strings.CutPrefix(got, parts[0].literal)
		return ok && m.match(rest, after, fresh)
	}
	for _, literal := range append([]string{p.text}, p.literals...) {
		if after, ok := strings.CutPrefix(got, literal); ok && m.match(rest, after, fresh) {
			return true
		}
	}
	for _, pattern := range p.patterns {
		if at := pattern.FindStringIndex(got); at != nil && m.match(rest, got[at[1]:], fresh) {
			return true
		}
	}
	return p.dynamic && m.matchDynamic(p, rest, got, fresh)
}

func (m *Matcher) matchDynamic(p *placeholder, rest []part, got string, fresh map[string]string) bool {
	if !p.ambiguous {
		for _, bound := range []map[string]string{m.bound, fresh} {
			if text, ok := bound[p.text]; ok {
				after, ok := strings.CutPrefix(got, text)
				return ok && m.match(rest, after, fresh)
			}
		}
	}
	for end := 1; end <= len(got); end++ {
		if !p.ambiguous {
			fresh[p.text] = got[:end]
		}
		if m.match(rest, got[end:], fresh) {
			return true
		}
		delete(fresh, p.text)
	}
	return false
}
