package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service/httptask"
)

// projectFlags are those of every command that reads a project.
type projectFlags struct{ parameters []string }

func (f *projectFlags) add(command *cobra.Command) {
	command.Flags().StringArrayVar(&f.parameters, "parameter", nil, "`NAME=VALUE` for a parameter of the template (repeatable)")
}

func loadProject(path string, f projectFlags) (*project.Project, error) {
	parameters := map[string]string{}
	for _, given := range f.parameters {
		name, value, ok := strings.Cut(given, "=")
		if !ok || name == "" {
			return nil, usageError{fmt.Errorf("--parameter %q is not NAME=VALUE", given)}
		}
		parameters[name] = value
	}
	return project.Load(path, parameters)
}

// loadChecked reads a project and checks its definitions; what a user should know besides goes to standard error.
func loadChecked(streams Streams, path string, f projectFlags) (*project.Project, error) {
	p, err := loadProject(path, f)
	if err != nil {
		return nil, err
	}
	for _, warning := range append(p.Stack.Warnings, unreachable(p)...) {
		fmt.Fprintf(streams.Err, "warning: %s\n", warning)
	}
	wrong := checkJobs(p)
	for _, m := range p.Machines {
		warnings, err := checkDefinition(m)
		if err != nil {
			wrong = append(wrong, err)
		}
		for _, warning := range warnings {
			fmt.Fprintf(streams.Err, "warning: %s\n", warning)
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return p, nil
}

// checkDefinition reports what is wrong with a definition, services that are not there included, and what is doubtful.
func checkDefinition(m project.Machine) (warnings asl.Findings, err error) {
	definition, err := asl.Parse(m.Definition, asl.Options{
		File: m.File, Express: m.Express, Resource: callable(Offered(), new(httptask.Service)).Resolve,
	})
	if err != nil {
		return nil, err
	}
	return definition.Warnings, nil
}
