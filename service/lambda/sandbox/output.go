package sandbox

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	// maxOutput is how much of what a process prints for one event is kept, in bytes.
	maxOutput = 1 << 20
	// maxDrained bounds how much is read to get to the end of an event's output: more than a pipe holds, so that
	// only a process that goes on printing reaches it.
	maxDrained = 4 << 20
)

// output takes what a process prints, event by event. A forked child may hold the pipe open, so nothing waits for its end.
type output struct {
	pipe  *os.File
	parts chan []byte
	ended chan struct{}
	mu    sync.Mutex // kept changes hands when the reader has ended
	kept  []byte
	left  bool // something was left out
}

func newOutput(pipe *os.File) *output {
	o := &output{pipe: pipe, parts: make(chan []byte), ended: make(chan struct{})}
	go o.read()
	return o
}

func (o *output) read() {
	defer close(o.ended)
	buffer := make([]byte, 64<<10)
	for {
		n, err := o.pipe.Read(buffer)
		o.keep(buffer[:n])
		if errors.Is(err, os.ErrDeadlineExceeded) { // collect asks
			_ = o.pipe.SetReadDeadline(time.Time{})
			o.drain(buffer)
			o.parts <- o.take()
			continue
		}
		if err != nil {
			return
		}
	}
}

// drain reads what is in the pipe now.
func (o *output) drain(buffer []byte) {
	raw, err := o.pipe.SyscallConn()
	for total := 0; err == nil && total < maxDrained; {
		n := 0
		readErr := raw.Read(func(fd uintptr) bool {
			n, err = syscall.Read(int(fd), buffer)
			return true
		})
		if errors.Is(err, syscall.EINTR) {
			err = nil
			continue
		}
		if readErr != nil || err != nil || n <= 0 {
			return
		}
		o.keep(buffer[:n])
		total += n
	}
}

func (o *output) keep(text []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	room := maxOutput - len(o.kept)
	if len(text) > room {
		text, o.left = text[:room], true
	}
	o.kept = append(o.kept, text...)
}

func (o *output) take() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	part := o.kept
	if o.left {
		part = append(part, "\n(the rest of the output is left out: 1 MB of it is kept for each invocation)\n"...)
	}
	o.kept, o.left = nil, false
	return part
}

// collect returns what was printed since it was called last.
func (o *output) collect() []byte {
	_ = o.pipe.SetReadDeadline(time.Unix(1, 0))
	select {
	case part := <-o.parts:
		return part
	case <-o.ended:
		return o.take()
	}
}

func (o *output) close() { _ = o.pipe.Close() }
