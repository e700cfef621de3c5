package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The example's own tests pass, and say what is different once somebody expects something else.
func TestExampleTests(t *testing.T) {
	folder := example(t)
	if out, err := stepwell(t, "test", folder).CombinedOutput(); err != nil || !strings.Contains(string(out), "2 of 2 tests passed") {
		t.Fatalf("%v\n%s", err, out)
	}
	file := filepath.Join(folder, "pipeline.test.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("lines: 210000", "lines: 210001", "syntax error'\n      path", "lexical error'\n      path").Replace(string(text))
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := stepwell(t, "test", folder).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "[0].lines: expected 210001, got 210000") ||
		!strings.Contains(string(out), `cause: expected "first: ERROR: lexical error", got "first: ERROR: syntax error"`) {
		t.Errorf("%v\n%s", err, out)
	}
}
