package states

import (
	"context"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// LogWriter puts lines at the end of a log stream, which it makes where there is none.
type LogWriter func(ctx context.Context, group, stream string, lines []LogLine) error

// Logging writes the histories of executions to the log groups that their state machines name, behind the executions: what a
// crash finds unwritten is lost, as on AWS.
type Logging struct {
	states *Service
	write  LogWriter
	failed func(error)

	mu      sync.Mutex
	waiting []delivery
	size    int // bytes of waiting
	closed  bool
	news    sync.Cond
	ended   chan struct{}
}

// delivery is a piece of history on its way to a log group.
type delivery struct {
	record  engine.Record
	history []byte
	logging loggingConfiguration
}

// logMemory is how many bytes of history may wait to be written; what comes then is left out, and failed is told.
const logMemory = 64 << 20

// Logs begins to write logs; failed hears of what could not be written.
func (s *Service) Logs(write LogWriter, failed func(error)) *Logging {
	l := &Logging{states: s, write: write, failed: failed, ended: make(chan struct{})}
	l.news.L = &l.mu
	go l.run()
	return l
}

// Observe takes what an engine made durable (engine.Options.Observe). It returns at once.
func (l *Logging) Observe(record engine.Record, history []byte) {
	logging := l.states.loggingOf(record.Revision)
	if logging.Level == "OFF" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.size+len(history) > logMemory {
		l.failed(fault.New(fault.Unavailable, "log %s: the log groups do not keep up, %d bytes of history are left out", record.ARN, len(history)))
		return
	}
	l.waiting = append(l.waiting, delivery{record, history, logging})
	l.size += len(history)
	l.news.Signal()
}

// Close writes what waits.
func (l *Logging) Close() {
	l.mu.Lock()
	l.closed = true
	l.news.Signal()
	l.mu.Unlock()
	<-l.ended
}

// loggingOf is the configuration of a revision.
func (s *Service) loggingOf(revision string) loggingConfiguration {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r := s.revisions[revision]; r != nil && r.Logging.Level != "" {
		return r.Logging
	}
	return noLogging()
}

func (l *Logging) run() {
	defer close(l.ended)
	for {
		taken, open := l.take()
		for _, d := range taken {
			if err := l.deliver(d); err != nil {
				l.failed(fault.New(fault.KindOf(err), "log %s", d.record.ARN).Because(err))
			}
		}
		if !open {
			return
		}
	}
}

// take returns what waits, once there is something; open is false when nothing comes any more.
func (l *Logging) take() (taken []delivery, open bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.waiting) == 0 && !l.closed {
		l.news.Wait()
	}
	taken, l.waiting, l.size = l.waiting, nil, 0
	return taken, len(taken) > 0
}

func (l *Logging) deliver(d delivery) error {
	list, err := value.Parse(string(d.history))
	if err != nil {
		return err
	}
	var lines []LogLine
	for _, item := range list.Items() {
		event, err := machine.HistoryEventOf(item)
		if err != nil {
			return err
		}
		if logged(d.logging.Level, event.Type) {
			lines = append(lines, lineOf(&d.record, event, d.logging.IncludeExecutionData))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	for _, destination := range d.logging.Destinations {
		if group := destination.CloudWatchLogsLogGroup; group != nil {
			err = l.write(context.Background(), group.name(), streamOf(&d.record), lines)
		}
	}
	return err
}

// name is the log group's own name.
func (g *logGroup) name() string {
	_, name, _ := strings.Cut(g.LogGroupArn, ":log-group:")
	return strings.TrimSuffix(name, ":*")
}

// streamOf names the stream of an execution: one for each state machine and day.
func streamOf(r *engine.Record) string {
	return "states/" + r.StateMachineName + "/" + r.StartTime.Format("2006-01-02")
}
