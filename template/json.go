package template

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// readJSON reads a JSON template. It is read as JSON, not as the YAML it almost is, because of tabs and surrogate pairs.
func readJSON(text, file string) (*node, *fault.Fault) {
	if _, err := value.Parse(strings.TrimSpace(text)); err != nil {
		return nil, jsonFault(err, text, file)
	}
	r := jsonReader{text: text, file: file, line: 1}
	r.decoder = json.NewDecoder(strings.NewReader(text))
	r.decoder.UseNumber()
	root, err := r.node()
	if err != nil {
		return nil, fault.Invalidf("the template is not valid JSON: %v", err).At(fault.Position{File: file, Line: 1})
	}
	return root, nil
}

func jsonFault(err error, text, file string) *fault.Fault {
	at := fault.Position{File: file, Line: 1}
	reason := err.Error()
	var syntax *value.SyntaxError
	if errors.As(err, &syntax) {
		blank := text[:len(text)-len(strings.TrimLeft(text, " \t\r\n"))]
		at.Line, at.Column, reason = syntax.Line+strings.Count(blank, "\n"), syntax.Column, syntax.Reason
	}
	return fault.Invalidf("the template is not valid JSON: %s", reason).At(at)
}

// jsonReader walks the tokens and counts lines as it goes.
type jsonReader struct {
	decoder *json.Decoder
	text    string
	file    string
	// seen is the offset up to which line and lineStart count.
	seen, line, lineStart int
}

// next returns a token and where it begins.
func (r *jsonReader) next() (json.Token, fault.Position, error) {
	begin := int(r.decoder.InputOffset())
	for begin < len(r.text) && strings.IndexByte(" \t\r\n:,", r.text[begin]) >= 0 {
		begin++
	}
	for ; r.seen < begin; r.seen++ {
		if r.text[r.seen] == '\n' {
			r.line++
			r.lineStart = r.seen + 1
		}
	}
	at := fault.Position{File: r.file, Line: r.line, Column: utf8.RuneCountInString(r.text[r.lineStart:begin]) + 1}
	token, err := r.decoder.Token()
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return token, at, err
}

func (r *jsonReader) node() (*node, error) {
	token, at, err := r.next()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return r.object(at)
	case json.Delim('['):
		return r.list(at)
	}
	return scalarAt(at, tokenValue(token)), nil
}

func (r *jsonReader) object(at fault.Position) (*node, error) {
	object := &node{at: at, kind: value.Object}
	for r.decoder.More() {
		key, keyAt, err := r.next()
		if err != nil {
			return nil, err
		}
		child, err := r.node()
		if err != nil {
			return nil, err
		}
		object.fields = append(object.fields, field{key.(string), keyAt, child})
	}
	_, _, err := r.next()
	return object, err
}

func (r *jsonReader) list(at fault.Position) (*node, error) {
	list := &node{at: at, kind: value.Array}
	for r.decoder.More() {
		child, err := r.node()
		if err != nil {
			return nil, err
		}
		list.items = append(list.items, child)
	}
	_, _, err := r.next()
	return list, err
}

func tokenValue(token json.Token) value.Value {
	switch t := token.(type) {
	case string:
		return value.OfString(t)
	case json.Number:
		return value.OfNumber(t.String())
	case bool:
		return value.OfBool(t)
	}
	return value.NullValue()
}
