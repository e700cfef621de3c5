package sqlite

import (
	"embed"
	"fmt"
	"io/fs"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/fault"
)

// migrations are applied in the order of their names; how many were is the database's user_version.
//
//go:embed migration/*.sql
var migrations embed.FS

func migrate(conn *sqlite.Conn) error {
	names, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return err
	}
	done, err := sqlitex.ResultInt(conn.Prep("PRAGMA user_version"))
	if err != nil {
		return err
	}
	if done > len(names) {
		return fault.Invalidf("the database was written by a later version of Stepwell (its schema is %d, this program knows %d)",
			done, len(names))
	}
	for i := done; i < len(names); i++ {
		if err := apply(conn, names[i], i+1); err != nil {
			return err
		}
	}
	return nil
}

// behind says that there are migrations to apply.
func behind(conn *sqlite.Conn) (bool, error) {
	names, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return false, err
	}
	done, err := sqlitex.ResultInt(conn.Prep("PRAGMA user_version"))
	return done < len(names), err
}

// apply runs one migration, and notes that it was run, in one transaction.
func apply(conn *sqlite.Conn, name string, version int) error {
	script, err := fs.ReadFile(migrations, name)
	if err != nil {
		return err
	}
	return sqlitex.ExecuteScript(conn, fmt.Sprintf("%s\nPRAGMA user_version = %d;", script, version), nil)
}
