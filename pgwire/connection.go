package pgwire

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/warehouse"
)

// connection is one client: its socket, its session and what the extended protocol has prepared.
type connection struct {
	server  *server
	socket  net.Conn
	reader  *bufio.Reader
	backend *pgproto3.Backend
	session *warehouse.Session
	user    string
	// superuser is what the client is told about itself.
	superuser bool
	origin    origin.Origin
	pid       uint32
	secret    []byte
	// told holds the settings that were reported, as they were then.
	told  map[string]string
	types *pgtype.Map

	statements map[string]*prepared
	portals    map[string]*portal
	// implicit says that the open block is ours: the statements up to the next Sync are one transaction.
	implicit bool
	// waiting is an Execute whose transaction the next message decides about.
	waiting *execution
	// skipping drops messages up to Sync, behind an error of the extended protocol.
	skipping bool
	// cursors counts the cursors that portals with a row limit have opened.
	cursors int

	mu   sync.Mutex
	stop context.CancelCauseFunc
}

func newConnection(s *server, socket net.Conn) *connection {
	c := &connection{server: s, types: pgtype.NewMap(), told: map[string]string{}, statements: map[string]*prepared{}, portals: map[string]*portal{}}
	c.attach(socket)
	return c
}

// attach begins to speak over a socket. What was read ahead from an earlier one is forgotten, so that nothing sent in the
// clear is taken for something sent under TLS.
func (c *connection) attach(socket net.Conn) {
	c.socket = socket
	c.reader = bufio.NewReader(socket)
	c.backend = pgproto3.NewBackend(c.reader, &deadlineWriter{socket, c.server.limits.write})
	c.backend.SetMaxBodyLen(maxLogin)
}

// deadlineWriter gives up on a client that does not read.
type deadlineWriter struct {
	socket net.Conn
	limit  time.Duration
}

func (w *deadlineWriter) Write(b []byte) (int, error) {
	if err := w.socket.SetWriteDeadline(time.Now().Add(w.limit)); err != nil {
		return 0, err
	}
	return w.socket.Write(b)
}

// serve logs the client in and answers its messages until it leaves or ctx is done.
func (c *connection) serve(ctx context.Context) {
	plain := c.socket
	wake := context.AfterFunc(ctx, func() { _ = plain.SetReadDeadline(time.Unix(1, 0)) })
	defer wake()
	if !c.login(ctx) {
		return
	}
	defer func() { _ = c.session.Close() }()
	c.backend.SetMaxBodyLen(c.server.limits.message)
	ctx = origin.With(ctx, c.origin)
	for {
		message, err := c.receive(ctx)
		if err != nil {
			c.complain(ctx, err)
			return
		}
		if !c.handle(ctx, message) {
			return
		}
	}
}

func (c *connection) receive(ctx context.Context) (pgproto3.FrontendMessage, error) {
	if err := c.socket.SetReadDeadline(time.Now().Add(c.server.limits.idle)); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return c.backend.Receive()
}

// complain tells the client why the connection ends, if it still listens.
func (c *connection) complain(ctx context.Context, err error) {
	var broken *net.OpError
	var long *pgproto3.ExceededMaxBodyLenErr
	switch {
	case ctx.Err() != nil:
		c.fatal("57P01", "terminating connection due to administrator command")
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.fatal("57P05", "terminating connection due to idle session timeout")
	case errors.As(err, &long):
		c.fatal("54000", "the message is longer than allowed")
	case errors.As(err, &broken), isEnd(err):
	default:
		c.fatal("08P01", "malformed message: "+err.Error())
	}
}

// handle answers one message; false ends the connection.
func (c *connection) handle(ctx context.Context, message pgproto3.FrontendMessage) bool {
	if c.skipping && !endsSkipping(message) {
		return true
	}
	if !c.settle(ctx, message) {
		return true
	}
	switch m := message.(type) {
	case *pgproto3.Query:
		return c.query(ctx, m.String)
	case *pgproto3.Parse:
		c.extended(c.parse(ctx, m))
	case *pgproto3.Bind:
		c.extended(c.bind(ctx, m))
	case *pgproto3.Describe:
		c.extended(c.describe(ctx, m))
	case *pgproto3.Execute:
		c.extended(c.hold(m))
	case *pgproto3.Close:
		c.extended(c.close(ctx, m))
	case *pgproto3.Sync:
		return c.sync(ctx)
	case *pgproto3.Flush:
		return c.backend.Flush() == nil
	case *pgproto3.FunctionCall:
		c.fail(errFunctionCall, "", 0)
		return c.ready()
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		// A client that began to copy sends these behind our refusal.
	case *pgproto3.Terminate:
		return false
	default:
		c.fatal("08P01", "unexpected message")
		return false
	}
	return true
}

func endsSkipping(message pgproto3.FrontendMessage) bool {
	switch message.(type) {
	case *pgproto3.Sync, *pgproto3.Terminate:
		return true
	}
	return false
}

// ready ends an answer.
func (c *connection) ready() bool {
	status := map[warehouse.BlockState]byte{warehouse.Idle: 'I', warehouse.InBlock: 'T', warehouse.Aborted: 'E'}
	c.backend.Send(&pgproto3.ReadyForQuery{TxStatus: status[c.session.State()]})
	return c.backend.Flush() == nil
}

// run does something that a cancel request and the client's leaving interrupt.
func (c *connection) run(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	c.setStop(cancel)
	defer c.setStop(nil)
	defer c.watch()()
	return do(ctx)
}

func (c *connection) setStop(stop context.CancelCauseFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop = stop
}

func (c *connection) interrupt(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stop != nil {
		c.stop(cause)
	}
}

// watch interrupts what runs when the client goes away. Only reading tells that, so it waits for a byte and leaves it
// there. The function returned ends the watch.
func (c *connection) watch() func() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := c.reader.Peek(1); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			c.interrupt(err)
		}
	}()
	return func() {
		_ = c.socket.SetReadDeadline(time.Unix(1, 0))
		<-done
		_ = c.socket.SetReadDeadline(time.Time{})
	}
}
