package cli_test

import (
	"strings"
	"testing"
)

// The images' own entry points as processes, in place of scripts that Stepwell fetches; functions without boto3.
func TestEntryPoints(t *testing.T) {
	for _, x := range []struct {
		system   *system
		programs []string
		before   func(*testing.T, string)
	}{
		{&rsqlBatch, []string{"bash", "envsubst"}, nil},
		{&psqlBatch, []string{"bash"}, withoutBoto3},
	} {
		t.Run(x.system.example, func(t *testing.T) {
			t.Parallel()
			requirePrograms(t, append(x.programs, x.system.programs...)...)
			folder := example(t, x.system.example)
			if x.before != nil {
				x.before(t, folder)
			}
			uncommentJobs(t, folder)
			x.system.run(t, folder, x.system.runs[0], x.system.runs[0].state)
		})
	}
}

// uncommentJobs takes the lines under jobs: of stepwell.yaml into use.
func uncommentJobs(t *testing.T, folder string) {
	t.Helper()
	for _, line := range strings.Split(`# jobs:
#   - image:
#     runner: process
#     entrypoint:`, "\n") {
		replace("stepwell.yaml", line, strings.TrimPrefix(line, "# "))(t, folder)
	}
}
