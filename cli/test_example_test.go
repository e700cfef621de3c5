package cli_test

import (
	"strings"
	"testing"
)

// The example's own tests pass, and say what is different once somebody expects something else.
func TestExampleTests(t *testing.T) {
	t.Parallel()
	folder := example(t, "sales-pipeline")
	if out, err := stepwell(t, "test", folder).CombinedOutput(); err != nil || !strings.Contains(string(out), "2 of 2 tests passed") {
		t.Fatalf("%v\n%s", err, out)
	}
	replace("pipeline.test.yaml", "lines: 210000", "lines: 210001")(t, folder)
	replace("pipeline.test.yaml", "syntax error'\n      path", "lexical error'\n      path")(t, folder)
	out, err := stepwell(t, "test", folder).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "[0].lines: expected 210001, got 210000") ||
		!strings.Contains(string(out), `cause: expected "first: ERROR: lexical error", got "first: ERROR: syntax error"`) {
		t.Errorf("%v\n%s", err, out)
	}
}
