package clients

import (
	"os"
	"os/exec"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// The answers to AWS's SDK for JavaScript are the trace in testdata/javascript.txt.
func TestJavaScript(t *testing.T) {
	t.Parallel()
	if os.Getenv("STEPWELL_NODE_MODULES") == "" {
		t.Skip("STEPWELL_NODE_MODULES names no folder with AWS's SDK for JavaScript")
	}
	require(t, "node", "node", "--version")
	s := running(t, open)
	datadriven.RunTest(t, "testdata/javascript.txt", func(t *testing.T, _ *datadriven.TestData) string {
		c := exec.CommandContext(t.Context(), "node", "testdata/client.cjs")
		c.Env = append(s.environment(), "NODE_NO_WARNINGS=1")
		c.Stderr = os.Stderr
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		return mask(string(out))
	})
}
