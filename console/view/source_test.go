package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// The traces show what pages make of texts.
//
//	source        a definition: its lines with numbers, each piece with its class; "LINE: TEXT" arguments are remarks
//	difference    two texts, separated by a line ====
//	document      a payload
func TestTexts(t *testing.T) {
	datadriven.RunTest(t, "testdata/texts.txt", func(t *testing.T, d *datadriven.TestData) string {
		var out strings.Builder
		switch d.Cmd {
		case "source":
			s := Source{Text: strings.ReplaceAll(d.Input, "~", "")}
			for _, arg := range d.CmdArgs {
				s.Remarks = append(s.Remarks, Remark{Line: lineOf(t, arg.Key), Severity: "ERROR", Text: strings.Join(arg.Vals, " ")})
			}
			for _, r := range s.Elsewhere() {
				fmt.Fprintf(&out, "elsewhere: %s\n", r.Text)
			}
			for _, line := range s.Lines() {
				fmt.Fprintf(&out, "%d %s\n", line.Number, marked(line.Pieces))
				for _, r := range line.Remarks {
					fmt.Fprintf(&out, "  ^ %s\n", r.Text)
				}
			}
		case "difference":
			old, new, _ := strings.Cut(d.Input, "\n====\n")
			for _, l := range Difference(old, new) {
				fmt.Fprintf(&out, "%s %d %d %s\n", l.Sign, l.Old, l.New, l.Text)
			}
		case "document":
			for _, line := range (Document{Full: d.Input}).Lines() {
				out.WriteString(marked(line) + "\n")
			}
		}
		if out.Len() == 0 {
			return "nothing\n"
		}
		return out.String()
	})
}

func lineOf(t *testing.T, text string) (n int) {
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// marked writes pieces with their classes: k"StartAt".
func marked(pieces []Piece) string {
	var out strings.Builder
	for _, p := range pieces {
		if p.Class == "" {
			out.WriteString(p.Text)
		} else {
			fmt.Fprintf(&out, "%s‹%s›", p.Class, p.Text)
		}
	}
	return out.String()
}

// Long texts are cut, and say so.
func TestLongTexts(t *testing.T) {
	s := Source{Text: strings.Repeat("a: 1\n", maxSourceLines+5)}
	if got := len(s.Lines()); got != maxSourceLines || s.Rest() != "5 more lines." {
		t.Errorf("%d lines, %q", got, s.Rest())
	}
	d := Document{Full: `"` + strings.Repeat("é", 5<<20) + `"`}
	if n := len(marked(d.Lines()[0])); n > maxText+20 || d.Rest() == "" {
		t.Errorf("%d bytes, %q", n, d.Rest())
	}
	many := strings.Repeat("x\ny\n", maxCompared)
	if got := len(Difference("old\n"+many+"end", "new\n"+many+"END")); got == 0 {
		t.Error("no difference")
	}
}
