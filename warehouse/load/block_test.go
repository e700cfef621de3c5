package load

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestBlocks reads random texts in blocks of every small size: the records must be those of the text in one block.
func TestBlocks(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	pieces := map[string][]string{
		"":                    {"a", "|", "\n", "\r\n", "\n\n", "é"},
		"ESCAPE":              {"a", "|", "\n", "\\", "\\\n", "\\\\\n", "\r\n", "\\\r\n"},
		"ESCAPE REMOVEQUOTES": {"a", "|", "\n", "\\\n", "'", "\"", "\\'"},
		"CSV":                 {"a", ",", "\n", "\"", "\"\"", "\"x\ny\"", ",\"", "\",", " \"", "\r\n"},
		"JSON":                {`{"a": 1}`, `{"a": {"b": [1, "}"]}}`, "\n", " ", `{"s": "\"\\"}`, `[{}]`, `{"a": 1,` + "\n" + `"s": "x"}`},
	}
	for options, list := range pieces {
		plan, err := NewPlan(statementOf(t, options), intColumn())
		if err != nil {
			t.Fatal(err)
		}
		for range 400 {
			var body strings.Builder
			for range 1 + random.IntN(30) {
				body.WriteString(list[random.IntN(len(list))])
			}
			want := recordsOf(t, plan, body.String(), 1<<16)
			for _, size := range []int{1, 2, 7, 32} {
				if got := recordsOf(t, plan, body.String(), size); got != want {
					t.Fatalf("%s: %q in blocks of %d bytes:\n%swant\n%s", options, body.String(), size, got, want)
				}
			}
		}
	}
}

// recordsOf describes the records of a text that is read in blocks.
func recordsOf(t *testing.T, plan *Plan, body string, size int) string {
	t.Helper()
	blocks := newBlockReader(plan.o, strings.NewReader(body))
	blocks.size = size
	reader := newRecordReader(plan)
	var out strings.Builder
	for {
		b, err := blocks.next()
		if err == io.EOF {
			fmt.Fprintf(&out, "%d lines\n", blocks.lines)
			return out.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		reader.open(&b)
		for r := reader.next(); r != nil; r = reader.next() {
			fmt.Fprintf(&out, "%d %q", r.line, r.raw)
			for _, f := range r.fields {
				fmt.Fprintf(&out, " %q", f.value)
			}
			if r.problem != nil {
				out.WriteString(" " + r.problem.reason)
			}
			out.WriteByte('\n')
		}
	}
}

// TestRecordsTooLong passes a line and an object beyond the limit, says where they are and goes on behind them.
func TestRecordsTooLong(t *testing.T) {
	for _, test := range []struct{ options, head, fill, tail, want string }{
		{"", "1|", strings.Repeat("x", 1<<20), "\n2|b\n", `"1|xxx" 1 The line is longer than 64 MB; 2|b 2`},
		{"CSV", "1,\"", strings.Repeat("x", 1<<20), "\"\n2,b\n", `"1,\"xx" 1 The line is longer than 64 MB; 2,b 2`},
		{"JSON", `{"s": "`, strings.Repeat("x", 1<<20), "\"}\n{\"a\": 2}\n", `"{\"s\":" 1 The JSON object is longer than 16 MB; {"a": 2} 2`},
	} {
		plan, err := NewPlan(statementOf(t, test.options), intColumn())
		if err != nil {
			t.Fatal(err)
		}
		parts := []io.Reader{strings.NewReader(test.head)}
		for range 70 {
			parts = append(parts, strings.NewReader(test.fill))
		}
		blocks := newBlockReader(plan.o, io.MultiReader(append(parts, strings.NewReader(test.tail))...))
		long, err := blocks.next()
		if err != nil || long.problem == nil {
			t.Fatalf("%s: no problem, %v", test.options, err)
		}
		next, err := blocks.next()
		if got := fmt.Sprintf("%.5q %d %s; %s %d", long.data, long.line, long.problem.reason, strings.TrimSpace(string(next.data)), next.line); got != test.want || err != nil {
			t.Errorf("%s: got %s, %v; want %s", test.options, got, err, test.want)
		}
	}
}

// TestOneLineOfJSON reads 200 MB of objects on one line, block by block.
func TestOneLineOfJSON(t *testing.T) {
	object := `{"a": 1, "s": "` + strings.Repeat("y", 100) + `"}`
	part := strings.Repeat(object, 10_000)
	var parts []io.Reader
	n := 200 << 20 / len(part)
	for range n {
		parts = append(parts, strings.NewReader(part))
	}
	plan, err := NewPlan(statementOf(t, "JSON"), intColumn())
	if err != nil {
		t.Fatal(err)
	}
	blocks := newBlockReader(plan.o, io.MultiReader(parts...))
	size, most := 0, 0
	for {
		b, err := blocks.next()
		if err == io.EOF {
			break
		}
		if err != nil || b.line != 1 {
			t.Fatal(err, b.line)
		}
		size, most = size+len(b.data), max(most, len(b.data))
		b.release()
	}
	if size != n*len(part) || most > blockSize {
		t.Errorf("%d bytes in blocks of up to %d", size, most)
	}
}
