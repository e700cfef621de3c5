package load

import "sync/atomic"

// Progress counts what a running COPY has done; it may be read at any time.
type Progress struct {
	files, filesDone, size, read, plain, lines, rows atomic.Int64
	current                                          atomic.Pointer[string]
}

// Done is a Progress at one moment.
type Done struct {
	Files, FilesDone int64
	// Size and Read count bytes as they stand in the bucket, Plain decompressed ones. Size has only the sizes that are known.
	Size, Read, Plain int64
	Lines             int64
	// Rows went to the table.
	Rows int64
	// File is one of those that are read.
	File string
}

// Done returns what has been done so far.
func (p *Progress) Done() Done {
	d := Done{Files: p.files.Load(), FilesDone: p.filesDone.Load(), Size: p.size.Load(), Read: p.read.Load(), Plain: p.plain.Load(),
		Lines: p.lines.Load(), Rows: p.rows.Load()}
	if name := p.current.Load(); name != nil {
		d.File = *name
	}
	return d
}
