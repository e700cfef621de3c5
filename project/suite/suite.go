// Package suite reads a project's tests: its *.test.yaml files, and the mock file of Step Functions Local. It runs nothing.
//
//	suites, err := suite.Find("examples/sales-pipeline")
package suite

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/stepwell/stepwell/fault"
)

// MockFile is the name that Step Functions Local's mock file has by custom.
const MockFile = "MockConfigFile.json"

const ending = ".test.yaml"

// Suite is one file of tests.
type Suite struct {
	File  string `yaml:"-"`
	Tests []Test `yaml:"tests"`
	// Machine is the state machine of the tests that name none; empty for the only one of the project.
	Machine string `yaml:"machine"`
	// MockFile is a mock file of Step Functions Local, relative to the suite's folder, whose test cases the tests may name.
	MockFile string `yaml:"mock_file"`
}

// Test is one execution and what is expected of it.
type Test struct {
	Name    string `yaml:"name"`
	Machine string `yaml:"machine"`
	Input   *JSON  `yaml:"input"` // nil: {}
	// Case is a test case of the mock file; Mocks add to it, by state.
	Case   string            `yaml:"case"`
	Mocks  map[string][]Mock `yaml:"mocks"`
	Expect Expectation       `yaml:"expect"`
}

// Mock is what a state answers: Return or Throw. The last mock of a state answers all further calls.
type Mock struct {
	Return *JSON  `yaml:"return"`
	Throw  *Throw `yaml:"throw"`
	Times  int    `yaml:"times"` // how many calls it answers, default 1
}

// Throw is an error of the States Language.
type Throw struct {
	Error *string `yaml:"error"`
	Cause *string `yaml:"cause"`
}

// Expectation is what is compared; what is absent is not. Without any of it, an execution that succeeds is expected.
type Expectation struct {
	Status string   `yaml:"status"`
	Output *JSON    `yaml:"output"`
	Error  *string  `yaml:"error"`
	Cause  *string  `yaml:"cause"`
	Path   []string `yaml:"path"` // the states in the order in which they are entered
	SQL    []Query  `yaml:"sql"`
}

// Query is a statement that is run after the execution, and the rows that it has to give: objects by column.
type Query struct {
	Query string `yaml:"query"`
	Rows  []JSON `yaml:"rows"`
}

// Find reads the tests at a path: those of a folder and the folders in it, or of one file. A mock file that no suite names is a suite
// by itself.
func Find(path string) ([]Suite, error) {
	files, err := filesAt(path)
	if err != nil {
		return nil, err
	}
	var suites []Suite
	var mocks []string
	named := map[string]bool{}
	for _, file := range files {
		if !strings.HasSuffix(file, ending) {
			mocks = append(mocks, file)
			continue
		}
		s, err := read(file)
		if err != nil {
			return nil, err
		}
		named[s.MockFile] = true
		suites = append(suites, s)
	}
	for _, file := range mocks {
		if named[file] {
			continue
		}
		s, err := ofMockFile(file)
		if err != nil {
			return nil, err
		}
		suites = append(suites, s)
	}
	return suites, nil
}

func filesAt(path string) ([]string, error) {
	if about, err := os.Stat(path); err != nil {
		return nil, fault.New(fault.NotFound, "no tests at %s", path).Because(err)
	} else if !about.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err := filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && name != path:
			return fs.SkipDir
		case !entry.IsDir() && (strings.HasSuffix(name, ending) || entry.Name() == MockFile):
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, fault.Invalidf("look for tests in %s", path).Because(err)
	}
	return files, nil
}

func read(file string) (Suite, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Suite{}, fault.Invalidf("read %s", file).Because(err)
	}
	s := Suite{File: file}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return s, fault.Invalidf("%s", strings.Join(complaints(file, err), "\n"))
	}
	if s.MockFile != "" {
		s.MockFile = filepath.Join(filepath.Dir(file), s.MockFile)
	}
	for i := range s.Tests {
		if err := s.complete(&s.Tests[i], i); err != nil {
			return s, err
		}
	}
	if len(s.Tests) == 0 {
		return s, fault.Invalidf("%s: it has no tests", file)
	}
	return s, nil
}

var unknownField = regexp.MustCompile(`field (\S+) not found in type \S+`)

// complaints are what the YAML reader says, with the file before each line number.
func complaints(file string, err error) []string {
	list := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var several *yaml.TypeError
	if errors.As(err, &several) {
		list = several.Errors
	}
	for i, text := range list {
		text = unknownField.ReplaceAllString(text, `unknown key "$1"`)
		list[i] = file + ":" + strings.TrimPrefix(text, "line ")
	}
	return list
}

var statuses = []string{"SUCCEEDED", "FAILED", "TIMED_OUT"}

// complete checks a test and fills in what it leaves to its suite.
func (s *Suite) complete(t *Test, number int) error {
	if t.Name == "" {
		t.Name = fmt.Sprintf("test %d", number+1)
	}
	wrong := func(format string, args ...any) error {
		return fault.Invalidf("%s: %s: %s", s.File, t.Name, fmt.Sprintf(format, args...))
	}
	if t.Machine == "" {
		t.Machine = s.Machine
	}
	if t.Expect.Status != "" && !slices.Contains(statuses, t.Expect.Status) {
		return wrong("expect.status is %q, not one of %s", t.Expect.Status, strings.Join(statuses, ", "))
	}
	if t.Case != "" {
		if s.MockFile == "" {
			return wrong("case %q without a mock_file", t.Case)
		}
		if err := t.takeCase(s.MockFile); err != nil {
			return wrong("%v", err)
		}
	}
	for state, mocks := range t.Mocks {
		for i, m := range mocks {
			if (m.Return == nil) == (m.Throw == nil) {
				return wrong("mocks.%s[%d] needs one of return and throw", state, i)
			}
			if m.Times < 0 {
				return wrong("mocks.%s[%d].times is negative", state, i)
			}
		}
	}
	return nil
}
