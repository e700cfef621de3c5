package sqlite

import (
	"context"
	"fmt"
	"io"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/stepwell/stepwell/kv"
)

// Change carries out all changes, or none.
func (s *Store) Change(_ context.Context, changes []kv.Change) error {
	return s.join(func(conn *sqlite.Conn) error {
		for _, c := range changes {
			if err := change(conn, c); err != nil {
				return err
			}
		}
		return nil
	})
}

func change(conn *sqlite.Conn, c kv.Change) error {
	if c.Body == nil {
		stmt, err := conn.Prepare("DELETE FROM pair WHERE space = $space AND key = $key")
		if err != nil {
			return err
		}
		stmt.SetInt64("$space", c.Space)
		stmt.SetBytes("$key", c.Key)
		return run(stmt)
	}
	stmt, err := conn.Prepare(`INSERT INTO pair (space, key, body) VALUES ($space, $key, $body)
		ON CONFLICT (space, key) DO UPDATE SET body = excluded.body`)
	if err != nil {
		return err
	}
	stmt.SetInt64("$space", c.Space)
	stmt.SetBytes("$key", c.Key)
	stmt.SetBytes("$body", c.Body)
	return run(stmt)
}

// Load returns the body under a key; ok is false when there is none.
func (s *Store) Load(ctx context.Context, space int64, key []byte) (body []byte, ok bool, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, "SELECT body FROM pair WHERE space = ? AND key = ?", []any{space, key}, func(stmt *sqlite.Stmt) error {
			ok = true
			body, err = io.ReadAll(stmt.ColumnReader(0))
			return err
		})
	})
	return body, ok, err
}

// Page returns the pairs of a range, in the order of their keys.
func (s *Store) Page(ctx context.Context, r kv.Range) (page []kv.Pair, err error) {
	text, args := "SELECT key, body FROM pair WHERE space = ? AND key >= ?", []any{r.Space, append([]byte{}, r.From...)}
	if r.To != nil {
		text, args = text+" AND key < ?", append(args, r.To)
	}
	direction := "ASC"
	if r.Descending {
		direction = "DESC"
	}
	text = fmt.Sprintf("%s ORDER BY key %s LIMIT ?", text, direction)
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, text, append(args, r.Limit), func(stmt *sqlite.Stmt) error {
			key, err := io.ReadAll(stmt.ColumnReader(0))
			if err != nil {
				return err
			}
			body, err := io.ReadAll(stmt.ColumnReader(1))
			page = append(page, kv.Pair{Key: key, Body: body})
			return err
		})
	})
	return page, err
}

// Size returns how many pairs a space has, and the bytes of their bodies.
func (s *Store) Size(ctx context.Context, space int64) (pairs, bytes int64, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		const text = "SELECT count(*), coalesce(sum(length(body)), 0) FROM pair WHERE space = ?"
		return query(conn, text, []any{space}, func(stmt *sqlite.Stmt) error {
			pairs, bytes = stmt.ColumnInt64(0), stmt.ColumnInt64(1)
			return nil
		})
	})
	return pairs, bytes, err
}

// Clear removes all pairs of a space.
func (s *Store) Clear(_ context.Context, space int64) error {
	return s.write(func(conn *sqlite.Conn) error {
		return sqlitex.Execute(conn, "DELETE FROM pair WHERE space = ?", &sqlitex.ExecOptions{Args: []any{space}})
	})
}
