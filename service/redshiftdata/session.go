package redshiftdata

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// connection is whom a statement connects as, and to what.
type connection struct {
	ClusterIdentifier string `json:",omitempty"`
	WorkgroupName     string `json:",omitempty"`
	Database          string
	DbUser            string `json:",omitempty"`
	SecretArn         string `json:",omitempty"`
}

// session is one connection that statements use one after another: its temporary tables, settings and transaction last
// from statement to statement. It lives in memory only and ends with the process. The service's mu guards everything but
// conn, which belongs to the statement that runs.
type session struct {
	id        string
	to        connection
	created   time.Time
	updated   time.Time
	keepAlive time.Duration // how long it is kept without a statement
	busy      *statement    // nil: it waits for the next one
	closed    bool
	conn      *warehouse.Session // nil until the first statement connects
	timer     *time.Timer
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// ends returns when a session closes if no statement comes.
func (n *session) ends() time.Time {
	idle, last := n.updated.Add(n.keepAlive), n.created.Add(maxSessionLife)
	if idle.Before(last) {
		return idle
	}
	return last
}

// join gives a new statement its place in the session that it names or makes. The caller holds mu.
func (s *Service) join(st *statement) error {
	request := &st.record.Request
	s.closeIdle()
	if request.SessionID == "" {
		if request.KeepAlive == nil || *request.KeepAlive == 0 {
			return nil
		}
		return s.makeSession(st, uuid.NewString())
	}
	n, ok := s.sessions[request.SessionID]
	switch {
	case !ok || n.closed:
		return missing(request.SessionID, "Session %s does not exist or is closed", request.SessionID)
	case n.busy != nil:
		return invalid("Session %s is busy with the statement %s", n.id, n.busy.record.ID)
	case !request.connection.within(n.to):
		return invalid("The connection of the session %s cannot be changed", n.id)
	}
	if request.KeepAlive != nil {
		n.keepAlive = seconds(*request.KeepAlive)
	}
	s.occupy(n, st)
	return nil
}

// makeSession opens a session for a statement. The caller holds mu or is alone.
func (s *Service) makeSession(st *statement, id string) error {
	open := 0
	for _, n := range s.sessions {
		if !n.closed {
			open++
		}
	}
	if open >= s.quotas.sessions {
		return fault.New(fault.Throttled, "Active sessions exceeded the allowed quota (%d).", s.quotas.sessions).WithCode(codeActiveSessions)
	}
	now := s.now().UTC()
	n := &session{id: id, to: st.record.Request.connection, keepAlive: seconds(*st.record.Request.KeepAlive), created: now}
	s.sessions[id] = n
	s.occupy(n, st)
	return nil
}

func (s *Service) occupy(n *session, st *statement) {
	n.busy, n.updated = st, s.now().UTC()
	if n.timer != nil {
		n.timer.Stop()
	}
	st.session = n
	st.record.SessionID, st.record.Connection = n.id, n.to
}

// within reports whether what is given of a connection is the same in another one.
func (c connection) within(to connection) bool {
	same := func(given, has string) bool { return given == "" || given == has }
	return same(c.ClusterIdentifier, to.ClusterIdentifier) && same(c.WorkgroupName, to.WorkgroupName) &&
		same(c.Database, to.Database) && same(c.DbUser, to.DbUser) && same(c.SecretArn, to.SecretArn)
}

// leave frees the session that a statement has used; one that is not kept, or never connected, is closed. The caller holds mu.
func (s *Service) leave(st *statement) {
	n := st.session
	if n == nil {
		return
	}
	n.busy, n.updated = nil, s.now().UTC()
	if n.keepAlive == 0 || n.conn == nil {
		s.shut(n)
		return
	}
	n.timer = time.AfterFunc(n.ends().Sub(n.updated), func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.closeIdle()
	})
}

// closeIdle closes the sessions whose time is over. The caller holds mu.
func (s *Service) closeIdle() {
	now := s.now()
	for _, n := range s.sessions {
		if !n.closed && n.busy == nil && !now.Before(n.ends()) {
			s.shut(n)
		}
	}
}

// shut ends a session. The caller holds mu.
func (s *Service) shut(n *session) {
	n.closed, n.updated = true, s.now().UTC()
	if n.timer != nil {
		n.timer.Stop()
	}
	if s.closed || n.conn == nil { // Close itself closes what is left
		return
	}
	conn := n.conn
	n.conn = nil
	s.work.Go(func() { _ = conn.Close() }) // its transaction is rolled back, whatever the connection answers
}

// closeSessions is the last of Close: nothing runs any more.
func (s *Service) closeSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.sessions {
		if n.timer != nil {
			n.timer.Stop()
		}
		if n.conn != nil {
			_ = n.conn.Close()
		}
	}
}

// connect opens a connection for a statement, or takes that of its session.
func (s *Service) connect(ctx context.Context, st *statement) (conn *warehouse.Session, release func() error, err error) {
	to, n := st.record.to(), st.session
	if n == nil && st.record.SessionID != "" {
		return nil, nil, fault.New(fault.Unavailable, "the session %s ended with the process that had it; whether the statement was committed is not known",
			st.record.SessionID)
	}
	if n != nil && n.conn != nil {
		return n.conn, func() error { return nil }, nil
	}
	conn, err = s.warehouse.Session(ctx, warehouse.SessionConfig{User: to.DbUser, Database: to.Database})
	if err != nil {
		return nil, nil, err
	}
	if n == nil {
		return conn, conn.Close, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n.conn = conn
	return conn, func() error { return nil }, nil
}
