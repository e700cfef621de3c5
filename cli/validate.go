package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/warehouse"
)

func validateCommand(streams Streams) *cobra.Command {
	var f projectFlags
	var asJSON bool
	command := &cobra.Command{
		Use:   "validate [PATH]",
		Short: "Check a project's template, definitions and SQL files",
		Long: `Check the template, the state machine definitions and the SQL files and scripts (*.sql, *.rsql and *.psql in the project's
buckets) of a project, or one such file or script.

Every finding has file:line:column. Exit codes: 0 nothing wrong, 2 something is.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return validate(c.Context(), streams, pathOf(args), f, asJSON)
		},
	}
	f.add(command)
	command.Flags().BoolVar(&asJSON, "json", false, "print findings as JSON, one a line")
	return command
}

// finding is one line of validate --json.
type finding struct {
	Severity string `json:"severity"` // error or warning
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Message  string `json:"message"`
}

func (f finding) String() string {
	at := fault.Position{File: f.File, Line: f.Line, Column: f.Column}.String()
	if at != "" {
		at += ": "
	}
	return fmt.Sprintf("%s: %s%s", f.Severity, at, f.Message)
}

func validate(ctx context.Context, streams Streams, path string, f projectFlags, asJSON bool) error {
	found, checked, err := inspect(ctx, path, f)
	if err != nil {
		return err
	}
	wrong := 0
	for _, one := range found {
		line := one.String()
		if asJSON {
			text, err := json.Marshal(one)
			if err != nil {
				return err
			}
			line = string(text)
		}
		out := streams.Err
		if asJSON {
			out = streams.Out
		}
		fmt.Fprintln(out, line)
		if one.Severity == "error" {
			wrong++
		}
	}
	if wrong > 0 {
		return toldError{fault.Invalidf("%d mistakes", wrong)}
	}
	if !asJSON {
		fmt.Fprintln(streams.Out, checked)
	}
	return nil
}

// inspect returns everything worth saying about a project and, in words, what was looked at.
func inspect(ctx context.Context, path string, f projectFlags) ([]finding, string, error) {
	if isScriptFile(path) {
		c, err := checkScripts(ctx, path)
		if err != nil {
			return nil, "", err
		}
		return c.found, path + ": nothing wrong", nil
	}
	p, err := loadProject(path, f)
	if err != nil {
		if found := findingsOf(err); len(found) > 0 {
			return found, "", nil
		}
		return nil, "", err
	}
	var found []finding
	for _, w := range append(p.Stack.Warnings, unreachable(p)...) {
		found = append(found, finding{"warning", w.Position.File, w.Position.Line, w.Position.Column, w.Message})
	}
	for _, wrong := range append(checkJobs(p), checkSchedules(p)...) {
		found = append(found, findingsOf(wrong)...)
	}
	for _, m := range p.Machines {
		warnings, err := checkDefinition(m)
		found = append(found, findingsOf(err)...)
		for _, w := range warnings {
			found = append(found, finding{"warning", w.Position.File, w.Position.Line, w.Position.Column, w.Message})
		}
	}
	var folders []string
	for _, bucket := range slices.Sorted(maps.Keys(p.Buckets)) {
		folders = append(folders, p.Buckets[bucket])
	}
	scripts, err := checkScripts(ctx, folders...)
	if err != nil {
		return nil, "", err
	}
	if len(p.Machines)+len(p.Resources)+len(p.Stack.Accepted)+scripts.count == 0 {
		return nil, "", fault.New(fault.NotFound, "nothing to check in %s: no template, no *.asl.json or *.asl.yaml, and no SQL in its buckets", path)
	}
	return append(found, scripts.found...), summary(p, scripts.count), nil
}

// scriptCheck reads SQL files.
type scriptCheck struct {
	warehouse *warehouse.Warehouse
	found     []finding
	count     int
}

// checkScripts reads files and every SQL file or script below folders, with an empty warehouse that only looks at the syntax.
func checkScripts(ctx context.Context, paths ...string) (*scriptCheck, error) {
	w, err := openEmptyWarehouse(ctx)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	c := &scriptCheck{warehouse: w}
	for _, path := range paths {
		if err := c.below(ctx, path); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// below reads a file, or every SQL file and script below a folder.
func (c *scriptCheck) below(ctx context.Context, root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == root && !isScriptFile(root) {
			return nil // a preparation makes it
		}
		if err != nil {
			return fault.Invalidf("look at %s", path).Because(err)
		}
		if entry.IsDir() || !isScriptFile(path) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return fault.Invalidf("read %s", path).Because(err)
		}
		c.count++
		if dialect, ok := scriptDialect(path, string(text)); ok {
			c.found = append(c.found, checkScript(dialect, path, string(text))...)
			return nil
		}
		wrong, err := c.warehouse.Check(ctx, string(text), path)
		for _, one := range wrong {
			c.found = append(c.found, findingsOf(one)...)
		}
		return err
	})
}

func summary(p *project.Project, scripts int) string {
	text := fmt.Sprintf("%s: nothing wrong in %s and %s", p.Name, count(len(p.Machines), "state machine"), count(scripts, "SQL file or script"))
	if accepted := p.Stack.Accepted; len(accepted) > 0 {
		names := make([]string, len(accepted))
		for i, r := range accepted {
			names[i] = fmt.Sprintf("%s (%s)", r.LogicalID, r.Type)
		}
		text += "\naccepted, but they do nothing here: " + strings.Join(names, ", ")
	}
	return text
}

// count writes a number of things: 1 state machine, 2 SQL files or scripts.
func count(n int, thing string) string {
	if n != 1 {
		thing = strings.ReplaceAll(thing, " or ", "s or ") + "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// findingsOf takes an error apart that holds one or several faults with places.
func findingsOf(err error) []finding {
	if err == nil {
		return nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var out []finding
		for _, one := range many.Unwrap() {
			out = append(out, findingsOf(one)...)
		}
		return out
	}
	var f *fault.Fault
	if !errors.As(err, &f) {
		return nil
	}
	message := *f
	message.Position = fault.Position{}
	return []finding{{"error", f.Position.File, f.Position.Line, f.Position.Column, message.Error()}}
}
