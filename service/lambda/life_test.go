package lambda_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// call runs an operation; what restJson1 answers outside the body is not in the value.
func (p *place) call(t *testing.T, operation, request string) (value.Value, error) {
	t.Helper()
	row, ok := p.Table().Operation(operation)
	if !ok {
		t.Fatalf("there is no %s", operation)
	}
	return p.Table().CallJSON(t.Context(), row, value.MustParse(request))
}

// python declares a function of one file.
func (p *place) python(t *testing.T, name, code string, more ...value.Member) {
	t.Helper()
	properties := append([]value.Member{
		{Key: "FunctionName", Value: value.OfString(name)}, {Key: "Runtime", Value: value.OfString("python3.12")},
		{Key: "Handler", Value: value.OfString("index.handler")}, {Key: "InlineCode", Value: value.OfString(code)}, {Key: "Timeout", Value: value.OfInt(30)},
	}, more...)
	err := p.Declare(t.Context(), lambda.Declaration{Type: "AWS::Serverless::Function", Properties: value.OfMembers(properties...)})
	if err != nil {
		t.Fatal(err)
	}
}

// await waits until a file is there, and returns what is in it.
func await(t *testing.T, file string) string {
	t.Helper()
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer watcher.Close()
	if err := watcher.Add(filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	for {
		if text, err := os.ReadFile(file); err == nil && len(text) > 0 {
			return string(text)
		}
		select {
		case <-watcher.Events:
		case err := <-watcher.Errors:
			t.Fatal(err)
		}
	}
}

const touch = `
def handler(event, context):
    with open(event["file"] + ".tmp", "w") as f:
        f.write(event.get("text", "x"))
    import os
    os.rename(event["file"] + ".tmp", event["file"])
`

func fileEvent(file string) string { return `{"file": "` + file + `"}` }

// Nothing of a function is left when the service has closed, children that it forked included.
func TestChildrenEnd(t *testing.T) {
	p := open(t, &servicetest.Records{})
	p.python(t, "forks", `
import os, time
def handler(event, context):
    child = os.fork()
    if child == 0:
        time.sleep(600)
    return [os.getpid(), child]
`)
	processes, err := value.Parse(p.payload(t, `{"FunctionName": "forks"}`).Str())
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	for _, process := range processes.Items() {
		pid, _ := process.Int()
		for running(int(pid)) { // it is killed, and ends at its next turn
			time.Sleep(time.Millisecond)
		}
	}
}

// payload is the answer of a function as state machines get it.
func (p *place) payload(t *testing.T, request string) value.Value {
	t.Helper()
	task, err := servicetest.Task("arn:aws:states:::aws-sdk:lambda:invoke", request, 1)
	if err != nil {
		t.Fatal(err)
	}
	answer, failure := p.tasks().Run(t.Context(), task, nil)
	if failure != nil {
		t.Fatal(*failure.Error, *failure.Cause)
	}
	payload, _ := answer.Get("Payload")
	return payload
}

// running says whether a process is there and no zombie.
func running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(status), ") Z ")
}

// An event is run although the process ended before it: the next one finds it.
func TestEventsSurvive(t *testing.T) {
	records := &servicetest.Records{}
	file := filepath.Join(t.TempDir(), "done")
	first := open(t, records)
	first.python(t, "touch", touch)
	event := value.MustParse(`{"FunctionName": "touch", "InvocationType": "Event"}`).With("Payload", value.OfString(fileEvent(file)))
	if _, err := first.call(t, "Invoke", event.Text()); err != nil {
		t.Fatal(err)
	}
	first.Close() // it was never started, so nothing ran
	if _, err := os.Stat(file); err == nil {
		t.Fatal("the event ran before Start")
	}
	second := openAt(t, first.folder, records)
	if err := second.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	await(t, file)
	second.Settle(t.Context())
	left := 0
	err := records.List(t.Context(), "lambda.event", func(string, []byte) error { left++; return nil })
	if err != nil || left != 0 {
		t.Errorf("%d events are left, %v", left, err)
	}
}

// A function has no more invocations at once than are reserved for it.
func TestReservedConcurrency(t *testing.T) {
	p := open(t, &servicetest.Records{})
	folder := t.TempDir()
	p.python(t, "waits", `
import os, time
def handler(event, context):
    open(event["file"], "w").write("x")
    while not os.path.exists(event["until"]):
        time.sleep(0.002)
`, value.Member{Key: "ReservedConcurrentExecutions", Value: value.OfInt(2)})
	request := func(n string) string {
		payload := `{"file": "` + filepath.Join(folder, n) + `", "until": "` + filepath.Join(folder, "go") + `"}`
		return value.MustParse(`{"FunctionName": "waits"}`).With("Payload", value.OfString(payload)).Text()
	}
	var both sync.WaitGroup
	for _, n := range []string{"1", "2"} {
		both.Go(func() {
			if _, err := p.call(t, "Invoke", request(n)); err != nil {
				t.Error(err)
			}
		})
	}
	await(t, filepath.Join(folder, "1"))
	await(t, filepath.Join(folder, "2"))
	_, err := p.call(t, "Invoke", request("3"))
	if fault.CodeOf(err) != "TooManyRequestsException" {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "go"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	both.Wait()
	if _, err := p.call(t, "Invoke", request("4")); err != nil {
		t.Error(err)
	}
}

// Archives lead nowhere outside, and broken ones leave nothing behind.
func TestHostileArchives(t *testing.T) {
	p := open(t, &servicetest.Records{})
	for _, name := range []string{"../out.py", "/out.py", "a/../../out.py", ""} {
		var archive bytes.Buffer
		w := zip.NewWriter(&archive)
		if name == "" {
			header := &zip.FileHeader{Name: "link"}
			header.SetMode(os.ModeSymlink | 0o777)
			f, _ := w.CreateHeader(header)
			f.Write([]byte(p.folder))
			w.Create("link/out.py")
		} else {
			w.Create(name)
		}
		w.Close()
		p.refuses(t, name, archive.Bytes())
	}
	p.refuses(t, "no archive", []byte("PK nonsense"))
	if left, _ := filepath.Glob(filepath.Join(p.folder, "functions", "*", ".*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	if _, err := os.Stat(filepath.Join(p.folder, "out.py")); err == nil {
		t.Error("a file was written outside")
	}
}

func (p *place) refuses(t *testing.T, name string, archive []byte) {
	t.Helper()
	_, err := p.call(t, "CreateFunction", `{"FunctionName": "f", "Runtime": "python3.12", "Handler": "a.b", "Role": "arn:aws:iam::123456789012:role/x",
		"Code": {"ZipFile": "`+base64.StdEncoding.EncodeToString(archive)+`"}}`)
	if fault.CodeOf(err) != "InvalidZipFileException" {
		t.Errorf("%s: %v", name, err)
	}
}

// Who calls a function whose interpreter is not there hears what to install.
func TestMissingRuntime(t *testing.T) {
	p := open(t, &servicetest.Records{})
	t.Setenv("PATH", t.TempDir())
	p.python(t, "f", "handler = print")
	_, err := p.call(t, "Invoke", `{"FunctionName": "f"}`)
	if fault.CodeOf(err) != "InvalidRuntimeException" || !strings.Contains(err.Error(), "install Python 3") {
		t.Error(err)
	}
}

// A layer's modules are found, and new code is run by new processes only.
func TestLayersAndUpdates(t *testing.T) {
	p := open(t, &servicetest.Records{})
	module := filepath.Join(p.code, "layer", "python", "shared.py")
	if err := os.MkdirAll(filepath.Dir(module), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(module, []byte("name = 'layered'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const arn = "arn:aws:lambda:us-east-1:123456789012:layer:shared:1"
	err := p.Declare(t.Context(), lambda.Declaration{
		Type: "AWS::Serverless::LayerVersion", ARN: arn, File: p.file, Properties: value.MustParse(`{"LayerName": "shared", "ContentUri": "layer"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	layers := value.Member{Key: "Layers", Value: value.OfStrings(arn)}
	for _, version := range []string{"1", "2"} {
		p.python(t, "f", "import shared\ndef handler(event, context):\n    return shared.name + '"+version+"'\n", layers)
		if got := p.payload(t, `{"FunctionName": "f"}`).Str(); got != `"layered`+version+`"` {
			t.Error(got)
		}
	}
}

// What a function runs when the service closes is ended.
func TestCloseEndsWork(t *testing.T) {
	p := open(t, &servicetest.Records{})
	file := filepath.Join(t.TempDir(), "started")
	p.python(t, "long", "import time\ndef handler(event, context):\n    open(event['file'], 'w').write('x')\n    time.sleep(600)\n")
	done := make(chan error, 1)
	go func() {
		_, err := p.call(t, "Invoke", value.MustParse(`{"FunctionName": "long"}`).With("Payload", value.OfString(fileEvent(file))).Text())
		done <- err
	}()
	await(t, file)
	p.Close()
	<-done
}
