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
	nasty := "a|'b|c'|\"d\"\"|\r\n\",\",\\\n\\|\\\\|\x00\xff\xe4\xb8,\"x\"y\n\n'\"\\"
	for _, options := range []string{"", "ESCAPE", "REMOVEQUOTES", "ESCAPE REMOVEQUOTES", "CSV", "CSV QUOTE ''''", "FIXEDWIDTH 'a:2,b:3'", "CSV IGNOREHEADER 2"} {
		c := parse[*syntax.Copy](t, "COPY t FROM 's3://b/k' IGNOREALLERRORS IAM_ROLE default "+options)
		plan, err := NewPlan(c, intColumn())
		if err != nil {
			t.Fatal(err)
		}
		for from := range nasty {
			body := nasty[from:]
			store := &memoryStore{objects: map[string]string{"k": body}}
			outcome, err := plan.Run(context.Background(), store, &memorySink{})
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

// TestLongRecords reads lines beyond the reader's buffer, alone and joined between quotes.
func TestLongRecords(t *testing.T) {
	long := strings.Repeat("x", 1<<19)
	for _, test := range []struct {
		body string
		o    options
		want []string
	}{
		{"1," + long + "\n2,b\n", options{delimiter: ','}, []string{"1", long, "2", "b"}},
		{"1,\"" + long + "\n" + long + "\",c\n2,b\n", options{delimiter: ',', format: csvFormat, quote: '"'}, []string{"1", long + "\n" + long, "c", "2", "b"}},
		{"1," + long + "\\\n" + long + "\n", options{delimiter: ',', escape: true}, []string{"1", long + "\n" + long}},
	} {
		reader := newRecordReader(&test.o, strings.NewReader(test.body))
		var got []string
		for {
			r, err := reader.next()
			if err == io.EOF {
				break
			}
			if err != nil || r.problem != nil {
				t.Fatal(err, r.problem)
			}
			for _, f := range r.fields {
				got = append(got, string(f.value))
				if !bytes.Contains(r.raw, f.raw) {
					t.Error("the raw value is not in the raw line")
				}
			}
		}
		if strings.Join(got, "|") != strings.Join(test.want, "|") {
			t.Errorf("got %d values of %d bytes", len(got), len(strings.Join(got, "")))
		}
	}
}
