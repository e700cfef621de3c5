package cli

import (
	"path/filepath"
	"strings"

	"github.com/stepwell/stepwell/rsql"
)

// scriptDialect tells whether a file is a script of rsql or psql: by its name, or by lines that are backslash commands, which
// SQL does not have.
func scriptDialect(path, text string) (rsql.Dialect, bool) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".rsql":
		return rsql.RSQL, true
	case ".psql":
		return rsql.PSQL, true
	}
	for line := range strings.Lines(text) {
		if command, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), `\`); ok && command != "" && command[0] >= '!' {
			return rsql.RSQL, true
		}
	}
	return "", false
}

// checkScript finds what cannot work in a script of rsql or psql.
func checkScript(dialect rsql.Dialect, path, text string) []finding {
	var found []finding
	for _, f := range rsql.Check(text, rsql.CheckOptions{Dialect: dialect, File: path}) {
		severity := "error"
		if f.Warning {
			severity = "warning"
		}
		found = append(found, finding{severity, path, f.Position.Line, f.Position.Column, f.Message})
	}
	return found
}

func isScriptFile(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".sql", ".rsql", ".psql":
		return true
	}
	return false
}
