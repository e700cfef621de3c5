package sqlite

import (
	"io"

	"github.com/klauspost/compress/s2"
	"zombiezen.com/go/sqlite"
)

// compressFrom is the size in bytes from which a chunk's text is compressed. The history of one commit repeats its payloads:
// what a task returned is in its success, in the exit of its state and in the entry of the next. Compression stores it
// once; what fits into a page of the file stays readable there.
const compressFrom = 4 << 10

// setChunkText binds a text: as TEXT, or compressed as a BLOB, so that the type of the value tells which it is.
func setChunkText(stmt *sqlite.Stmt, parameter string, text []byte) {
	if len(text) < compressFrom {
		stmt.SetText(parameter, string(text))
		return
	}
	stmt.SetBytes(parameter, s2.EncodeBetter(nil, text))
}

// chunkText reads what setChunkText bound.
func chunkText(stmt *sqlite.Stmt, column int) ([]byte, error) {
	text, err := io.ReadAll(stmt.ColumnReader(column))
	if err != nil || stmt.ColumnType(column) != sqlite.TypeBlob {
		return text, err
	}
	return s2.Decode(nil, text)
}
