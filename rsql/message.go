package rsql

import (
	"fmt"
	"strings"
)

// printFailure prints the error of a statement with what VERBOSITY and SHOW_CONTEXT ask for.
func (r *interpreter) printFailure(f *Failure, text string) {
	_ = r.out.Flush()
	if r.Dialect == RSQL {
		fmt.Fprintf(r.Err, "%s%s: %s\n%s", r.placeOfAnswer(), f.Severity, f.Message, extra("DETAIL: ", f.Detail, "HINT: ", f.Hint))
	} else {
		fmt.Fprint(r.Err, r.place(""), r.failureText(f, text))
	}
	if r.variables.choice("ECHO") == "errors" {
		fmt.Fprintf(r.Err, "%sSTATEMENT:  %s\n", r.placeOfAnswer(), text)
	}
}

// placeOfAnswer stands before what the server says; for the standard input it is the program's name alone.
func (r *interpreter) placeOfAnswer() string {
	if r.Dialect == RSQL && r.current().name == "" {
		return "rsql: "
	}
	return r.place("")
}

func (r *interpreter) failureText(f *Failure, text string) string {
	switch r.variables.choice("VERBOSITY") {
	case "sqlstate":
		return fmt.Sprintf("%s:  %s\n", f.Severity, f.Code)
	case "terse":
		line := fmt.Sprintf("%s:  %s", f.Severity, f.Message)
		if f.Position > 0 {
			line += fmt.Sprintf(" at character %d", f.Position)
		}
		return line + "\n"
	case "verbose":
		return fmt.Sprintf("%s:  %s: %s\n%s%s", f.Severity, f.Code, f.Message, excerpt(text, f.Position),
			extra("DETAIL:  ", f.Detail, "HINT:  ", f.Hint, "CONTEXT:  ", f.Context, "LOCATION:  ", f.Location))
	}
	context := f.Context
	if r.variables.choice("SHOW_CONTEXT") == "never" {
		context = ""
	}
	return fmt.Sprintf("%s:  %s\n%s%s", f.Severity, f.Message, excerpt(text, f.Position),
		extra("DETAIL:  ", f.Detail, "HINT:  ", f.Hint, "CONTEXT:  ", context))
}

// extra writes lines of pairs of a label and a text, without those whose text is empty.
func extra(pairs ...string) string {
	var b strings.Builder
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			b.WriteString(pairs[i] + pairs[i+1] + "\n")
		}
	}
	return b.String()
}

func (r *interpreter) printNotice(n Notice) {
	_ = r.out.Flush()
	if r.Dialect == RSQL {
		fmt.Fprintf(r.Err, "%s%s: %s\n%s", r.placeOfAnswer(), n.Level, n.Message, extra("DETAIL: ", n.Detail, "HINT: ", n.Hint))
		return
	}
	switch r.variables.choice("VERBOSITY") {
	case "terse", "sqlstate":
		fmt.Fprintf(r.Err, "%s%s:  %s\n", r.place(""), n.Level, n.Message)
	default:
		fmt.Fprintf(r.Err, "%s%s:  %s\n%s", r.place(""), n.Level, n.Message, extra("DETAIL:  ", n.Detail, "HINT:  ", n.Hint))
	}
}

// The excerpt of a statement is at most excerptWidth characters wide and leaves room behind the mistake.
const (
	excerptWidth = 60
	excerptRoom  = 10
)

// excerpt shows the line of a statement in which a mistake stands, with a mark below it.
func excerpt(text string, position int) string {
	runes := []rune(text)
	at := position - 1
	if at < 0 || at > len(runes) {
		return ""
	}
	start, end, number := 0, len(runes), 1
	for i, c := range runes {
		if c != '\n' && (c != '\r' || i+1 < len(runes) && runes[i+1] == '\n') {
			continue
		}
		if i >= at {
			end = i
			break
		}
		start = i + 1
		number++
	}
	before, after := "", ""
	if end-start > excerptWidth {
		first, last := window(start, end, at)
		if first > start {
			before = "..."
		}
		if last < end {
			after = "..."
		}
		start, end = first, last
	}
	prefix := fmt.Sprintf("LINE %d: %s", number, before)
	line := strings.NewReplacer("\t", " ", "\r", " ").Replace(string(runes[start:end]))
	return prefix + line + after + "\n" + strings.Repeat(" ", len(prefix)+at-start) + "^\n"
}

// window cuts a long line: at the right if that is enough, else at both sides.
func window(start, end, at int) (first, last int) {
	if start+excerptWidth >= at+excerptRoom {
		return start, start + excerptWidth
	}
	end = min(end, at+excerptRoom)
	return max(start, end-excerptWidth), end
}
