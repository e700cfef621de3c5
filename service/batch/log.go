package batch

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Line is one line that a job printed.
type Line struct {
	At      time.Time
	Message string
}

const (
	// maxOutput is how much of what an attempt prints is kept, in bytes.
	maxOutput = 16 << 20
	// maxLine is the longest line of a log; a longer one becomes several.
	maxLine = 200 << 10
	// Lines are written when there are so many bytes of them, or when so much time has passed.
	flushSize  = 256 << 10
	flushAfter = 250 * time.Millisecond
)

// log takes the output of one attempt, line by line. It takes everything, so that no job waits for it, but keeps a bounded part.
type log struct {
	write         func(lines []Line)
	group, stream string

	mu      sync.Mutex
	rest    []byte // of a line that has not ended
	lines   []Line
	waiting int // bytes of lines
	taken   int // bytes kept so far
	timer   *time.Timer
	full    bool
}

func (s *Service) newLog(group, stream string) *log {
	return &log{group: group, stream: stream, write: func(lines []Line) {
		if s.options.Logs == nil {
			return
		}
		if err := s.options.Logs(context.WithoutCancel(s.ctx), group, stream, lines); err != nil {
			s.options.Log.Error("write the log of a job", "group", group, "stream", stream, "error", err)
		}
	}}
}

// Write takes what the job printed. It never fails.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(p)
	if l.full {
		return n, nil
	}
	if l.taken+len(p) > maxOutput {
		p = p[:maxOutput-l.taken]
		l.full = true
	}
	l.taken += len(p)
	l.rest = append(l.rest, p...)
	l.cut()
	if l.full {
		l.line(l.rest)
		l.line([]byte("(the rest of the output is left out: a log holds 16 MB of an attempt)"))
		l.rest = nil
	}
	if l.waiting >= flushSize {
		l.flush()
	} else if l.timer == nil && len(l.lines) > 0 {
		l.timer = time.AfterFunc(flushAfter, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.flush()
		})
	}
	return n, nil
}

// cut takes whole lines off the rest.
func (l *log) cut() {
	for {
		at := bytes.IndexByte(l.rest, '\n')
		if at < 0 && len(l.rest) < maxLine {
			return
		}
		if at < 0 || at > maxLine {
			l.line(l.rest[:maxLine])
			l.rest = l.rest[maxLine:]
			continue
		}
		l.line(l.rest[:at])
		l.rest = l.rest[at+1:]
	}
}

// line keeps a line; a log event is not empty and is UTF-8.
func (l *log) line(text []byte) {
	text = bytes.TrimSuffix(text, []byte("\r"))
	if len(text) == 0 {
		return
	}
	s := string(text)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	l.lines = append(l.lines, Line{time.Now(), s})
	l.waiting += len(s)
}

// flush writes the lines that wait. The caller holds the lock.
func (l *log) flush() {
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if len(l.lines) > 0 {
		l.write(l.lines)
		l.lines, l.waiting = nil, 0
	}
}

func (l *log) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line(l.rest)
	l.rest = nil
	l.flush()
}
