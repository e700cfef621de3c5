// Package pgwire is the PostgreSQL port: the wire protocol, version 3, over sessions of a warehouse. It speaks as Redshift
// does (server_version 8.0.2, no COPY FROM STDIN) and knows no SQL but what the protocol itself needs: where statements
// end, which ones begin and end blocks, and where parameters stand.
//
//	l, err := net.Listen("tcp", "127.0.0.1:5439")
//	err = pgwire.Serve(ctx, l, pgwire.Options{Warehouse: w})
//
// Tested with psql 15, pgx 5, PostgreSQL's JDBC driver 42.5 and node's pg 8. Known weaknesses: before a query runs its JSON columns
// are described as varchar and its texts without their lengths; parameters are written into the statement as literals of their
// types, so a position in an error is not given where there are any.
package pgwire

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// Options say what a port serves and to whom.
type Options struct {
	Warehouse *warehouse.Warehouse
	// Users may log in, by their names; passwords are checked by SCRAM-SHA-256. Without any, everybody is trusted, which is only
	// allowed on a loopback address.
	Users map[string]User
	// Temporary, if set, tells which further logins a name has at this moment, such as those of GetClusterCredentials.
	Temporary func(name string) []User
	// TLS is offered to clients that ask. On an address that is not loopback it is required.
	TLS *tls.Config
	// Log, if set, receives broken promises of ours; what clients do wrong goes to them alone.
	Log *slog.Logger

	limits limits
}

// limits bound what one client can take from the others.
type limits struct {
	connections int
	// startup is the time until a client is logged in, idle the time between two messages, write the time for which a
	// client may refuse to read.
	startup, idle, write time.Duration
	// message is the longest message in bytes behind the login.
	message int
}

// The numbers of Redshift where it has one: 500 connections, statements of 16 MB.
var defaultLimits = limits{connections: 500, startup: 10 * time.Second, idle: 4 * time.Hour, write: 5 * time.Minute, message: 17 << 20}

type server struct {
	Options
	users  users
	public bool

	mu          sync.Mutex
	connections map[uint32]*connection
	count       int
	done        sync.WaitGroup
}

// Serve answers clients until ctx is done, which ends what runs and tells the clients, or until the listener fails. It closes
// the listener. It refuses at once (kind Denied) to listen beyond loopback without users and TLS.
func Serve(ctx context.Context, l net.Listener, o Options) error {
	s, err := newServer(l.Addr(), o)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	err = s.accept(ctx, l)
	cancel()
	s.done.Wait()
	return err
}

func newServer(address net.Addr, o Options) (*server, error) {
	if o.limits == (limits{}) {
		o.limits = defaultLimits
	}
	s := &server{Options: o, public: !isLoopback(address), connections: map[uint32]*connection{}}
	if s.public && (len(o.Users) == 0 || o.TLS == nil) {
		return nil, fault.New(fault.Denied, "the PostgreSQL port listens on %s, which others can reach: it needs users and TLS", address)
	}
	var err error
	s.users, err = newUsers(o.Users)
	return s, err
}

func isLoopback(address net.Addr) bool {
	switch a := address.(type) {
	case *net.TCPAddr:
		return a.IP.IsLoopback()
	case *net.UnixAddr:
		return true
	}
	return false
}

// accept starts a goroutine for each client. An error of one Accept, as when file descriptors run out, is waited out.
func (s *server) accept(ctx context.Context, l net.Listener) error {
	for {
		client, err := l.Accept()
		if ctx.Err() != nil {
			if err == nil {
				_ = client.Close()
			}
			return nil
		}
		var transient interface{ Temporary() bool }
		switch {
		case err == nil:
			s.done.Go(func() { s.admit(ctx, client) })
		case errors.As(err, &transient) && transient.Temporary():
			pause(ctx, 50*time.Millisecond)
		default:
			return fault.New(fault.Unavailable, "accept PostgreSQL clients").Because(err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// admit serves one client if there is room for it.
func (s *server) admit(ctx context.Context, client net.Conn) {
	defer client.Close()
	c := newConnection(s, client)
	defer s.guard(c)
	if !s.enter() {
		c.fatal("53300", "sorry, too many clients already")
		return
	}
	defer s.leave(c)
	c.serve(ctx)
}

// guard keeps a panic of one connection from the others.
func (s *server) guard(c *connection) {
	if cause := recover(); cause != nil {
		if s.Log != nil {
			s.Log.Error("a PostgreSQL connection broke", "cause", cause)
		}
		c.fatal("XX000", "internal error")
	}
}

func (s *server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count >= s.limits.connections {
		return false
	}
	s.count++
	return true
}

func (s *server) leave(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count--
	delete(s.connections, c.pid)
}

// register makes a session known to cancel requests under its number and a new secret.
func (s *server) register(c *connection) {
	c.secret = make([]byte, 4)
	_, _ = rand.Read(c.secret) // never fails
	s.mu.Lock()
	defer s.mu.Unlock()
	s.connections[c.pid] = c
}

// cancel ends the statement that a session runs, if the secret is right. The protocol gives no answer.
func (s *server) cancel(r *pgproto3.CancelRequest) {
	s.mu.Lock()
	c := s.connections[r.ProcessID]
	s.mu.Unlock()
	if c != nil && subtle.ConstantTimeCompare(c.secret, r.SecretKey) == 1 {
		c.interrupt(errCancelled)
	}
}

var errCancelled = errors.New("a cancel request came")
