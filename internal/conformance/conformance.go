// Package conformance reads the recorded answers of AWS and compares ours with them. It is test code: the suites of the
// interpreter, the definitions and the dialect use it, the product does not.
//
// A suite loads the cases of its kind, runs each, records the differences in a Tally and closes it:
//
//	tally := conformance.NewTally("asl/execution/outcome", misses)
//	for _, c := range conformance.Cases(t, "execution") {
//		tally.Record(c.Source, c.ID, c.CompareOutcome(run(c)))
//	}
//	tally.Close(t)
//
// The rules of comparison are those of the corpus' own README.
package conformance

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/value"
)

// Dir returns the folder of recorded answers: STEPWELL_CONFORMANCE, or the one that stands beside the checkout. The test
// is skipped when there is none.
func Dir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("STEPWELL_CONFORMANCE"); dir != "" {
		return dir
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for !exists(filepath.Join(root, "go.mod")) {
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod above the test's folder")
		}
		root = filepath.Dir(root)
	}
	dir := filepath.Join(filepath.Dir(root), "shared", "conformance")
	if !exists(dir) {
		t.Skip("no recorded answers here: set STEPWELL_CONFORMANCE to their folder")
	}
	return dir
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Files returns the files of the corpus that match one of the patterns, sorted. The test is skipped when there are none.
func Files(t testing.TB, patterns ...string) []string {
	t.Helper()
	dir := Dir(t)
	var out []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		t.Skipf("the recorded answers have no %s", strings.Join(patterns, " or "))
	}
	sort.Strings(out)
	return out
}

// Case is one recorded case of the States Language corpus.
type Case struct {
	ID               string
	Source           string // the test that it belongs to; tallies count by it
	Definition       string
	Type             string
	Input            string
	InputOmitted     bool
	StateMachineName string
	ExecutionName    string
	RoleARN          string
	Region           string
	AccountID        string
	Needs            []string
	Features         value.Value
	Resources        value.Value
	Expected         value.Value
	Ordering         string
	StillRunning     bool
	Operation        string      // of kind validation
	Raw              value.Value // the whole case
	placeholders     []placeholder
}

// Cases returns the recorded cases of a kind (execution, api, teststate, validation) of every split, sorted by ID.
func Cases(t testing.TB, kind string) []*Case {
	t.Helper()
	var out []*Case
	for _, root := range Files(t, filepath.Join("asl", "*", kind)) {
		if filepath.Base(filepath.Dir(root)) == "unverified" {
			continue
		}
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" {
				return err
			}
			c, err := load(path)
			if err == nil {
				out = append(out, c)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

func load(path string) (*Case, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	raw, err := value.Parse(string(text))
	if err != nil {
		return nil, err
	}
	field := func(name string) value.Value { v, _ := raw.Get(name); return v }
	environment := field("environment")
	region, _ := environment.Get("region")
	account, _ := environment.Get("accountId")
	c := &Case{
		ID: field("id").Str(), Source: field("source").Str(), Definition: field("definitionString").Str(),
		Type: field("type").Str(), Input: field("inputString").Str(), InputOmitted: field("inputOmitted").Truth(),
		StateMachineName: field("stateMachineName").Str(), ExecutionName: field("executionName").Str(),
		RoleARN: field("roleArn").Str(), Region: region.Str(), AccountID: account.Str(),
		Needs: texts(field("needs")), Features: field("features"), Resources: field("resources"),
		Expected: field("expected"), Ordering: field("ordering").Str(), StillRunning: field("stillRunning").Truth(),
		Operation: field("operation").Str(), Raw: raw, placeholders: placeholders(field("placeholders")),
	}
	return c, nil
}

func texts(v value.Value) []string {
	var out []string
	for _, item := range v.Items() {
		out = append(out, item.Str())
	}
	return out
}

// Uses reports whether the case's features of a sort (stateTypes, queryLanguages, fields, intrinsics) include a name.
func (c *Case) Uses(sort, name string) bool {
	list, _ := c.Features.Get(sort)
	for _, item := range list.Items() {
		if item.Str() == name {
			return true
		}
	}
	return false
}
