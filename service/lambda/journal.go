package lambda

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stepwell/stepwell/value"
)

// journal writes log records behind the invocations, so that no function waits for them.
type journal struct {
	write   func(e entry)
	entries chan entry
	done    chan struct{}
}

// entry is the log records of one invocation.
type entry struct {
	group, stream string
	lines         []Line
}

// backlog is how many invocations can be ahead of their records.
const backlog = 1024

func newJournal(ctx context.Context, o Options) *journal {
	j := &journal{entries: make(chan entry, backlog), done: make(chan struct{})}
	j.write = func(e entry) {
		if o.Logs == nil {
			return
		}
		if err := o.Logs(context.WithoutCancel(ctx), e.group, e.stream, e.lines); err != nil {
			o.Log.Error("write the log of a function", "group", e.group, "stream", e.stream, "error", err)
		}
	}
	go func() {
		defer close(j.done)
		for e := range j.entries {
			j.write(e)
		}
	}()
	return j
}

// close waits until all records are written.
func (j *journal) close() {
	close(j.entries)
	<-j.done
}

// tailSize is how much of its log an invocation answers with, in bytes.
const tailSize = 4096

// record writes the log records of an invocation and returns the end of them.
func (j *journal) record(f *function, stream string, i Invocation, o *Outcome) []byte {
	at := time.Now()
	e := entry{group: f.logGroup(), stream: stream}
	var text bytes.Buffer
	add := func(message string) {
		e.lines = append(e.lines, Line{at, message})
		text.WriteString(message + "\n")
	}
	if o.Init > 0 {
		e.lines = append(e.lines, Line{at, "INIT_START Runtime Version: " + f.Runtime})
	}
	each(o.Began, func(line string) { e.lines = append(e.lines, Line{at, line}) })
	add("START RequestId: " + i.RequestID + " Version: " + f.version())
	each(o.Output, add)
	if o.Note != "" {
		add(o.Note)
	}
	add("END RequestId: " + i.RequestID)
	add(reportLine(f, i, o))
	j.entries <- e
	tail := text.Bytes()
	return tail[max(0, len(tail)-tailSize):]
}

// maxLine is the longest record; a longer line becomes several.
const maxLine = 200 << 10

// each visits the lines of an output. A record is not empty and is UTF-8.
func each(output []byte, visit func(line string)) {
	for line := range bytes.Lines(output) {
		text := strings.TrimRight(string(line), "\r\n")
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
		for ; len(text) > maxLine; text = text[maxLine:] {
			visit(strings.ToValidUTF8(text[:maxLine], "\uFFFD"))
		}
		if text != "" {
			visit(text)
		}
	}
}

// reportLine is the record that closes an invocation.
func reportLine(f *function, i Invocation, o *Outcome) string {
	millis := float64(o.Duration.Microseconds()) / 1000
	line := fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\tMax Memory Used: %d MB\t",
		i.RequestID, millis, math.Ceil(millis), f.Memory, o.Memory>>20)
	if o.Init > 0 {
		line += fmt.Sprintf("Init Duration: %.2f ms\t", float64(o.Init.Microseconds())/1000)
	}
	if o.Failed && o.Dead {
		payload, _ := value.Parse(string(o.Payload)) // a zero value has no members
		kind, _ := payload.Get("errorType")
		if kind.Str() == "Sandbox.Timedout" {
			return line + "Status: timeout"
		}
		return line + "Status: error\tError Type: " + kind.Str()
	}
	return line
}
