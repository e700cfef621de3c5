package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/stepwell/stepwell/cli"
)

// asStepwell makes the test binary behave as stepwell.
const asStepwell = "STEPWELL_TEST_AS_STEPWELL"

func TestMain(m *testing.M) {
	// Jobs call it by other names, without the variable.
	if args := cli.Arguments(os.Args); os.Getenv(asStepwell) != "" || len(args) == len(os.Args) {
		os.Exit(cli.Main(args, cli.System()))
	}
	testscript.Main(tidy{m}, map[string]func(){
		"stepwell": func() { os.Exit(cli.Main(os.Args[1:], cli.System())) },
	})
}

// tidy removes what the tests have made once for all of them.
type tidy struct{ *testing.M }

func (m tidy) Run() int {
	code := m.M.Run()
	if sources.folder != "" {
		_ = os.RemoveAll(sources.folder)
	}
	return code
}

// The scripts under testdata are the command line as users type it, with its files inside.
func TestScripts(t *testing.T) {
	example, err := filepath.Abs(filepath.Join("..", "examples", "sales-pipeline"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLE", example)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"hold":    hold,
			"release": release,
			"until":   until,
		},
	})
}
