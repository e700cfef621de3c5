package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project/suite"
)

type testFlags struct {
	projectFlags
	project string
	junit   string
	json    bool
}

func testCommand(streams Streams) *cobra.Command {
	var f testFlags
	command := &cobra.Command{
		Use:   "test [PATH]",
		Short: "Run a project's tests: state machines with mocked tasks",
		Long: `Run the tests of a project: the *.test.yaml files in it, and the test cases of a MockConfigFile.json of Step Functions Local, each of
which has to succeed. PATH is a folder (default: this one) or one file of tests.

  machine: RefreshSales              # default: the project's only one
  tests:
    - name: a failed statement is reported
      input: { run_date: 2026-03-02 }
      mocks:                         # by state; the last one answers all further calls
        load: [{ return: { Id: s1 } }]
        status: [{ return: { Status: STARTED }, times: 2 }, { throw: { error: Oops, cause: why } }]
      expect:                        # what is left out is not compared
        status: FAILED               # SUCCEEDED, FAILED or TIMED_OUT
        error: Oops
        path: [load, wait, status]   # the states in the order in which they are entered
        output: {}
        sql: [{ query: select count(*) as n from item, rows: [{ n: 3 }] }]

Tasks without a mock are run: on a warehouse and buckets of the file of tests alone, which are empty at its beginning. Waits take no
time. The exit code is 1 when a test fails, 2 when the tests cannot be run.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return test(c.Context(), streams, pathOf(args), f) },
	}
	flags := command.Flags()
	flags.StringVar(&f.project, "project", "", "the project's folder or file (default: PATH, or the folder of a file of tests)")
	flags.StringVar(&f.junit, "junit", "", "also write the results as JUnit XML to this `FILE`")
	flags.BoolVar(&f.json, "json", false, "print one JSON object for each test")
	f.add(command)
	return command
}

func test(ctx context.Context, streams Streams, path string, f testFlags) error {
	suites, err := suite.Find(path)
	if err != nil {
		return err
	}
	if len(suites) == 0 {
		return fault.New(fault.NotFound, "no tests in %s: write a NAME.test.yaml, see 'stepwell test --help'", path)
	}
	p, err := loadProject(f.projectOf(path), f.projectFlags)
	if err != nil {
		return err
	}
	var all []verdict
	for _, s := range suites {
		r := &rehearser{project: p, streams: streams}
		verdicts, err := r.run(ctx, s)
		if err := errors.Join(err, r.close()); err != nil {
			return err
		}
		for _, v := range verdicts {
			if err := v.print(streams, f.json); err != nil {
				return err
			}
		}
		all = append(all, verdicts...)
	}
	return conclude(streams, all, f)
}

func (f testFlags) projectOf(path string) string {
	if f.project != "" {
		return f.project
	}
	if about, err := os.Stat(path); err == nil && !about.IsDir() {
		return filepath.Dir(path)
	}
	return path
}
