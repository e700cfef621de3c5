package warehouse

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// SessionConfig says who opens a session.
type SessionConfig struct {
	// User is what current_user answers; default "awsuser".
	User string
	// Database is the name given by the client. The first name given is the database's from then on, others do not exist.
	Database string
	// ReadOnly refuses every statement that writes.
	ReadOnly bool
}

// Session is one client's connection: its transaction, temporary tables and settings. It serves one call at a time.
type Session struct {
	warehouse *Warehouse
	conn      Conn
	user      string
	database  string
	readOnly  bool
	pid       int64
	settings  map[string]string
	// settingsTold says that the connection knows the settings as they are.
	settingsTold bool
	// zone is the time zone in which moments are shown; nil is UTC.
	zone *time.Location
	// temporary has the session's own tables, which nobody else can lock, with their columns where these are known.
	temporary map[string][]syntax.Column
	cursors   map[string]*cursor
	prepared  map[string]*syntax.Prepare

	tx *transaction
	// block says that the transaction was opened by BEGIN or is a batch; aborted that an error ended it and everything up
	// to the end of the block is refused.
	block, aborted bool
	// held are the locks of the last transaction, irrevocable forbids to run the statement again: see retry.
	held        demand
	irrevocable bool
	// calls counts the procedures that run; lastID is the number of the statement before.
	calls  int
	lastID int64
	// transaction is the number of the last one, waited how long statements have waited for locks, and filled where the rows of
	// temporary tables came from: what the record of statements says.
	transaction int64
	waited      time.Duration
	filled      map[string]map[string]bool
}

// Session opens a session.
func (w *Warehouse) Session(ctx context.Context, c SessionConfig) (*Session, error) {
	conn, err := w.backend.Connect(ctx)
	if err != nil {
		return nil, err
	}
	name, err := w.database.connect(ctx, conn, c.Database)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	s := &Session{warehouse: w, conn: conn, user: c.User, readOnly: c.ReadOnly, pid: w.pids.Add(1), settings: maps.Clone(parameterDefaults),
		temporary: map[string][]syntax.Column{}, cursors: map[string]*cursor{}, prepared: map[string]*syntax.Prepare{}, database: name, filled: map[string]map[string]bool{}}
	if s.user == "" {
		s.user = "awsuser"
	}
	for parameter, value := range map[string]string{"pid": strconv.FormatInt(s.pid, 10), "user": s.user, "database": name} {
		if err := conn.Set(ctx, parameter, value); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return s, nil
}

// PID is the number that pg_backend_pid() answers in this session.
func (s *Session) PID() int64 { return s.pid }

// Close rolls back what is open, drops the session's temporary tables and frees the connection.
func (s *Session) Close() error {
	s.rollback()
	return s.conn.Close()
}
