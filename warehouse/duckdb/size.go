package duckdb

import (
	"context"
	"strings"

	"github.com/stepwell/stepwell/redshift/translate"
)

// blockSize is how many bytes a block of the database's file has.
const blockSize = 256 << 10

// Size counts the blocks that have something of a table; what has not reached the file yet, and what small tables share a
// block with, is not told apart.
func (c *conn) Size(ctx context.Context, schema, table string) (int64, error) {
	if strings.Contains(schema+table, `"`) {
		return -1, nil // pragma_storage_info reads no such names
	}
	name := translate.Identifier(schema) + "." + translate.Identifier(table)
	rows, err := c.Query(ctx, `SELECT count(DISTINCT block_id) FROM pragma_storage_info(`+quoted(name)+`) WHERE block_id >= 0`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	values, err := rows.Next()
	if err != nil {
		return 0, err
	}
	blocks, _ := values[0].(int64)
	return blocks * blockSize, nil
}
