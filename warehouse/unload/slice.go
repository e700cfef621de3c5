package unload

import "context"

// blockSize is how much text goes to a slice at once, in bytes.
const blockSize = 64 << 10

// slack is how much a codec may hold back, in bytes: a file is ended that much before its largest size.
const slack = 1 << 20

// block is some whole lines.
type block struct {
	lines []byte
	rows  int64
}

// slice writes the blocks that it gets into one file after the other.
type slice struct {
	writer *Writer
	folder string
	number int
	blocks chan block
}

func (s *slice) run(ctx context.Context) error {
	var o *object
	for part := 0; ; {
		b, more, err := s.next(ctx)
		if err != nil {
			return s.drop(o, err)
		}
		if !more {
			return s.keep(o)
		}
		if o != nil && s.full(o, b) {
			if err := s.keep(o); err != nil {
				return err
			}
			o = nil
			part++
		}
		if o == nil {
			if o, err = s.writer.create(ctx, s.folder, s.number, part); err != nil {
				return err
			}
		}
		if _, err := o.stream.Write(b.lines); err != nil {
			return s.drop(o, err)
		}
		o.file.Rows += b.rows
	}
}

func (s *slice) next(ctx context.Context) (b block, more bool, err error) {
	select {
	case b, more = <-s.blocks:
		return b, more, nil
	case <-ctx.Done():
		return b, false, context.Cause(ctx)
	}
}

// full says that a block would make the file larger than MAXFILESIZE.
func (s *slice) full(o *object, b block) bool {
	limit := s.writer.plan.o.maxSize - int64(len(b.lines))
	if s.writer.plan.o.codec != "" {
		limit -= slack
	}
	return o.size.n > limit
}

func (s *slice) keep(o *object) error {
	if o == nil {
		return nil
	}
	if err := o.finish(); err != nil {
		return err
	}
	s.writer.wrote(o.key, o.file)
	return nil
}

func (s *slice) drop(o *object, err error) error {
	if o == nil {
		return err
	}
	return o.abandon(err)
}
