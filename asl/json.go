package asl

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// readJSON reads a JSON text into a tree. value.Parse has checked the text before the walk, which only finds places.
func readJSON(text, file string) (*node, *Finding) {
	if _, err := value.Parse(text); err != nil {
		return nil, syntaxFinding(err, file)
	}
	w := &jsonWalk{text: text, file: file, line: 1}
	return w.value(), nil
}

func syntaxFinding(err error, file string) *Finding {
	var bad *value.SyntaxError
	if !errors.As(err, &bad) {
		return &Finding{Severity: Error, Code: InvalidJSON, Message: err.Error(), Position: fault.Position{File: file}}
	}
	return &Finding{
		Severity: Error, Code: InvalidJSON, Message: "Definition is not JSON: " + bad.Reason,
		Location: fmt.Sprintf("[Source: (String); line: %d, column: %d]", bad.Line, bad.Column),
		Position: fault.Position{File: file, Line: bad.Line, Column: bad.Column},
	}
}

// jsonWalk goes once through a checked text. column counts the characters of the current line before counted; it moves on
// with every position asked for, so that a long line is counted once.
type jsonWalk struct {
	text, file      string
	at              int
	line            int
	column, counted int
}

func (w *jsonWalk) space() {
	for w.at < len(w.text) && strings.IndexByte(" \t\r\n", w.text[w.at]) >= 0 {
		if w.text[w.at] == '\n' {
			w.line++
			w.column, w.counted = 0, w.at+1
		}
		w.at++
	}
}

func (w *jsonWalk) position() fault.Position {
	w.space()
	w.column += utf8.RuneCountInString(w.text[w.counted:w.at])
	w.counted = w.at
	return fault.Position{File: w.file, Line: w.line, Column: w.column + 1}
}

func (w *jsonWalk) value() *node {
	n := &node{position: w.position()}
	switch w.text[w.at] {
	case '{':
		n.kind = value.Object
		w.each('}', func() { n.members = append(n.members, w.member()) })
	case '[':
		n.kind = value.Array
		w.each(']', func() { n.items = append(n.items, w.value()) })
	default:
		w.scalar(n)
	}
	return n
}

// each calls read at every element up to the closing bracket.
func (w *jsonWalk) each(closing byte, read func()) {
	w.at++
	for w.space(); w.text[w.at] != closing; w.space() {
		read()
		if w.space(); w.text[w.at] == ',' {
			w.at++
		}
	}
	w.at++
}

func (w *jsonWalk) member() member {
	m := member{position: w.position()}
	var key node
	w.scalar(&key)
	m.key = key.text
	w.space()
	w.at++ // the colon
	m.value = w.value()
	return m
}

func (w *jsonWalk) scalar(n *node) {
	start := w.at
	if w.text[start] == '"' {
		for w.at++; w.text[w.at] != '"'; w.at++ {
			if w.text[w.at] == '\\' {
				w.at++
			}
		}
		w.at++
	} else {
		for w.at < len(w.text) && strings.IndexByte(" \t\r\n,]}", w.text[w.at]) < 0 {
			w.at++
		}
	}
	v := value.MustParse(w.text[start:w.at])
	n.kind = v.Kind()
	switch n.kind {
	case value.String:
		n.text = v.Str()
	case value.Bool, value.Number:
		n.text = w.text[start:w.at]
	}
}
