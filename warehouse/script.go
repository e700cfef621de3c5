package warehouse

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// parse puts the parameters into a text and reads all its statements.
func parse(text string, r Run) ([]syntax.Statement, error) {
	text, err := substitute(text, r)
	if err != nil {
		return nil, inFile(err, r.File)
	}
	fragments, err := syntax.Split(text)
	if err != nil {
		return nil, inFile(err, r.File)
	}
	script := make([]syntax.Statement, len(fragments))
	for i, f := range fragments {
		if script[i], err = syntax.Parse(f); err == nil {
			err = checkParameters(script[i])
		}
		if err != nil {
			return nil, inFile(err, r.File)
		}
	}
	return script, nil
}

// checkParameters refuses placeholders without a value; only PREPARE gets its values later.
func checkParameters(statement syntax.Statement) error {
	if _, ok := statement.(*syntax.Prepare); ok {
		return nil
	}
	for _, t := range statement.Source().Tokens {
		switch {
		case t.Kind != syntax.Parameter:
		case strings.HasPrefix(t.Text, "$"):
			return fault.Invalidf("there is no parameter %s", t.Text).WithCode("42P02").At(t.Position())
		default:
			return t.SyntaxError()
		}
	}
	return nil
}

func inFile(err error, file string) error {
	f, ok := err.(*fault.Fault)
	if !ok || file == "" {
		return err
	}
	at := f.Position
	at.File = file
	return f.At(at)
}

// substitute replaces :name placeholders by string literals, whose type the statement around decides, as it does for
// the values of the Data API.
func substitute(text string, r Run) (string, error) {
	if len(r.Parameters) == 0 {
		return text, nil
	}
	tokens, err := syntax.Scan(text)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	end := 0
	for _, t := range tokens {
		if t.Kind != syntax.Parameter || !strings.HasPrefix(t.Text, ":") {
			continue
		}
		value, ok := r.Parameters[t.Value()]
		if !ok {
			return "", fault.Invalidf("there is no value for the parameter :%s", t.Value()).WithCode("42P02").At(t.Position())
		}
		b.WriteString(text[end:t.Offset])
		b.WriteString(literal(value))
		end = t.End()
	}
	return b.String() + text[end:], nil
}

// Placeholders returns the names of the :name placeholders of a text, sorted, each once.
func Placeholders(text string) ([]string, error) {
	tokens, err := syntax.Scan(text)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, t := range tokens {
		if t.Kind == syntax.Parameter && strings.HasPrefix(t.Text, ":") {
			names = append(names, t.Value())
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// literal writes a string literal of Redshift, in which a backslash escapes.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}
