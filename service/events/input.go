package events

import (
	"regexp"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/jsonpath"
	"github.com/stepwell/stepwell/value"
)

// input makes the text that a target gets of an event and of what is known about its coming.
type input func(event value.Value, about map[string]value.Value) string

func wholeInput(event value.Value, _ map[string]value.Value) string { return event.Compact() }

func constantInput(text string) (input, error) {
	if _, err := value.Parse(text); err != nil {
		return nil, fault.Invalidf("Input is no JSON: %v", err)
	}
	return func(value.Value, map[string]value.Value) string { return text }, nil
}

// pathInput takes a part of the event; one that is not there is an empty object.
func pathInput(text string) (input, error) {
	path, err := readPath(text)
	if err != nil {
		return nil, fault.Invalidf("InputPath: %v", err)
	}
	return func(event value.Value, _ map[string]value.Value) string {
		v, err := path.Eval(event)
		if err != nil {
			return "{}"
		}
		return v.Compact()
	}, nil
}

// readPath reads a path, which may only be names and indexes here.
func readPath(text string) (*jsonpath.Path, error) {
	path, err := jsonpath.Parse(text)
	if err != nil {
		return nil, err
	}
	if !path.Definite() || strings.ContainsAny(text, "(") {
		return nil, fault.Invalidf("%s: only names and indexes can be in the path", text)
	}
	return path, nil
}

// The variables that need no path.
const (
	ruleARNVariable   = "aws.events.rule-arn"
	ruleNameVariable  = "aws.events.rule-name"
	eventVariable     = "aws.events.event"
	eventJSONVariable = "aws.events.event.json"
	ingestionVariable = "aws.events.event.ingestion-time"
)

var given = map[string]bool{
	ruleARNVariable: true, ruleNameVariable: true, eventVariable: true, eventJSONVariable: true, ingestionVariable: true,
}

var placeholder = regexp.MustCompile(`<([A-Za-z0-9._-]+)>`)

// templateInput fills the placeholders of a template: inside a string of it, texts as they are and other values as JSON; outside,
// every value as JSON. A variable whose path finds nothing is an empty text.
func templateInput(paths map[string]string, template string) (input, error) {
	compiled := map[string]*jsonpath.Path{}
	for name, text := range paths {
		path, err := readPath(text)
		if err != nil {
			return nil, fault.Invalidf("InputPathsMap: %s: %v", name, err)
		}
		compiled[name] = path
	}
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		if compiled[m[1]] == nil && !given[m[1]] {
			return nil, fault.Invalidf("InputTemplate: the placeholder %s has no path in InputPathsMap", m[0])
		}
	}
	sample := fill(template, func(string) value.Value { return value.OfInt(0) })
	if err := checkFilled(sample); err != nil {
		return nil, err
	}
	return func(event value.Value, about map[string]value.Value) string {
		return fill(template, func(name string) value.Value {
			if path := compiled[name]; path != nil {
				if v, err := path.Eval(event); err == nil {
					return v
				}
				return value.OfString("")
			}
			return about[name]
		})
	}, nil
}

// checkFilled takes JSON, or lines that are each a string.
func checkFilled(text string) error {
	_, whole := value.Parse(text)
	if whole == nil {
		return nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if v, err := value.Parse(line); err != nil || v.Kind() != value.String {
			return fault.Invalidf("InputTemplate is no JSON: %v", whole)
		}
	}
	return nil
}

func fill(template string, variable func(name string) value.Value) string {
	var out strings.Builder
	quoted := false
	for at := 0; at < len(template); at++ {
		c := template[at]
		switch {
		case c == '\\' && quoted && at+1 < len(template):
			out.WriteString(template[at : at+2])
			at++
			continue
		case c == '"':
			quoted = !quoted
		case c == '<':
			if m := placeholder.FindString(template[at:]); m != "" && strings.HasPrefix(template[at:], m) {
				out.WriteString(spell(variable(m[1:len(m)-1]), quoted))
				at += len(m) - 1
				continue
			}
		}
		out.WriteByte(c)
	}
	return out.String()
}

// spell writes a value as JSON, or for a place inside a string of JSON.
func spell(v value.Value, quoted bool) string {
	text := v.Compact()
	switch {
	case !quoted:
		return text
	case v.Kind() != value.String:
		text = value.OfString(text).Compact()
	}
	return text[1 : len(text)-1]
}
