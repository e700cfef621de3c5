package graph

import (
	"strings"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// Font sizes in pixels.
const (
	nameSize = 13.0
	noteSize = 11.0
	boldness = 1.1 // how much wider the bold letters of names are
)

// widths are the widths of characters in a system font of size 1, by group; any other character counts as 0.56.
var widths = []struct {
	characters string
	width      float64
}{
	{"ijl.,:;'|!I ", 0.28},
	{"frt()[]{}-/\\\"`*", 0.37},
	{"csvxyzJk_$?", 0.51},
	{"wABCDEGHKNOPQRSTUVXYZ&", 0.68},
	{"mMW%@…", 0.88},
	{"<>=+~", 0.60},
}

// slack makes the estimate rather too wide than too narrow.
const slack = 1.1

func characterWidth(r rune) float64 {
	for _, group := range widths {
		if strings.ContainsRune(group.characters, r) {
			return group.width
		}
	}
	if r >= 0x2E80 {
		return 1
	}
	return 0.56
}

// textWidth estimates how wide a text is drawn.
func textWidth(text string, size float64) float64 {
	width := 0.0
	for _, r := range text {
		width += characterWidth(r)
	}
	return width * size * slack
}

// shorten cuts a text that is wider than the limit and ends it with an ellipsis.
func shorten(text string, size, limit float64) string {
	if textWidth(text, size) <= limit {
		return text
	}
	width := textWidth("…", size)
	for i, r := range text {
		if width += characterWidth(r) * size * slack; width > limit {
			return strings.TrimRight(text[:i], " ") + "…"
		}
	}
	return text
}

func displayName(state *asl.State) string { return shorten(state.Name, nameSize, maxNameWidth) }

// subtitle is the second line of a state: its type and what it calls.
func subtitle(state *asl.State) string {
	note := ""
	switch {
	case state.Task != nil:
		note = resourceText(state.Task.Resource)
	case state.Wait != nil:
		note = waitText(state.Wait)
	case state.Fail != nil && state.Fail.Error.Constant != nil:
		note = *state.Fail.Error.Constant
	}
	if note == "" {
		return string(state.Type)
	}
	return shorten(string(state.Type)+" · "+note, noteSize, maxNameWidth)
}

// resourceText leaves out of an ARN what all ARNs have.
func resourceText(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return arn
	}
	return strings.TrimPrefix(parts[5], "aws-sdk:")
}

func waitText(w *asl.Wait) string {
	switch {
	case w.Seconds.Constant != nil:
		return value.OfFloat(*w.Seconds.Constant).Text() + " s"
	case w.Seconds.Path != nil:
		return w.Seconds.Path.String() + " s"
	case w.Timestamp.Constant != nil:
		return "until " + *w.Timestamp.Constant
	case w.Timestamp.Path != nil:
		return "until " + w.Timestamp.Path.String()
	}
	return ""
}

// signs are the operators that have a short sign, by the end of their name.
var signs = []struct{ suffix, sign string }{
	{"GreaterThanEquals", "≥"}, {"LessThanEquals", "≤"}, {"GreaterThan", ">"}, {"LessThan", "<"},
	{"Equals", "=="}, {"Matches", "matches"},
}

// ruleText says when a choice is taken.
func ruleText(rule asl.ChoiceRule) string {
	if rule.JSONata != nil {
		return rule.JSONata.Condition.String()
	}
	return conditionText(rule.Condition)
}

func conditionText(c asl.Condition) string {
	switch {
	case c.Not != nil:
		return "not " + partText(*c.Not)
	case len(c.And) > 0:
		return joinParts(c.And, " and ")
	case len(c.Or) > 0:
		return joinParts(c.Or, " or ")
	case c.Compare != nil:
		return comparisonText(c.Compare)
	}
	return ""
}

func joinParts(parts []asl.Condition, word string) string {
	texts := make([]string, len(parts))
	for i, part := range parts {
		texts[i] = partText(part)
	}
	return strings.Join(texts, word)
}

func partText(c asl.Condition) string {
	if len(c.And)+len(c.Or) > 1 {
		return "(" + conditionText(c) + ")"
	}
	return conditionText(c)
}

func comparisonText(c *asl.Comparison) string {
	variable := c.Variable.String()
	against := c.Against.Compact()
	if c.AgainstPath != nil {
		against = c.AgainstPath.String()
	}
	if kind, ok := strings.CutPrefix(c.Operator, "Is"); ok {
		if against == "true" {
			return variable + " is " + strings.ToLower(kind)
		}
		return variable + " is not " + strings.ToLower(kind)
	}
	for _, s := range signs {
		if strings.HasSuffix(c.Operator, s.suffix) {
			return variable + " " + s.sign + " " + against
		}
	}
	return variable + " " + c.Operator + " " + against
}
