// Package inventory tells people what a warehouse holds: its schemas, tables and procedures, what was loaded, and the jobs that
// load. It asks a session in SQL, through the views that Redshift has, as any client could; it is no part of running
// statements and keeps nothing.
//
//	session, err := w.Session(ctx, warehouse.SessionConfig{ReadOnly: true})
//	relations, err := inventory.Relations(ctx, session, inventory.Filter{Schema: "public"}, inventory.Page{Limit: 100})
package inventory

import (
	"context"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/warehouse"
)

// row is one row of an answer.
type row []any

func (r row) text(i int) string {
	s, _ := r[i].(string)
	return s
}

// number reads whole numbers; those beyond 64 bits come as text.
func (r row) number(i int) int64 {
	switch v := r[i].(type) {
	case int64:
		return v
	case float64:
		return int64(v)
	case string:
		n, _ := strconv.ParseInt(v, 10, 64) // 0 for what is none
		return n
	}
	return 0
}

func (r row) truth(i int) bool {
	b, _ := r[i].(bool)
	return b
}

func (r row) moment(i int) time.Time {
	t, _ := r[i].(time.Time)
	return t
}

// ask runs one query. The names in parameters stand in it as :name. Nothing of it is in the record of statements.
func ask(ctx context.Context, s *warehouse.Session, sql string, parameters map[string]string) ([]row, error) {
	var answers warehouse.Collector
	if err := s.Run(ctx, sql, warehouse.Run{Parameters: parameters, Unrecorded: true}, &answers); err != nil {
		return nil, err
	}
	values := answers.Answers[0].Values
	rows := make([]row, len(values))
	for i, v := range values {
		rows[i] = v
	}
	return rows, nil
}
