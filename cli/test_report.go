package cli

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// verdict is how one test went: well when there are no differences.
type verdict struct {
	file, name  string
	took        time.Duration
	differences []string
}

func (v verdict) print(streams Streams, asJSON bool) error {
	if asJSON {
		_, err := fmt.Fprintln(streams.Out, safeJSON(v.json().Compact()))
		return err
	}
	mark := "ok  "
	if len(v.differences) > 0 {
		mark = "FAIL"
	}
	lines := []string{fmt.Sprintf("%s  %s  %s", mark, v.file, v.name)}
	for _, d := range v.differences {
		lines = append(lines, "      "+strings.ReplaceAll(d, "\n", "\n      "))
	}
	_, err := fmt.Fprintln(streams.Out, printable(strings.Join(lines, "\n"), "\n"))
	return err
}

func (v verdict) json() value.Value {
	differences := make([]value.Value, len(v.differences))
	for i, d := range v.differences {
		differences[i] = value.OfString(d)
	}
	return value.OfMembers(
		value.Member{Key: "file", Value: value.OfString(v.file)}, value.Member{Key: "name", Value: value.OfString(v.name)},
		value.Member{Key: "ok", Value: value.OfBool(len(differences) == 0)}, value.Member{Key: "differences", Value: value.OfItems(differences)},
		value.Member{Key: "seconds", Value: value.OfFloat(v.took.Seconds())},
	)
}

// conclude writes the files that were asked for and says how many tests went well.
func conclude(streams Streams, all []verdict, f testFlags) error {
	failed := 0
	for _, v := range all {
		if len(v.differences) > 0 {
			failed++
		}
	}
	if f.junit != "" {
		if err := writeJUnit(f.junit, all, failed); err != nil {
			return err
		}
	}
	fmt.Fprintf(streams.Err, "stepwell: %d of %d tests passed\n", len(all)-failed, len(all))
	if failed > 0 {
		return errFailed
	}
	return nil
}

type junitSuites struct {
	XMLName  xml.Name      `xml:"testsuites"`
	Tests    int           `xml:"tests,attr"`
	Failures int           `xml:"failures,attr"`
	Suites   []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func writeJUnit(file string, all []verdict, failed int) error {
	report := junitSuites{Tests: len(all), Failures: failed}
	var current *junitSuite
	for _, v := range all {
		if current == nil || current.Name != v.file {
			current = &junitSuite{Name: v.file}
			report.Suites = append(report.Suites, current)
		}
		c := junitCase{Name: v.name, Class: v.file, Time: fmt.Sprintf("%.3f", v.took.Seconds())}
		if len(v.differences) > 0 {
			current.Failures++
			c.Failure = &junitFailure{Message: v.differences[0], Text: strings.Join(v.differences, "\n")}
		}
		current.Tests++
		current.Cases = append(current.Cases, c)
	}
	text, err := xml.MarshalIndent(report, "", "  ")
	if err == nil {
		err = os.WriteFile(file, append([]byte(xml.Header), append(text, '\n')...), 0o644)
	}
	if err != nil {
		return fault.New(fault.Unavailable, "write %s", file).Because(err)
	}
	return nil
}
