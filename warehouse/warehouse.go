// Package warehouse is Redshift's behaviour over a backend: sessions, transactions, table locks, stored procedures, COPY
// and the catalog facts that only Redshift has. It is not a database (a Backend is) and it knows no protocol.
//
// A session runs texts of statements and gives their answers to a sink:
//
//	w, err := warehouse.Open(ctx, backend, warehouse.Options{})
//	s, err := w.Session(ctx, warehouse.SessionConfig{User: "etl"})
//	defer s.Close()
//	var answers warehouse.Collector
//	err = s.Run(ctx, "create table t (a int); insert into t values (1)", warehouse.Run{}, &answers)
//
// A statement outside BEGIN is a transaction of its own. It goes: parse, wait for table locks, open the backend's
// transaction (so that its snapshot has what the locks waited for), run, commit, release the locks. A backend that still
// finds a conflict makes the statement run again. Errors hold a *fault.Fault: Code is the SQLSTATE, Position the place in
// the text; an error inside a procedure is also a *plpgsql.Failure with its CONTEXT.
package warehouse

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/warehouse/lock"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// Options are the surroundings of a warehouse.
type Options struct {
	// Buckets is where COPY reads; without it every COPY fails.
	Buckets bucket.Store
	// Observe, if set, hears of every statement of a client when it begins and when it ends. It must return at once.
	Observe func(querylog.Query)
	// Unrecorded, if set, hears once that the record of statements cannot be stored, and with a nil error that it can be again and
	// how many statements it misses.
	Unrecorded func(missing int64, err error)
	// Waiting, if set, is called when a statement begins to wait for a table lock. It must return at once.
	Waiting func(table string, m lock.Mode)
}

// Warehouse is one database with all its sessions.
type Warehouse struct {
	backend     Backend
	options     Options
	tables      lock.Tables
	database    database
	history     history
	definitions definitions
	procedures  procedures
	loads       loads
	unloads     unloads
	// copyJobsChanged has room for one signal, which stands for all changes since it was read.
	copyJobsChanged chan struct{}
	// queries is the record of statements, which store keeps.
	queries      *querylog.Log
	store        *queryStore
	pids         atomic.Int64
	transactions atomic.Int64
}

// Open prepares a backend: it makes the internal tables on the first time. The backend belongs to the warehouse then.
func Open(ctx context.Context, backend Backend, o Options) (*Warehouse, error) {
	c, err := backend.Connect(ctx)
	if err != nil {
		return nil, err
	}
	w := &Warehouse{backend: backend, options: o, tables: lock.Tables{Waiting: o.Waiting}, history: history{writer: map[string]uint64{}},
		copyJobsChanged: make(chan struct{}, 1)}
	err = ensureCatalog(ctx, c)
	if err == nil {
		err = w.database.load(ctx, c)
	}
	if err == nil {
		err = w.openQueries(ctx, c)
	}
	if err := errors.Join(err, c.Close()); err != nil {
		return nil, err
	}
	return w, nil
}

// Close closes the backend. All sessions must be closed before.
func (w *Warehouse) Close() error { return errors.Join(w.closeQueries(), w.backend.Close()) }
