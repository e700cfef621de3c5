package warehouse

import "context"

// Sized is what a connection may be able to do besides: tell how many bytes a table takes on disk, about.
type Sized interface {
	Size(ctx context.Context, schema, table string) (int64, error)
}

// Size tells about how many bytes a table takes on disk; -1 where the backend cannot tell.
func (s *Session) Size(ctx context.Context, schema, table string) (int64, error) {
	sized, ok := s.conn.(Sized)
	if !ok {
		return -1, nil
	}
	return sized.Size(ctx, schema, table)
}
