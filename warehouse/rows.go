package warehouse

import "context"

// memoryRows is an answer that is there already.
type memoryRows struct {
	columns []Column
	values  [][]any
}

func (m *memoryRows) Columns() []Column { return m.columns }

func (m *memoryRows) Next() ([]any, error) {
	if len(m.values) == 0 {
		return nil, nil
	}
	row := m.values[0]
	m.values = m.values[1:]
	return row, nil
}

func (m *memoryRows) Close() error { return nil }

// textRows is an answer of one column of text.
type textRows struct {
	name  string
	lines []string
}

func (t *textRows) Columns() []Column { return []Column{{Name: t.name, Type: "varchar"}} }

func (t *textRows) Next() ([]any, error) {
	if len(t.lines) == 0 {
		return nil, nil
	}
	row := []any{t.lines[0]}
	t.lines = t.lines[1:]
	return row, nil
}

func (t *textRows) Close() error { return nil }

// one returns a copy of the first row of a query on the internal tables, nil if there is none.
func one(ctx context.Context, c Conn, sql string, args ...any) ([]any, error) {
	rows, err := all(ctx, c, sql, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// all returns all rows of a query on the internal tables.
func all(ctx context.Context, c Conn, sql string, args ...any) (values [][]any, err error) {
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closing := rows.Close(); err == nil {
			err = closing
		}
	}()
	for {
		row, err := rows.Next()
		if row == nil || err != nil {
			return values, err
		}
		values = append(values, append([]any(nil), row...))
	}
}
