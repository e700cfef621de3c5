package clients

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
)

// python is one process of testdata/call.py.
type python struct {
	in  io.WriteCloser
	out *bufio.Reader
}

func startPython(t *testing.T, s *server) *python {
	t.Helper()
	c := exec.Command("python3", "testdata/call.py")
	c.Env = s.environment()
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_ = c.Wait()
	})
	return &python{in, bufio.NewReaderSize(out, 1<<20)}
}

// answered is what call.py prints for a call.
type answered struct {
	Answer         any
	Error, Message string
	Status         int
	More           map[string]any
}

func (p *python) call(service, operation, params string, pages bool) (answered, error) {
	request, err := json.Marshal(map[string]any{
		"service": service, "operation": operation, "params": json.RawMessage(params), "pages": pages,
	})
	if err != nil {
		return answered{}, err
	}
	if _, err := fmt.Fprintf(p.in, "%s\n", request); err != nil {
		return answered{}, err
	}
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return answered{}, err
	}
	var a answered
	return a, json.Unmarshal(line, &a)
}

// String is the answer as traces show it.
func (a answered) String() string {
	var out strings.Builder
	if a.Error != "" {
		fmt.Fprintf(&out, "%d %s: %s\n", a.Status, a.Error, a.Message)
		for _, name := range slices.Sorted(maps.Keys(a.More)) {
			fmt.Fprintf(&out, "\t%s: %v\n", name, a.More[name])
		}
		return out.String()
	}
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(a.Answer) // it came as JSON
	return out.String()
}

var masks = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`), "<uuid>"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`), "<time>"},
	{regexp.MustCompile(`\b1[78]\d{11}\b`), "<millis>"},
	{regexp.MustCompile(`"(AccessKeyId|SecretAccessKey|SessionToken|DbPassword|dbPassword|taskToken|nextToken|NextToken|nextForwardToken|nextBackwardToken|eventId|nextSequenceToken)":"[^"]+"`), `"$1":"<$1>"`},
	{regexp.MustCompile(`(:secret:[^"]*-)[A-Za-z0-9]{6}"`), `$1<suffix>"`},
	{regexp.MustCompile(`"(Port|port)":\d+`), `"$1":"<port>"`},
	{regexp.MustCompile(`"(Duration|RedshiftPid|RedshiftQueryId|billedDurationInMilliseconds)":[1-9]\d*`), `"$1":"<number>"`},
}

func mask(text string) string {
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.by)
	}
	return text
}

// called are the operations that a trace has called, as service.operation.
type called map[string]bool

// trace runs one file of calls:
//
//	call sfn.create_activity let=activity keep=activityArn
//	{"name": "approve"}
//	----
//	{"activityArn": …}
//
// let and keep put a member of the answer in the place of $activity in later calls; pages asks for all pages; until=STATUS
// repeats the call until the answer's status or Status is that. $now is the time in milliseconds.
func trace(t *testing.T, path string, calls called) {
	p := startPython(t, running(t, traced))
	kept := map[string]string{"now": strconv.FormatInt(time.Now().UnixMilli(), 10)}
	datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
		service, operation, ok := strings.Cut(d.CmdArgs[0].Key, ".")
		if d.Cmd != "call" || !ok {
			d.Fatalf(t, "expected: call SERVICE.OPERATION")
		}
		calls[service+"."+operation] = true
		var name, keep, until string
		d.MaybeScanArgs(t, "let", &name)
		d.MaybeScanArgs(t, "keep", &keep)
		d.MaybeScanArgs(t, "until", &until)
		for {
			a, err := p.call(service, operation, fill(d.Input, kept), d.HasArg("pages"))
			if err != nil {
				d.Fatalf(t, "%v", err)
			}
			if until != "" && a.Error == "" && !strings.EqualFold(statusOf(a.Answer), until) && !ended[strings.ToUpper(statusOf(a.Answer))] {
				continue
			}
			if name != "" {
				kept[name] = member(a.Answer, keep)
			}
			return mask(a.String())
		}
	})
}

// ended are the states that nothing follows.
var ended = map[string]bool{"SUCCEEDED": true, "FAILED": true, "ABORTED": true, "TIMED_OUT": true, "FINISHED": true}

func statusOf(answer any) string {
	if text := member(answer, "status"); text != "" {
		return text
	}
	return member(answer, "Status")
}

// member returns a text inside an answer: Credentials.AccessKeyId, mapRuns.0.mapRunArn.
func member(answer any, path string) string {
	for name := range strings.SplitSeq(path, ".") {
		switch inside := answer.(type) {
		case map[string]any:
			answer = inside[name]
		case []any:
			index, _ := strconv.Atoi(name)
			answer = inside[index]
		default:
			return ""
		}
	}
	text, _ := answer.(string)
	return text
}

func fill(text string, kept map[string]string) string {
	for _, name := range slices.SortedFunc(maps.Keys(kept), func(a, b string) int { return len(b) - len(a) }) {
		text = strings.ReplaceAll(text, "$"+name, kept[name])
	}
	return text
}

// Every operation answers boto3, and every operation that there is is called.
func TestBoto3(t *testing.T) {
	t.Parallel()
	require(t, "boto3", "python3", "-c", "import boto3")
	files, err := filepath.Glob("testdata/boto3/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no traces ", err)
	}
	every := make([]called, len(files))
	t.Run("trace", func(t *testing.T) {
		for i, file := range files {
			every[i] = called{}
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
				t.Parallel()
				trace(t, file, every[i])
			})
		}
	})
	all := called{}
	for _, calls := range every {
		maps.Copy(all, calls)
	}
	for _, name := range uncalled(all) {
		t.Errorf("no trace calls %s", name)
	}
}
