package warehouse

import "context"

// mark names one statement of one run: the token is the caller's, the ordinal counts statements from 0.
type mark struct {
	token   string
	ordinal int
}

// wholeBatch is the ordinal that stands for a whole batch.
const wholeBatch = -1

// writeMark records in the open transaction that a statement is done.
func (s *Session) writeMark(ctx context.Context, m mark, r Result) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	_, err := s.conn.Exec(ctx, `INSERT INTO stepwell.mark (token, ordinal, tag, row_count, made) VALUES ($1, $2, $3, $4, now())`,
		m.token, m.ordinal, r.Tag, r.Rows)
	return err
}

// restore fills the job's result from its mark, if an earlier run of the same token has left one.
func (s *Session) restore(ctx context.Context, j *job) (bool, error) {
	if j.mark.token == "" || s.aborted {
		return false, nil
	}
	row, err := one(ctx, s.conn, `SELECT tag, row_count FROM stepwell.mark WHERE token = $1 AND ordinal = $2`, j.mark.token, j.mark.ordinal)
	if err != nil || row == nil {
		return false, err
	}
	j.result.Tag = row[0].(string)
	j.result.Rows = row[1].(int64)
	return true, nil
}

// Done reports whether a batch that carried a token was committed. If it was, running it again would do it twice.
func (w *Warehouse) Done(ctx context.Context, token string) (bool, error) {
	c, err := w.backend.Connect(ctx)
	if err != nil {
		return false, err
	}
	defer c.Close()
	row, err := one(ctx, c, `SELECT 1 FROM stepwell.mark WHERE token = $1 AND ordinal = $2`, token, wholeBatch)
	return row != nil, err
}
