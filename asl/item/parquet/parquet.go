// Package parquet reads the rows of Parquet files as the JSON objects that a distributed Map takes for items. It is no general reader of
// the format: it reads whole rows from first to last, and writes nothing. It trusts no number in a file: sizes are compared with what is
// there before memory is asked for, and values that a file repeats are made only when their row is read; so a damaged file ends with
// an error.
//
//	for row, err := range parquet.Rows(file, size) { … }
//
// Columns become members in the order of the schema, groups, lists and maps nest. Timestamps are milliseconds since 1970, as Step Functions
// gives them; dates and times are texts as in ISO 8601, decimals numbers with all their digits, bytes that are no text Base64.
package parquet

import (
	"fmt"
	"io"
	"iter"

	"github.com/stepwell/stepwell/value"
)

// The bounds of Step Functions, in bytes.
const (
	maxFooter = 5 << 20
	maxGroup  = 256 << 20
	maxRow    = 8 << 20
)

// Rows yields the rows of a file of size bytes. It ends behind the first error, which is a sentence about the file unless reading failed.
func Rows(file io.ReaderAt, size int64) iter.Seq2[value.Value, error] {
	return func(yield func(value.Value, error) bool) {
		m, err := readFooter(file, size)
		if err != nil {
			yield(value.Value{}, err)
			return
		}
		codecs := &codecs{}
		defer codecs.close()
		for i := range m.groups {
			g := &m.groups[i]
			more := openGroup(file, m, g, codecs).all(g.rows, func(row value.Value, err error) bool {
				if err != nil {
					err = fmt.Errorf("Row group %d of the Parquet file: %w.", i, err)
				}
				return yield(row, err)
			})
			if !more {
				return
			}
		}
	}
}
