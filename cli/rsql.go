package cli

import (
	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/rsql"
)

const rsqlText = `Run RSQL scripts: SQL with \if, \goto, \exit, reports and error levels, as Amazon Redshift RSQL runs them.

A script comes from -f, from -c or from standard input. It runs on the warehouse of the project in this folder (--project
names another), on the server of -h, or on that of an ODBC data source (-D), which may ask AWS for credentials (IAM=1).
The password is that of RSPASSWORD, or PWD of the data source. The binary does the same when it is called rsql.

The exit status is the script's: that of \exit or MAXERROR, 0 at its end, 1 when -c fails or a file is missing,
2 when the server cannot be reached, 3 when ON_ERROR_STOP ended it.`

func rsqlCommand(streams Streams) *cobra.Command {
	return clientCommand(streams, rsql.RSQL, "Run RSQL scripts", rsqlText, `  stepwell rsql -f load.sql -v day=2026-03-01
  envsubst < load.sql | stepwell rsql -D etl`)
}
