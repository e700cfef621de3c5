// Package duckdb is the embedded backend of the warehouse: one DuckDB database in a file or in memory, one connection for
// each session. It maps DuckDB's types and errors to Redshift's and streams rows; it does not translate statements.
//
//	db, err := duckdb.Open(ctx, "warehouse.duckdb")
//	w, err := warehouse.Open(ctx, db, warehouse.Options{})
//
// Tested against DuckDB 1.5.5. Known weaknesses: DuckDB holds a whole answer in memory before the first row is read, and
// two transactions that write the same rows do not wait for each other, so the warehouse must lock tables before.
package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// Database is an open DuckDB database.
type Database struct {
	connector *duckdb.Connector
	// pool only keeps the connector alive and installs functions; sessions connect for themselves.
	pool    *sql.DB
	sources sources
	scratch scratch
	trimmer *trimmer // nil for a database in memory
}

// Open opens the database in a file, which it makes if there is none; an empty path is a database in memory. It fails
// with kind Conflict when another process has the file open.
func Open(ctx context.Context, path string) (*Database, error) {
	if strings.ContainsAny(path, "?#%") {
		return nil, fault.Invalidf("the path of the warehouse file %q has one of the characters ? # %%", path)
	}
	dsn := path + "?" + url.Values{"autoinstall_known_extensions": {"false"}, "autoload_known_extensions": {"false"}}.Encode()
	connector, err := duckdb.NewConnector(dsn, func(driver.ExecerContext) error { return nil })
	if err != nil {
		return nil, openFault(path, err)
	}
	d := &Database{connector: connector, pool: sql.OpenDB(connector)}
	if path != "" {
		d.trimmer = &trimmer{pool: d.pool, kept: kept}
	}
	if d.scratch, err = newScratch(path); err == nil {
		err = d.prepare(ctx)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func openFault(path string, err error) error {
	if strings.Contains(err.Error(), "Could not set lock on file") {
		return fault.New(fault.Conflict, "the warehouse file %s is in use by another process", path).Because(err)
	}
	return fault.New(fault.Unavailable, "open the warehouse file %s", path).Because(err)
}

// macroSchema holds the macros. It is in memory: a file need not be written when it is opened, and has no old macros.
const macroSchema = "functions.redshift"

// schemas makes those on the search path; the macros are made in the last.
var schemas = []string{
	"CREATE SCHEMA IF NOT EXISTS " + warehouse.DefaultSchema,
	"CREATE SCHEMA IF NOT EXISTS " + warehouse.CatalogSchema,
	"ATTACH ':memory:' AS functions",
	"CREATE SCHEMA " + macroSchema,
	"SET search_path = '" + macroSchema + "'",
}

// closed keeps statements from files and the network, to which DuckDB's own functions and names of tables that look like files
// would lead. What the driver itself writes goes to its scratch folder.
const closed = "SET enable_external_access = false"

// prepare makes what every session expects: the schemas on the search path, and the functions that Redshift has and
// DuckDB does not.
func (d *Database) prepare(ctx context.Context) error {
	c, err := d.pool.Conn(ctx)
	if err != nil {
		return failure(ctx, err)
	}
	defer c.Close()
	if err := installFunctions(ctx, c); err != nil {
		return failure(ctx, err)
	}
	if err := d.sources.install(c); err != nil {
		return failure(ctx, err)
	}
	for _, statement := range append(schemas, macros, d.scratch.allow(), closed) {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return failure(ctx, err)
		}
	}
	return nil
}

// Connect opens a connection for one session.
func (d *Database) Connect(ctx context.Context) (warehouse.Conn, error) {
	c, err := d.connector.Connect(ctx)
	if err != nil {
		return nil, failure(ctx, err)
	}
	conn := &conn{duck: c.(*duckdb.Conn), sources: &d.sources, scratch: d.scratch, trimmer: d.trimmer}
	if err := conn.prepare(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// Close writes what is in memory to the file and frees it.
func (d *Database) Close() error { return errors.Join(d.pool.Close(), d.scratch.remove()) }
