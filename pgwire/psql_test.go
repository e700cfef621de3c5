package pgwire

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestPsql runs scripts with psql where it is installed and prints what a user sees.
func TestPsql(t *testing.T) {
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("psql is not installed")
	}
	datadriven.Walk(t, "testdata/psql", func(t *testing.T, path string) {
		host, number, err := net.SplitHostPort(port(t, Options{}))
		if err != nil {
			t.Fatal(err)
		}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			command := exec.CommandContext(t.Context(), psql, "-X")
			for _, a := range d.CmdArgs {
				command.Args = append(command.Args, a.String())
			}
			command.Env = append(os.Environ(), "PGHOST="+host, "PGPORT="+number, "PGUSER=etl", "PGDATABASE=dev", "PGCLIENTENCODING=UTF8", "LC_ALL=C.UTF-8")
			command.Stdin = strings.NewReader(d.Input)
			output, err := command.CombinedOutput()
			if err != nil {
				output = append(output, err.Error()...)
			}
			return trimmed(string(output))
		})
	})
}

// trimmed takes away the blanks that psql puts behind lines.
func trimmed(output string) string {
	var b strings.Builder
	for line := range strings.Lines(output) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}
