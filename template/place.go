package template

import (
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// place prints a node as JSON in which every key and scalar stands on the line it has in the template, and in its column
// unless something before it on the line has become longer. So a finding in the text is a finding in the template.
func place(n *node) string {
	p := placer{line: 1, column: 1}
	begin := n.at
	if len(n.fields) > 0 && n.fields[0].at == begin { // YAML has no brace; it goes to the line of the property's name
		begin = fault.Position{Line: begin.Line - 1}
	}
	p.moveTo(begin)
	p.print(n)
	return p.out.String()
}

type placer struct {
	out          strings.Builder
	line, column int
}

func (p *placer) write(text string) {
	p.out.WriteString(text)
	p.column += utf8.RuneCountInString(text)
}

func (p *placer) moveTo(at fault.Position) {
	for ; p.line < at.Line; p.line++ {
		p.out.WriteByte('\n')
		p.column = 1
	}
	if p.line == at.Line && p.column < at.Column {
		p.write(strings.Repeat(" ", at.Column-p.column))
	}
}

// print writes brackets, commas and colons at once, where the lines before have room for them.
func (p *placer) print(n *node) {
	switch n.kind {
	case value.Array:
		p.write("[")
		for i, item := range n.items {
			if i > 0 {
				p.write(",")
			}
			p.print(item)
		}
		p.write("]")
	case value.Object:
		p.write("{")
		for i, f := range n.fields {
			if i > 0 {
				p.write(",")
			}
			p.moveTo(f.at)
			p.write(string(value.AppendQuoted(nil, f.key)) + ":")
			p.print(f.value)
		}
		p.write("}")
	default:
		p.moveTo(n.at)
		p.write(n.scalar.Compact())
	}
}

// placeText moves a definition that is a text to where it stands in the template. In a text that is not a block scalar, such
// as the result of Fn::Join, lines have no place of their own: JSON is put on the one line of the property; for any other
// text, placed is false and its positions are its own.
func placeText(n *node, text string) (out string, placed bool) {
	if n.block {
		indent := "\n" + strings.Repeat(" ", n.indent)
		return strings.Repeat("\n", n.at.Line-1) + strings.ReplaceAll("\n"+text, "\n", indent), true
	}
	if _, err := value.Parse(strings.TrimSpace(text)); err != nil {
		return text, false
	}
	blanks := strings.NewReplacer("\n", " ", "\r", " ")
	return strings.Repeat("\n", n.at.Line-1) + strings.Repeat(" ", max(n.at.Column-1, 0)) + blanks.Replace(text), true
}
