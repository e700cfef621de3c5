// Command stepwell runs Redshift ETL anywhere: see package cli.
package main

import (
	"os"

	"github.com/stepwell/stepwell/cli"
)

func main() {
	os.Exit(cli.Main(cli.Arguments(os.Args), cli.System()))
}
