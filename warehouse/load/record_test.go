package load

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// TestAnyBytes reads every piece of a nasty text in every format: no panic, an end, and each line in some record.
func TestAnyBytes(t *testing.T) {
	nasty := "a|'b|c'|\"d\"\"|\r\n\",\",\\\n\\|\\\\|\x00\xff\xe4\xb8,\"x\"y\n\n'\"\\{\"a\": [1, {\"s\": \"\\u12\"}]}\n[[{\"a\":\n-1.e\"\\"
	for _, options := range []string{"", "ESCAPE", "REMOVEQUOTES", "ESCAPE REMOVEQUOTES", "CSV", "CSV QUOTE ''''", "FIXEDWIDTH 'a:2,b:3'", "CSV IGNOREHEADER 2",
		"JSON", "JSON IGNOREHEADER 1", "ENCODING ISO88591"} {
		c := parse[*syntax.Copy](t, "COPY t FROM 's3://b/k' IGNOREALLERRORS IAM_ROLE default "+options)
		plan, err := NewPlan(c, intColumn())
		if err != nil {
			t.Fatal(err)
		}
		for from := range nasty {
			body := nasty[from:]
			store := &memoryStore{objects: map[string]string{"k": body}}
			outcome, err := copyAll(context.Background(), plan, store, &memorySink{})
			want := int64(strings.Count(body, "\n"))
			if !strings.HasSuffix(body, "\n") {
				want++
			}
			if err != nil || outcome.Files[0].Lines != want {
				t.Errorf("%s: %q: %d lines, want %d, %v", options, body, outcome.Files[0].Lines, want, err)
			}
		}
	}
}

// TestLongRecords reads lines longer than a block, alone and joined between quotes.
func TestLongRecords(t *testing.T) {
	long := strings.Repeat("x", 3<<19)
	for _, test := range []struct {
		body string
		o    options
		want []string
	}{
		{"1," + long + "\n2,b\n", options{delimiter: ','}, []string{"1", long, "2", "b"}},
		{"1,\"" + long + "\n" + long + "\",c\n2,b\n", options{delimiter: ',', format: csvFormat, quote: '"'}, []string{"1", long + "\n" + long, "c", "2", "b"}},
		{"1," + long + "\\\n" + long + "\n", options{delimiter: ',', escape: true}, []string{"1", long + "\n" + long}},
	} {
		reader := newRecordReader(&Plan{o: &test.o})
		blocks := newBlockReader(&test.o, strings.NewReader(test.body))
		var got []string
		for {
			b, err := blocks.next()
			if err == io.EOF {
				break
			}
			if err != nil || b.problem != nil {
				t.Fatal(err, b.problem)
			}
			reader.open(&b)
			for r := reader.next(); r != nil; r = reader.next() {
				if r.problem != nil {
					t.Fatal(r.problem)
				}
				for _, f := range r.fields {
					got = append(got, string(f.value))
					if !bytes.Contains(r.raw, f.raw) {
						t.Error("the raw value is not in the raw line")
					}
				}
			}
		}
		if strings.Join(got, "|") != strings.Join(test.want, "|") {
			t.Errorf("got %d values of %d bytes", len(got), len(strings.Join(got, "")))
		}
	}
}
