package cli

import (
	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/rsql"
)

const psqlText = `Run psql scripts: SQL with variables, \if, \gset, \i and psql's output formats.

A script comes from -f, from -c or from standard input. It runs on the warehouse of the project in this folder (--project
names another), or on the server of -h, PGHOST, PGSERVICE or a connection string. The binary does the same when it is
called psql. There is no interactive mode.

The exit status is psql's: 0 at the end, 1 when -c fails or a file is missing, 2 when the server cannot be reached,
3 when ON_ERROR_STOP ended the script.`

func psqlCommand(streams Streams) *cobra.Command {
	return clientCommand(streams, rsql.PSQL, "Run psql scripts", psqlText, `  stepwell psql -v ON_ERROR_STOP=1 -f load.sql
  stepwell psql -h db.example.com -U etl -At -c "select count(*) from item"`)
}
