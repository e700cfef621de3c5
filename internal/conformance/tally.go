package conformance

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"
)

// Tally counts how many tests of a set hold. A test of several cases holds when all of them do.
type Tally struct {
	set    string
	file   string            // of the known misses
	known  map[string]string // test: reason
	failed map[string][]string
	tests  map[string]bool
}

// NewTally begins the count of a set, such as redshift/semantics. missesFile names the list of known misses: lines of the
// test's name, a tab and the reason; blank lines and lines that begin with # are skipped. Empty means that none is known.
func NewTally(t testing.TB, set, missesFile string) *Tally {
	t.Helper()
	y := &Tally{set: set, file: missesFile, known: map[string]string{}, failed: map[string][]string{}, tests: map[string]bool{}}
	if missesFile == "" {
		return y
	}
	f, err := os.Open(missesFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		test, reason, ok := strings.Cut(line, "\t")
		if !ok || strings.TrimSpace(reason) == "" {
			t.Fatalf("%s: a miss without a reason: %s", missesFile, line)
		}
		y.known[test] = reason
	}
	return y
}

// Record notes the differences of one case of a test; none means that it holds.
func (y *Tally) Record(test, id string, differences []string) {
	y.tests[test] = true
	for _, d := range differences {
		y.failed[test] = append(y.failed[test], id+": "+d)
	}
}

// Close prints the count and fails the test for a miss that is not in the list and for one in the list that holds. Of a
// corpus that is not the one the list was made from, it only reports.
func (y *Tally) Close(t testing.TB) {
	t.Helper()
	fmt.Printf("conformance %s: %d/%d\n", y.set, len(y.tests)-len(y.failed), len(y.tests))
	report := t.Errorf
	if os.Getenv("STEPWELL_CONFORMANCE") != "" {
		report = t.Logf
	}
	for _, test := range sorted(y.failed) {
		if y.known[test] == "" {
			differences := y.failed[test]
			report("%s: %s\n\t%s", y.set, test, strings.Join(differences[:min(4, len(differences))], "\n\t"))
		}
	}
	for test := range y.known {
		if y.tests[test] && y.failed[test] == nil {
			report("%s: %s holds now: take it out of %s", y.set, test, y.file)
		}
	}
}

func sorted(m map[string][]string) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}

// NotYet prints the count of a set of which nothing is there yet, and why: its tests are known, and none is run.
func NotYet(t testing.TB, set string, total int, reason string) {
	t.Helper()
	fmt.Printf("conformance %s: 0/%d\n", set, total)
	t.Log(reason)
}
