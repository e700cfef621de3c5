package view

import "regexp"

var (
	badLine  = regexp.MustCompile(`(?i)\b(error|fatal|exception|traceback|panic|failed)\b|Task timed out`)
	warnLine = regexp.MustCompile(`(?i)\bwarn(ing)?\b`)
)

// levelOf guesses from its words whether a line of a log tells of a problem: bad, warn or nothing.
func levelOf(message string) string {
	head := message[:min(len(message), maxLogLine)]
	switch {
	case badLine.MatchString(head):
		return "bad"
	case warnLine.MatchString(head):
		return "warn"
	}
	return ""
}
