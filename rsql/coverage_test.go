package rsql_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// testdata/coverage.txt lists what is documented or observed of RSQL, and of psql where scripts share it, each with the cases that
// show it. Every line names at least one case, and every case is there.
func TestEveryFactHasACase(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "coverage.txt"))
	if err != nil {
		t.Fatal(err)
	}
	facts, files := 0, map[string][]string{}
	for number, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		fact, cases, _ := strings.Cut(line, " => ")
		facts++
		if fact == "" || cases == "" {
			t.Errorf("coverage.txt:%d: %q names no case", number+1, line)
			continue
		}
		for one := range strings.SplitSeq(cases, " | ") {
			file, name, _ := strings.Cut(one, ": ")
			if files[file] == nil {
				files[file] = linesOf(t, file)
			}
			if name == "" || !hasCase(files[file], file, name) {
				t.Errorf("coverage.txt:%d: there is no case %q in %s", number+1, name, file)
			}
		}
	}
	if facts < 200 {
		t.Errorf("%d facts are listed", facts)
	}
}

// linesOf reads a file of cases. A bare name is one of testdata/script.
func linesOf(t *testing.T, file string) []string {
	t.Helper()
	path := filepath.FromSlash(file)
	if !strings.Contains(file, "/") {
		path = filepath.Join("testdata", "script", file)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// hasCase looks for a test function, a line of a psql script, or a heading with a directive below it.
func hasCase(lines []string, file, name string) bool {
	switch filepath.Ext(file) {
	case ".go":
		return slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "func "+name+"(") })
	case ".sql":
		return slices.Contains(lines, name)
	}
	at := slices.Index(lines, "# "+name)
	if at < 0 {
		return false
	}
	for _, line := range lines[at+1:] {
		if line != "" {
			return line[0] != '#'
		}
	}
	return false
}
