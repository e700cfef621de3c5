package syntax_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

// Dealing arguments out to parameters is what a regular expression over their types does.
func TestSignatureMatchesLikeARegularExpression(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var text, pattern strings.Builder
		for range 1 + random.IntN(4) {
			letter := []string{"s", "n", "a", "f", "(sb)", "x"}[random.IntN(6)]
			modifier := []string{"", "", "?", "-", "+"}[random.IntN(5)]
			class := map[string]string{"a": "[asnblfom]", "x": "[asnblfom]", "f": "f", "(sb)": "[sbm]"}[letter]
			if class == "" {
				class = "[" + letter + "m]"
			}
			text.WriteString(letter + modifier)
			pattern.WriteString("(" + class + strings.Replace(modifier, "-", "?", 1) + ")")
		}
		types := make([]byte, random.IntN(6))
		for i := range types {
			types[i] = "snafbm"[random.IntN(6)]
		}
		signature, bad := syntax.ParseSignature("<" + text.String() + ":x>")
		if bad != nil {
			t.Fatal(bad)
		}
		want := "no"
		if m := regexp.MustCompile("^" + pattern.String() + "$").FindStringSubmatch(string(types)); m != nil {
			want = ""
			for _, part := range m[1:] {
				want += fmt.Sprint(len(part))
			}
		}
		got := "no"
		if counts, _, ok := signature.Match(types); ok {
			got = strings.Trim(strings.ReplaceAll(fmt.Sprint(counts), " ", ""), "[]")
		}
		if got != want {
			t.Fatalf("<%s> takes %s as %s, expected %s", text.String(), types, got, want)
		}
	}
}

func TestDeepExpressionsAreRefused(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("(", 100_000), strings.Repeat("[", 100_000), "1" + strings.Repeat("+1", 100_000), strings.Repeat("-", 100_000) + "1",
		"a" + strings.Repeat("[0]", 100_000), strings.Repeat("a?", 100_000), strings.Repeat("function($x){", 5000),
	} {
		if _, err := syntax.Parse(text); err == nil {
			t.Errorf("%.20s… of %d bytes is accepted", text, len(text))
		}
	}
}
