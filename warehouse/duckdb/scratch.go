package duckdb

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
)

// scratch is the folder for the files that DuckDB itself writes and reads. Statements reach no other file.
type scratch string

// newScratch stands beside the database's file, where there is room for its data. It is made when it is needed.
func newScratch(path string) (scratch, error) {
	if path == "" {
		return scratch(filepath.Join(os.TempDir(), "stepwell-"+uuid.NewString())), nil
	}
	path, err := filepath.Abs(path)
	return scratch(path + ".files"), err
}

// allow is the statement that lets DuckDB use the folder.
func (s scratch) allow() string { return "SET allowed_directories = [" + quoted(string(s)) + "]" }

// make makes an empty folder in it, which the caller removes.
func (s scratch) make() (string, error) {
	err := os.MkdirAll(string(s), 0o700)
	if err == nil {
		var folder string
		if folder, err = os.MkdirTemp(string(s), ""); err == nil {
			return folder, nil
		}
	}
	return "", fault.New(fault.Unavailable, "make a folder for files of the warehouse").Because(err)
}

// remove deletes the folder, also what a killed process left there.
func (s scratch) remove() error { return os.RemoveAll(string(s)) }

// quoted is a text as a literal of SQL.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
