package duckdb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// backupName is how the copy is called while it is made, as a database and as a file.
const backupName = "stepwell_backup"

// mainDatabase finds the one that is not for macros.
const mainDatabase = "SELECT database_name FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('functions', '" + backupName + "')"

// Backup copies the database as it is at one moment into a new file, while others go on. DuckDB reaches no file outside its scratch
// folder, so the copy is made there; the file has to be on the same disk.
func (d *Database) Backup(ctx context.Context, file string) error {
	folder, err := d.scratch.make()
	if err != nil {
		return err
	}
	made := filepath.Join(folder, backupName)
	if err = d.copyTo(ctx, made); err == nil {
		err = os.Rename(made, file)
	}
	if err = errors.Join(err, os.RemoveAll(folder)); err != nil {
		return fault.New(fault.Unavailable, "back up the warehouse to %s", file).Because(err)
	}
	return nil
}

// copyTo copies all of the database in one transaction, which sees one state of it.
func (d *Database) copyTo(ctx context.Context, file string) error {
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return err
	}
	var name string
	err = conn.QueryRowContext(ctx, mainDatabase).Scan(&name)
	for _, step := range []string{
		"ATTACH " + quoted(file) + " AS " + backupName, `COPY FROM DATABASE "` + strings.ReplaceAll(name, `"`, `""`) + `" TO ` + backupName,
		"CHECKPOINT " + backupName, // what is only in its log would be lost
	} {
		if err == nil {
			_, err = conn.ExecContext(ctx, step)
		}
	}
	if err != nil {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // of what DuckDB had begun by itself, if it had
	}
	_, detached := conn.ExecContext(context.WithoutCancel(ctx), "DETACH DATABASE IF EXISTS "+backupName)
	return errors.Join(err, detached, conn.Close())
}
