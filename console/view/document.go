package view

import (
	"encoding/json"
	"strings"
)

// Document is a payload of any size: JSON is shown indented and coloured, everything else as it is.
type Document struct {
	Full string
	// URL leads to the whole; empty: there is no way to it.
	URL string
}

// Lines are the pieces of what is shown, line by line.
func (d Document) Lines() [][]Piece {
	shown := Text{Full: d.indented()}.Shown()
	isJSON := json.Valid([]byte(d.Full))
	var lines [][]Piece
	for line := range strings.SplitSeq(shown, "\n") {
		if isJSON {
			lines = append(lines, colourLine(line, false))
		} else {
			lines = append(lines, []Piece{{Text: line}})
		}
	}
	return lines
}

// Rest says how much is not shown; empty: nothing.
func (d Document) Rest() string { return Text{Full: d.indented()}.Rest() }

// indented is laid out when it is short: of a long text only the shown part matters, and that is as it was given.
func (d Document) indented() string {
	if len(d.Full) > maxText {
		return d.Full
	}
	return Pretty(d.Full)
}
