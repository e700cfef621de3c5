package warehouse

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// expandLikes replaces LIKE clauses by the columns of their tables. The new table inherits keys, encodings and NOT NULL,
// not the identity and constraints, and the defaults only if asked for.
func (s *Session) expandLikes(ctx context.Context, c *syntax.CreateTable) error {
	added := 0
	for _, like := range c.Likes {
		if err := s.mustExist(ctx, like.Table); err != nil {
			return err
		}
		columns, err := s.columns(ctx, like.Table, &c.Attributes)
		if err != nil {
			return err
		}
		for i := range columns {
			columns[i].Identity = nil
			if !like.IncludingDefaults {
				columns[i].Default = nil
			}
		}
		c.Columns = slices.Insert(slices.Clone(c.Columns), like.Before+added, columns...)
		added += len(columns)
	}
	c.Likes = nil
	return nil
}

// columns returns the columns of a table as they were defined, and puts its keys into attributes that have none.
func (s *Session) columns(ctx context.Context, n syntax.Name, a *syntax.Attributes) ([]syntax.Column, error) {
	if s.isTemporary(n) {
		if known := s.temporary[n.Name]; known != nil {
			return slices.Clone(known), nil
		}
		return s.backendColumns(ctx, n)
	}
	rows, err := all(ctx, s.conn, `SELECT column_name, type, not_null, default_text, encode, dist_key, sort_key, identity_seed, identity_step, identity_by_default
		FROM stepwell.column_fact WHERE schema_name = $1 AND table_name = $2 ORDER BY ordinal`, s.schemaOf(n), n.Name)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return s.backendColumns(ctx, n)
	}
	columns := make([]syntax.Column, len(rows))
	sortKey := map[int64]string{}
	for i, row := range rows {
		if columns[i], err = columnOf(row); err != nil {
			return nil, err
		}
		if place := row[6].(int64); place > 0 {
			sortKey[place] = columns[i].Name
		}
	}
	if len(a.SortKey) == 0 && len(sortKey) > 0 {
		a.SortStyle = "COMPOUND"
		for place := int64(1); sortKey[place] != ""; place++ {
			a.SortKey = append(a.SortKey, sortKey[place])
		}
	}
	return columns, nil
}

// targetColumns returns the columns of a table that is written, which a loop in a procedure asks for again and again.
func (s *Session) targetColumns(ctx context.Context, n syntax.Name) ([]syntax.Column, error) {
	name := s.lockName(n)
	if name == "" {
		name = n.Name
	}
	if known := s.tx.targets[name]; known != nil {
		return known, nil
	}
	shared := s.tx.begun && !s.tx.defines && !s.isTemporary(n)
	if shared {
		if known := s.warehouse.definitions.of(name, s.tx.generation); known != nil {
			return known, nil
		}
	}
	columns, err := s.columns(ctx, n, &syntax.Attributes{})
	if err != nil {
		return nil, err
	}
	s.tx.targets[name] = columns
	if shared {
		s.warehouse.definitions.keep(name, columns, s.tx.generation)
	}
	return columns, nil
}

// columnOf rebuilds a definition from its facts.
func columnOf(row []any) (syntax.Column, error) {
	c := syntax.Column{Name: row[0].(string), NotNull: row[2].(bool), Encode: row[4].(string), DistKey: row[5].(bool)}
	tokens, err := syntax.Scan(row[1].(string))
	if err != nil {
		return c, err
	}
	if c.Type, _, err = syntax.ParseType(tokens); err != nil {
		return c, err
	}
	if text, ok := row[3].(string); ok {
		if c.Default, err = syntax.Scan(text); err != nil {
			return c, err
		}
	}
	if seed, ok := row[7].(int64); ok {
		c.Identity = &syntax.Identity{Seed: seed, Step: row[8].(int64), ByDefault: row[9].(bool)}
	}
	return c, nil
}

// backendColumns describes a table without facts: a temporary one, or one made from a query.
func (s *Session) backendColumns(ctx context.Context, n syntax.Name) ([]syntax.Column, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM "+translate.Name(n)+" LIMIT 0")
	if err != nil {
		return nil, err
	}
	columns := make([]syntax.Column, len(rows.Columns()))
	for i, c := range rows.Columns() {
		columns[i] = syntax.Column{Name: c.Name, Type: c.declared()}
	}
	return columns, rows.Close()
}
