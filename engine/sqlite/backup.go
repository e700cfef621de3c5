package sqlite

import (
	"context"
	"errors"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Backup copies state.db as it is at one moment into a new file, while others write.
func (s *Store) Backup(ctx context.Context, file string) error {
	conn, err := sqlite.OpenConn(s.path, sqlite.OpenReadOnly)
	if err != nil {
		return s.fault("back up", err)
	}
	conn.SetInterrupt(ctx.Done())
	err = sqlitex.ExecuteTransient(conn, "VACUUM INTO ?", &sqlitex.ExecOptions{Args: []any{file}})
	return s.fault("back up", errors.Join(err, conn.Close()))
}
