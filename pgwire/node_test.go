package pgwire

import (
	"os"
	"os/exec"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestNode runs a program over node's pg and prints what it sees. STEPWELL_NODE_MODULES is a folder of packages with pg and
// pg-cursor.
func TestNode(t *testing.T) {
	modules := os.Getenv("STEPWELL_NODE_MODULES")
	node, err := exec.LookPath("node")
	if err != nil || modules == "" {
		t.Skip("node is not installed, or STEPWELL_NODE_MODULES does not say where pg is")
	}
	address := port(t, Options{TLS: selfSigned(t), Users: map[string]User{"etl": {Password: "secret"}}})
	datadriven.RunTest(t, "testdata/node/client.txt", func(t *testing.T, d *datadriven.TestData) string {
		c := exec.CommandContext(t.Context(), node, "testdata/node/client.js", address)
		c.Env = append(os.Environ(), "NODE_PATH="+modules, "TZ=UTC")
		return outputOf(c)
	})
}
