package view

import (
	"regexp"
	"time"
)

// Logs is the list of log groups.
type Logs struct {
	Groups []LogGroupRow
	Prefix string
	Pager  Pager
}

// Template names the page's file.
func (Logs) Template() string { return "logs" }

// LogGroupRow is a log group.
type LogGroupRow struct {
	Link
	Created time.Time
	// Days is how long events are kept; 0: for ever.
	Days, Bytes int64
}

// LogGroup is a log group: its streams, or the events of all or of one of them.
type LogGroup struct {
	Name, URL string
	// Stream is the chosen one; empty: all.
	Stream  string
	Streams []LogStreamRow
	Filter  LogFilter
	Lines   []LogLine
	// Searched says that Lines are what was looked for, and not a list of streams.
	Searched bool
	Pager    Pager
	// Newer leads to later events.
	Newer string
}

// Template names the page's file.
func (LogGroup) Template() string { return "loggroup" }

// LogFilter is what events were narrowed to, as it was typed.
type LogFilter struct{ Text, From, To string }

// LogStreamRow is a stream of a log group.
type LogStreamRow struct {
	Link
	First, Last time.Time
}

// LogLine is one event of a log.
type LogLine struct {
	At      time.Time
	Message string
	// Stream is where it stands, in a list of several streams.
	Stream Link
}

// maxLogLine is how many bytes of an event a page shows.
const maxLogLine = 4 << 10

// colours are what programs write to colour a terminal.
var colours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// Shown is the message without colours, cut when it is long.
func (l LogLine) Shown() string {
	shown := colours.ReplaceAllString(cutAt(l.Message, maxLogLine), "")
	if len(l.Message) <= maxLogLine {
		return visible(shown)
	}
	return visible(shown) + " … (" + byteSize(int64(len(l.Message))) + ")"
}

// Level is the class of a line that tells of a problem.
func (l LogLine) Level() string { return levelOf(l.Message) }

// Clock is the time of the day.
func (l LogLine) Clock() string { return l.At.UTC().Format("15:04:05.000") }
