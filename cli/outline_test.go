package cli

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/asl/tree"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"plain ü 世界 🎉":           "plain ü 世界 🎉",
		"a\x1b[31mb\x07":         `a\x1b[31mb\a`,
		"\u009b2J":               `\u009b2J`,
		"a\tb\r\nc":              `a\tb\r\nc`,
		"left\u202Eright\u2066x": `left\u202eright\u2066x`,
		"bad \xff byte":          "bad \uFFFD byte",
		"\x7f\x00":               `\u007f\x00`,
	} {
		if got := printable(text, ""); got != strings.ReplaceAll(want, `\u007f`, `\x7f`) {
			t.Errorf("printable(%q) is %q, want %q", text, got, want)
		}
	}
	if got := printable("a\n\tb\x1b", "\n\t"); got != "a\n\tb\\x1b" {
		t.Errorf("kept: %q", got)
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct {
		line  string
		width int
		want  string
	}{
		{"", 3, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"世界", 4, "世界"},
		{"世界x", 4, "世…"},
		{"e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"},
		{"\x1b[31mabc\x1b[0m", 3, "\x1b[31mabc\x1b[0m"},
		{"\x1b[31mabcd\x1b[0m", 3, "\x1b[31mab…"},
		{"abc", 1, "…"},
	} {
		got, columns := clip(test.line, test.width)
		if got != test.want || columns > test.width {
			t.Errorf("clip(%q, %d) is %q of %d columns, want %q", test.line, test.width, got, columns, test.want)
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0ms", 999 * time.Millisecond: "999ms", 3440 * time.Millisecond: "3.4s", 59960 * time.Millisecond: "1m00s",
		125 * time.Second: "2m05s", 26*time.Hour + 5*time.Minute: "26h05m", time.Hour - time.Millisecond: "1h00m",
	} {
		if got := duration(d); got != want {
			t.Errorf("%s is printed %s, want %s", d, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -123: "-123", -1234567: "-1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is printed %s, want %s", n, got, want)
		}
	}
}

func drawn(o outline, root *tree.Node) string { return strings.Join(o.lines(root), "\n") + "\n" }

func TestOutline(t *testing.T) {
	root := &tree.Node{Name: "m\x1b[2J", Status: tree.Failed, Duration: 3 * time.Second, Error: "E", Cause: "one\ntwo", Children: []*tree.Node{
		{Name: "世", Type: "Pass", Status: tree.Succeeded},
		{Name: "long", Type: "Task", Resource: "sns:publish", Status: tree.Caught, Visits: 2, Retries: 1, Error: "Lost\x1b[31m"},
		{Name: "P", Type: "Parallel", Status: tree.Failed, Children: []*tree.Node{
			{Name: "branch 1", Status: tree.Aborted, Children: []*tree.Node{{Name: "W", Type: "Wait", Status: tree.Aborted}}},
			{Name: "branch 2", Status: tree.Failed, Children: []*tree.Node{{Name: "F", Type: "Fail", Status: tree.Failed, Cause: "only a cause"}}},
		}},
		{Name: "last", Type: "Wait", Status: tree.Running, Entered: time.Unix(10, 0)},
	}}
	want := `✖ m\x1b[2J failed 3.0s  E: one
├─ ✔ 世       0ms Pass
├─ ↷ long     0ms sns:publish ×2 1 retried  Lost\x1b[31m
├─ ✖ P        0ms Parallel
│  ├─ ■ branch 1     0ms
│  │  └─ ■ W     0ms Wait
│  └─ ✖ branch 2     0ms
│     └─ ✖ F     0ms Fail  only a cause
└─ ● last    2.0s Wait
`
	if got := drawn(outline{now: time.Unix(12, 0)}, root); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := drawn(outline{now: time.Unix(1, 0)}, root); !strings.Contains(got, "● last     0ms") {
		t.Errorf("a clock that was set back: %s", got)
	}
	for width := 1; width < 60; width++ {
		for _, line := range (outline{colour: true, width: width}).lines(root) {
			if _, columns := clip(line, 1000); columns > width {
				t.Errorf("%q has %d columns, not %d", line, columns, width)
			}
			if strings.Count(line, "\x1b") > 0 && !strings.HasSuffix(line, "m") && !strings.Contains(line[strings.LastIndex(line, "\x1b"):], "[0m") {
				t.Errorf("%q leaves a colour on", line)
			}
		}
	}
}

// TestManyIterations draws those that did not succeed first, and counts the others.
func TestManyIterations(t *testing.T) {
	for _, test := range []struct {
		succeeded, failed int
		want              string
	}{
		{0, 0, ""},
		{8, 0, ""},
		{1000, 0, "└─ … and 992 succeeded more"},
		{1000, 3, "└─ … and 995 succeeded more"},
		{1000, 20, "└─ … and 1,000 succeeded, 12 failed more"},
	} {
		n := &tree.Node{Name: "M", Type: "Map"}
		for i := range test.succeeded + test.failed {
			status := tree.Succeeded
			if i >= test.succeeded {
				status = tree.Failed
			}
			n.Children = append(n.Children, &tree.Node{Name: fmt.Sprint("#", i), Status: status})
		}
		lines := outline{}.below(n, "")
		if len(lines) > iterationsShown+1 || test.want != "" && lines[len(lines)-1] != test.want {
			t.Errorf("%d and %d: %s", test.succeeded, test.failed, strings.Join(lines, "\n"))
		}
		failed := strings.Count(strings.Join(lines[:min(len(lines), iterationsShown)], "\n"), "✖")
		if failed != min(test.failed, iterationsShown) {
			t.Errorf("%d of %d failures are drawn", failed, test.failed)
		}
	}
}

// TestFolding joins a task and the loop that polls for its end, and nothing else.
func TestFolding(t *testing.T) {
	const done, runs, bad, cut = tree.Succeeded, tree.Running, tree.Failed, tree.Aborted
	for _, test := range []struct {
		name  string
		check string
		is    []tree.Status // load, wait, check, done?, next
		want  []int         // how long the entries' loops are
	}{
		{"ended", "describeStatement", []tree.Status{done, done, done, done, done}, []int{3, 0}},
		{"polls again", "describeStatement", []tree.Status{done, runs, done, done}, []int{3}},
		{"waits first", "describeStatement", []tree.Status{done, runs}, []int{1}},
		{"checks first", "describeStatement", []tree.Status{done, done, runs}, []int{2}},
		{"a task alone", "describeStatement", []tree.Status{done}, []int{0}},
		{"wait is the end", "describeStatement", []tree.Status{done, done}, []int{0, 0}},
		{"stopped", "describeStatement", []tree.Status{done, cut}, []int{0, 0}},
		{"check fails", "describeStatement", []tree.Status{done, done, bad}, []int{0, 0, 0}},
		{"task failed", "describeStatement", []tree.Status{bad, done, done, done}, []int{0, 0, 0, 0}},
		{"not a poll", "executeStatement", []tree.Status{done, done, done, done}, []int{0, 0, 0, 0}},
		{"nothing", "", nil, nil},
	} {
		var children []*tree.Node
		for i, status := range test.is {
			n := &tree.Node{Name: fmt.Sprint(i), Type: []string{"Task", "Wait", "Task", "Choice", "Pass"}[i], Status: status, Visits: 1, Duration: time.Second}
			if i == 2 {
				n.Resource, n.Visits, n.Rows = "redshiftdata:"+test.check, 3, 1234
			}
			children = append(children, n)
		}
		var got []int
		for _, e := range folded(children) {
			got = append(got, len(e.loop))
		}
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
		if test.name == "ended" {
			if line := (outline{}).entry(folded(children)[0], 0); line != "✔ 0    4.0s Task polled ×3 1,234 rows" {
				t.Errorf("%q", line)
			}
		}
	}
}
