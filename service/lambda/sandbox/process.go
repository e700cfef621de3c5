package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/value"
)

// box is one process.
type box struct {
	setup  lambda.Setup
	secret string
	forget func()

	command *exec.Cmd
	output  *output
	began   time.Time
	scratch string        // its folder for temporary files
	exited  chan struct{} // closed when the process has ended
	ending  error         // how, then
	once    sync.Once

	ready  chan struct{} // closed when the process first asks for an event
	asked  sync.Once
	broken chan []byte // an error of the initialization
	events chan *event

	mu      sync.Mutex
	current *event // under way
	used    bool   // an event was handed over
	took    time.Duration
}

// event is an invocation on its way through the Runtime API.
type event struct {
	lambda.Invocation
	deadline time.Time
	reply    chan reply
}

// reply is what the process answered.
type reply struct {
	payload []byte
	failed  bool
	note    string
}

func newBox(s lambda.Setup, secret string) *box {
	return &box{
		setup: s, secret: secret, began: time.Now(), exited: make(chan struct{}), ready: make(chan struct{}), broken: make(chan []byte, 1),
		events: make(chan *event),
	}
}

func (b *box) start(command, environment []string) error {
	trouble := func(err error) error {
		return fault.New(fault.Unavailable, "start the function %s", b.setup.Function).Because(err).WithCode(lambda.CodeEntrypoint)
	}
	scratch, err := os.MkdirTemp("", "stepwell-function-")
	if err != nil {
		return trouble(err)
	}
	in, out, err := os.Pipe()
	if err != nil {
		return trouble(errors.Join(err, os.RemoveAll(scratch)))
	}
	b.scratch = scratch
	b.command = exec.Command(command[0], command[1:]...)
	b.command.Dir, b.command.Env = b.setup.Code, append(environment, "TMPDIR="+scratch)
	b.command.Stdout, b.command.Stderr = out, out
	b.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	err = b.command.Start()
	_ = out.Close()
	if err != nil {
		return trouble(errors.Join(err, in.Close(), os.RemoveAll(scratch)))
	}
	b.output = newOutput(in)
	go b.wait()
	return nil
}

// wait ends what the process has started once it is gone itself.
func (b *box) wait() {
	b.ending = b.command.Wait()
	b.kill()
	close(b.exited)
}

func (b *box) kill() { _ = syscall.Kill(-b.command.Process.Pid, syscall.SIGKILL) }

// Close ends the process and everything in its group.
func (b *box) Close() {
	b.once.Do(func() {
		b.forget()
		select {
		case <-b.exited:
		default:
			b.kill()
			<-b.exited
		}
		b.output.close()
		_ = os.RemoveAll(b.scratch)
	})
}

// initLimit is how long a process may take to ask for its first event, unless its function may take longer.
const initLimit = 10 * time.Second

// Invoke hands an event over and waits for its end.
func (b *box) Invoke(ctx context.Context, i lambda.Invocation) lambda.Outcome {
	var o lambda.Outcome
	if failure, ok := b.prepare(ctx, i.RequestID); !ok {
		o = failure
		o.Duration = time.Since(b.began)
		return b.finish(o)
	}
	if !b.used {
		b.used, o.Init, o.Began = true, b.took, b.output.collect()
	}
	e := &event{Invocation: i, reply: make(chan reply, 1), deadline: time.Now().Add(b.setup.Timeout)}
	limit := time.NewTimer(b.setup.Timeout)
	defer limit.Stop()
	from := time.Now()
	select {
	case b.events <- e:
	case <-b.exited:
		return lambda.Outcome{Dead: true, Untaken: true}
	case <-ctx.Done():
		return b.finish(b.closed(i.RequestID))
	case <-limit.C:
		return b.finish(b.timedOut(i.RequestID))
	}
	answer := b.await(ctx, e, limit.C)
	answer.Init, answer.Began, answer.Duration = o.Init, o.Began, time.Since(from)
	return b.finish(answer)
}

// prepare waits until the process asks for its first event. If it does not get there, the outcome says why.
func (b *box) prepare(ctx context.Context, request string) (lambda.Outcome, bool) {
	select {
	case <-b.ready:
		return lambda.Outcome{}, true
	default:
	}
	limit := time.NewTimer(max(initLimit, b.setup.Timeout))
	defer limit.Stop()
	select {
	case <-b.ready:
		return lambda.Outcome{}, true
	case failure := <-b.broken:
		return lambda.Outcome{Payload: failure, Failed: true, Dead: true}, false
	case <-b.exited:
		select {
		case failure := <-b.broken: // it told why before it ended
			return lambda.Outcome{Payload: failure, Failed: true, Dead: true}, false
		default:
		}
		return b.died(request), false
	case <-ctx.Done():
		return b.closed(request), false
	case <-limit.C:
		return b.timedOut(request), false
	}
}

// await waits for the answer to an event that the process has. An answer that came with the end of the process counts.
func (b *box) await(ctx context.Context, e *event, limit <-chan time.Time) lambda.Outcome {
	select {
	case r := <-e.reply:
		return lambda.Outcome{Payload: r.payload, Failed: r.failed, Note: r.note}
	case <-b.exited:
		select {
		case r := <-e.reply:
			return lambda.Outcome{Payload: r.payload, Failed: r.failed, Note: r.note, Dead: true}
		default:
		}
		return b.died(e.RequestID)
	case <-ctx.Done():
		return b.closed(e.RequestID)
	case <-limit:
		return b.timedOut(e.RequestID)
	}
}

// finish adds what is known of the process, and ends it if it is of no more use.
func (b *box) finish(o lambda.Outcome) lambda.Outcome {
	b.mu.Lock()
	b.current = nil
	b.mu.Unlock()
	o.Memory = peakMemory(b.command.Process.Pid)
	if o.Dead {
		b.kill()
	}
	o.Output = b.output.collect()
	if o.Dead {
		b.Close()
	}
	return o
}

func (b *box) timedOut(request string) lambda.Outcome {
	note := fmt.Sprintf("Task timed out after %.2f seconds", b.setup.Timeout.Seconds())
	return lambda.Outcome{
		Failed: true, Dead: true, Payload: platformError("Sandbox.Timedout", request, note),
		Note: time.Now().UTC().Format("2006-01-02T15:04:05.000Z") + " " + request + " " + note,
	}
}

func (b *box) died(request string) lambda.Outcome {
	text := "Runtime exited without providing a reason"
	if b.ending != nil {
		text = "Runtime exited with error: " + b.ending.Error()
	}
	return lambda.Outcome{
		Failed: true, Dead: true, Payload: platformError("Runtime.ExitError", request, text),
		Note: "RequestId: " + request + " Error: " + text + "\nRuntime.ExitError",
	}
}

func (b *box) closed(request string) lambda.Outcome {
	return lambda.Outcome{Failed: true, Dead: true, Payload: platformError("Runtime.Closed", request, "Stepwell ended while the function ran")}
}

// platformError describes an error that is not the function's own.
func platformError(kind, request, text string) []byte {
	return []byte(value.OfMembers(
		value.Member{Key: "errorType", Value: value.OfString(kind)},
		value.Member{Key: "errorMessage", Value: value.OfString("RequestId: " + request + " Error: " + text)},
	).Text())
}
