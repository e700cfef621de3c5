package sqlite

import (
	"context"
	"io"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Put stores a record, instead of the one that has its kind and id; it is durable when Put returns.
func (s *Store) Put(_ context.Context, kind, id string, body []byte) error {
	return s.join(func(conn *sqlite.Conn) error {
		stmt, err := conn.Prepare(`INSERT INTO record (kind, id, body, updated) VALUES ($kind, $id, $body, $updated)
			ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, updated = excluded.updated`)
		if err != nil {
			return err
		}
		stmt.SetText("$kind", kind)
		stmt.SetText("$id", id)
		stmt.SetBytes("$body", body)
		stmt.SetInt64("$updated", time.Now().UnixMilli())
		return run(stmt)
	})
}

// Get returns a record's body, and whether there is one.
func (s *Store) Get(ctx context.Context, kind, id string) (body []byte, ok bool, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		return query(conn, "SELECT body FROM record WHERE kind = ? AND id = ?", []any{kind, id}, func(stmt *sqlite.Stmt) error {
			ok = true
			body, err = io.ReadAll(stmt.ColumnReader(0))
			return err
		})
	})
	return body, ok, err
}

// List calls visit for every record of a kind, ordered by id, and ends with the first error. Visit may use the store.
func (s *Store) List(ctx context.Context, kind string, visit func(id string, body []byte) error) error {
	after := ""
	for {
		page, err := s.page(ctx, kind, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, r := range page {
			if err := visit(r.id, r.body); err != nil {
				return err
			}
			after = r.id
		}
	}
}

type record struct {
	id   string
	body []byte
}

// pageSize bounds what List holds at a time. It keeps no query open while it calls visit, which could wait for a connection.
const pageSize = 16

// page returns the records after an id.
func (s *Store) page(ctx context.Context, kind, after string) (page []record, err error) {
	err = s.read(ctx, func(conn *sqlite.Conn) error {
		const text = "SELECT id, body FROM record WHERE kind = ? AND id > ? ORDER BY id LIMIT ?"
		return query(conn, text, []any{kind, after, pageSize}, func(stmt *sqlite.Stmt) error {
			body, err := io.ReadAll(stmt.ColumnReader(1))
			page = append(page, record{stmt.ColumnText(0), body})
			return err
		})
	})
	return page, err
}

// Delete removes a record; to delete what is not there is no error.
func (s *Store) Delete(_ context.Context, kind, id string) error {
	return s.join(func(conn *sqlite.Conn) error {
		return sqlitex.Execute(conn, "DELETE FROM record WHERE kind = ? AND id = ?", &sqlitex.ExecOptions{Args: []any{kind, id}})
	})
}
