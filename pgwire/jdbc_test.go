package pgwire

import (
	"os"
	"os/exec"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// driver is where Debian's libpostgresql-jdbc-java puts PostgreSQL's JDBC driver.
const driver = "/usr/share/java/postgresql.jar"

// TestJDBC runs a program over PostgreSQL's JDBC driver and prints what it sees.
func TestJDBC(t *testing.T) {
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("java is not installed")
	}
	if _, err := os.Stat(driver); err != nil {
		t.Skip("the JDBC driver is not installed: ", err)
	}
	address := port(t, Options{TLS: selfSigned(t)})
	datadriven.RunTest(t, "testdata/jdbc/client.txt", func(t *testing.T, d *datadriven.TestData) string {
		c := exec.CommandContext(t.Context(), java, "-XX:TieredStopAtLevel=1", "-Duser.timezone=UTC", "-cp", driver, "testdata/jdbc/Client.java",
			"jdbc:postgresql://"+address+"/dev?sslmode="+d.CmdArgs[0].String())
		return outputOf(c)
	})
}

// outputOf is the standard output of a program, and why it failed.
func outputOf(c *exec.Cmd) string {
	output, err := c.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		output = append(output, exit.Stderr...)
	}
	if err != nil {
		output = append(output, err.Error()...)
	}
	return string(output)
}
