package regex_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/dlclark/regexp2/v2"

	"github.com/stepwell/stepwell/jsonata/regex"
)

func free(int) error { return nil }

// all returns every match with its groups, as JavaScript's matchAll would.
func all(r *regex.Regexp, text string) string {
	runes, out := []rune(text), []string{}
	for at := 0; at <= len(runes); {
		ends, err := r.Match(runes, at, free)
		if err != nil {
			return err.Error()
		}
		if ends == nil {
			break
		}
		var groups []string
		for i := 0; i < len(ends); i += 2 {
			group := "-"
			if ends[i] >= 0 {
				group = strconv.Quote(string(runes[ends[i]:ends[i+1]]))
			}
			groups = append(groups, group)
		}
		out = append(out, fmt.Sprint(ends[0], ":", strings.Join(groups, " ")))
		if at = ends[1]; ends[0] == ends[1] {
			at++
		}
	}
	return strings.Join(out, "; ")
}

var cases = []struct{ pattern, flags, text, want string }{
	{`a|ab`, "", "ab", `0:"a"`},
	{`((a)|(ab))((c)|(bc))`, "", "abc", `0:"abc" "a" "a" - "bc" - "bc"`},
	{`(z)((a+)?(b+)?(c))*`, "", "zaacbbbcac", `0:"zaacbbbcac" "z" "ac" "a" - "c"`}, // the specification's own example
	{`(a*)*`, "", "b", `0:"" -; 1:"" -`},
	{`(?:a*?)*?b`, "", "aab", `0:"aab"`},
	{`(?=(a+))a*b\1`, "", "baaabac", `3:"aba" "a"`},                             // the specification's own example
	{`(.*?)a(?!(a+)b\2c)\2(.*)`, "", "baaabaac", `0:"baaabaac" "ba" - "abaac"`}, // the specification's own example
	{`a[a-z]{2,4}?`, "", "abcdefghi", `0:"abc"`},
	{`x{2}`, "", "xxxxx", `0:"xx"; 2:"xx"`},
	{`x{,2}`, "", "x{,2}", `0:"x{,2}"`},
	{`(?<year>\d{4})-\k<year>`, "", "2024-2024", `0:"2024-2024" "2024"`},
	{`(?<!\$)\b\d+`, "", "$42 17", `4:"17"`},
	{`(?<=(\d+)(\d+))$`, "", "1053", `4:"" "1" "053"`},
	{`^b$`, "m", "a\nb\r\nc", `2:"b"`},
	{`^b$`, "", "a\nb", ``},
	{`.`, "", "\u2028\n\rä", `3:"ä"`},
	{`ſ`, "i", "sSſ", `2:"ſ"`},
	{`[^ä]`, "i", "Äx", `1:"x"`},
	{`\w\W\s\S\d\D`, "", "a-\u00a0b1x", `0:"a-\u00a0b1x"`},
	{`[\d-x]+`, "", "1-x9a", `0:"1-x9"`},
	{`[]`, "", "a", ``},
	{`[^]`, "", "\n", `0:"\n"`},
	{`\x41\u0042\103\t\0\cA\-`, "", "ABC\t\x00\x01-", `0:"ABC\t\x00\x01-"`},
	{`[\b]\b`, "", "\ba", `0:"\b"`},
	{`(a)\2\u{61}`, "", "a\x02uu", ``},
	{`a{1000000000000}`, "", "aaa", ``},
	{`(?:)`, "", "ab", `0:""; 1:""; 2:""`},
	{`😀+`, "", "x😀😀", `1:"😀😀"`},
	{`]{`, "", "]{", `0:"]{"`},
	{`\p{Lu}+`, "", "aÄB", `1:"ÄB"`},
	{`*`, "", "", `Nothing to repeat`},
	{`a**`, "", "", `Nothing to repeat`},
	{`{2}`, "", "", `Nothing to repeat`},
	{`^*`, "", "", `Nothing to repeat`},
	{`(a`, "", "", `Unterminated group`},
	{`a)`, "", "", `Unmatched ')'`},
	{`(?i)a`, "", "", `Invalid group`},
	{`[a`, "", "", `Unterminated character class`},
	{`[b-a]`, "", "", `Range out of order in character class`},
	{`a{2,1}`, "", "", `numbers out of order in {} quantifier`},
	{`a\`, "", "", `\ at end of pattern`},
	{`(?<n>a)(?<n>b)`, "", "", `Duplicate capture group name`},
	{`\k<m>(?<n>a)`, "", "", `Invalid named capture referenced`},
	{`(((a{1000}b){1000}){1000})`, "", "", `Regular expression too large`},
	{strings.Repeat("(", 5000), "", "", `Regular expression too large`},
}

func TestMatch(t *testing.T) {
	for _, c := range cases {
		if got := found(c.pattern, c.flags, c.text); got != c.want {
			t.Errorf("/%.40s/%s in %q: got %s, want %s", c.pattern, c.flags, c.text, got, c.want)
		}
	}
}

func found(pattern, flags, text string) string {
	options := map[string]regex.Flags{"i": regex.IgnoreCase, "m": regex.Multiline}[flags]
	r, err := regex.Compile(pattern, options)
	if err != nil {
		return err.Error()
	}
	return all(r, text)
}

// JavaScript says the same about the table, but for code points and \p.
func TestJavaScript(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	const script = `const quote = s => s === undefined ? '-' : JSON.stringify(s)
const found = ([p, f, t]) => [...t.matchAll(new RegExp(p, f + 'g'))].map(m => m.index + ':' + [...m].map(quote).join(' ')).join('; ')
for (const c of JSON.parse(process.argv[1])) try { console.log(found(c)) } catch (e) { console.log(e.message.replace(/.*\/[im]?g?: /, '')) }`
	var given, want []string
	for _, c := range cases {
		if strings.HasPrefix(c.pattern, `\p`) || c.want == "Regular expression too large" || c.pattern == `😀+` {
			continue
		}
		given = append(given, fmt.Sprintf("[%s,%q,%s]", jsonText(c.pattern), c.flags, jsonText(c.text)))
		want = append(want, jsonAlike(c.want))
	}
	out, err := exec.Command(node, "-e", script, "["+strings.Join(given, ",")+"]").Output()
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if err != nil || len(lines) != len(want) {
		t.Fatalf("%d lines for %d cases: %v", len(lines), len(want), err)
	}
	for i := range want {
		if got := jsonAlike(lines[i]); got != want[i] {
			t.Errorf("%s: JavaScript has %s, the table %s", given[i], got, want[i])
		}
	}
}

func jsonText(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, r := range s {
		if r < ' ' || r == '"' || r == '\\' {
			fmt.Fprintf(&out, `\u%04x`, r)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String() + `"`
}

// jsonAlike spells what Go and JSON quote differently the same.
func jsonAlike(s string) string {
	return strings.NewReplacer(`\x00`, `\u0000`, `\x01`, `\u0001`, `\u00a0`, "\u00a0").Replace(s)
}

// TestRandom compares what random expressions match with another implementation. It is asked for whole matches only: it keeps what groups
// have matched in earlier iterations, which ECMAScript does not.
func TestRandom(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 5))
	for range 20_000 {
		pattern := random(chance, 3)
		other, err := regexp2.Compile(pattern, regexp2.ECMAScript)
		if err != nil {
			continue
		}
		r, err := regex.Compile(pattern, 0)
		if err != nil {
			t.Fatalf("/%s/: %v", pattern, err)
		}
		text := random(chance, -1)
		want := "none"
		if m, _ := other.FindStringMatch(text); m != nil {
			want = fmt.Sprint(m.RuneIndex, m.RuneIndex+m.RuneLength)
		}
		got := "none"
		if ends, _ := r.Match([]rune(text), 0, free); ends != nil {
			got = fmt.Sprint(ends[0], ends[1])
		}
		if got != want {
			t.Fatalf("/%s/ in %q: %s, elsewhere %s", pattern, text, got, want)
		}
	}
}

// random makes an expression of some depth, or a text for a negative one.
func random(chance *rand.Rand, depth int) string {
	pick := func(options ...string) string { return options[chance.IntN(len(options))] }
	if depth < 0 {
		var text strings.Builder
		for range chance.IntN(9) {
			text.WriteString(pick("a", "b", "c", " ", "\n"))
		}
		return text.String()
	}
	if depth == 0 {
		return pick("a", "b", "c", "[ab]", "[^a]", ".", `\w`, `\b`, `\s`, "$", "^")
	}
	var out strings.Builder
	for range 1 + chance.IntN(3) {
		part := random(chance, depth-1)
		part = pick("", "", "(?:", "(?=", "(?!", "(?:") + part
		if strings.HasPrefix(part, "(?") {
			part += ")"
		}
		if strings.HasPrefix(part, "(?:") {
			part += pick("*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "")
		}
		out.WriteString(part)
		if chance.IntN(5) == 0 {
			out.WriteString("|")
		}
	}
	return out.String()
}

// However a match goes back, it ends when its steps are spent, and always at the same one.
func TestSteps(t *testing.T) {
	spent := errors.New("spent")
	for _, pattern := range []string{`(a+)+b`, `(a|aa)+$b`, `(?:(?=a*)a*)*b`, `(.*)*\1b`, `(?<=ca*a*a*a*)$`, `(?:b|a|){4000}c`} {
		var before int
		for range 2 {
			r, err := regex.Compile(pattern, 0)
			if err != nil {
				t.Fatal(err)
			}
			total := 0
			_, err = r.Match([]rune(strings.Repeat("a", 300)), 0, func(steps int) error {
				if total += steps; total > 3_000_000 {
					return spent
				}
				return nil
			})
			if err == nil || before != 0 && total != before {
				t.Errorf("/%s/ ended after %d steps, before after %d: %v", pattern, total, before, err)
			}
			before = total
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, c := range cases {
		f.Add(c.pattern, c.text)
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		r, err := regex.Compile(pattern, regex.IgnoreCase)
		if err != nil {
			return
		}
		total := 0
		_, _ = r.Match([]rune(text), 0, func(steps int) error {
			if total += steps; total > 100_000 {
				return errors.New("spent")
			}
			return nil
		})
	})
}
