package pattern_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/pattern"
	"github.com/stepwell/stepwell/value"
)

// TestPatterns shows which events a pattern matches: the first line is the pattern, the others are events. A pattern that
// cannot be read is answered with the reason.
func TestPatterns(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			lines := strings.Split(d.Input, "\n")
			p, err := pattern.Parse(lines[0])
			if err != nil {
				return "error: " + err.Error()
			}
			var out strings.Builder
			for _, line := range lines[1:] {
				fmt.Fprintf(&out, "%-5t %s\n", p.Match(value.MustParse(line)), line)
			}
			return out.String()
		})
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a": ["b", 1, null]}`, `{"$or": [{"a": [{"exists": false}]}, {"b": [{"numeric": [">", 1, "<", 2]}]}]}`,
		`{"a": [{"anything-but": {"wildcard": ["x*", "\\*"]}}]}`, `{"a": [{"cidr": "10.0.0.0/8"}]}`, `{"a": {"b": {}}}`,
	} {
		f.Add(seed, `{"a": ["b", {"c": 1}], "b": 1.5}`)
	}
	f.Fuzz(func(t *testing.T, source, event string) {
		p, err := pattern.Parse(source)
		if err != nil {
			return
		}
		if v, err := value.Parse(event); err == nil {
			p.Match(v)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	p, err := pattern.Parse(`{"source": ["aws.s3"], "detail": {"bucket": {"name": ["sales"]}, "object": {"key": [{"prefix": "in/"}]}}}`)
	if err != nil {
		b.Fatal(err)
	}
	event := value.MustParse(`{"version": "0", "source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {"name": "sales"}, "object": {"key": "in/a.gz", "size": 3}}}`)
	for b.Loop() {
		if !p.Match(event) {
			b.Fatal("no match")
		}
	}
}
