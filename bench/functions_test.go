package bench

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/service/lambda/sandbox"
	"github.com/stepwell/stepwell/value"
)

// openFunction returns what calls a handler that answers its event.
func openFunction(b *testing.B, runtime, code string) (invoke, change func()) {
	folder := b.TempDir()
	store, err := sqlite.Open(folder)
	if err != nil {
		b.Fatal(err)
	}
	host, err := sandbox.Open(filepath.Join(folder, "runtime"))
	if err != nil {
		b.Fatal(err)
	}
	s, err := lambda.Open(b.Context(), store, lambda.Options{Region: "us-east-1", Account: "123456789012", Folder: filepath.Join(folder, "code"), Host: host})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		s.Close()
		host.Close()
		store.Close()
	})
	properties := value.OfMembers(
		value.Member{Key: "FunctionName", Value: value.OfString("echo")}, value.Member{Key: "Runtime", Value: value.OfString(runtime)},
		value.Member{Key: "Handler", Value: value.OfString("index.handler")}, value.Member{Key: "InlineCode", Value: value.OfString(code)},
	)
	if err := s.Declare(b.Context(), lambda.Declaration{Type: "AWS::Serverless::Function", Properties: properties}); err != nil {
		b.Skip(err)
	}
	call := func(operation, request string) { callOf(b, s.Table(), operation, request) }
	return func() { call("Invoke", `{"FunctionName": "echo", "Payload": {"n": 1}}`) },
		func() { call("UpdateFunctionConfiguration", `{"FunctionName": "echo", "Description": "another"}`) }
}

var handlers = map[string]string{
	"python3.12": "def handler(event, context):\n    return event\n",
	"nodejs20.x": "exports.handler = async event => event",
}

// BenchmarkWarmInvoke calls a function whose process waits for it.
func BenchmarkWarmInvoke(b *testing.B) {
	for runtime, code := range handlers {
		b.Run(runtime, func(b *testing.B) {
			invoke, _ := openFunction(b, runtime, code)
			invoke()
			median(b, invoke)
		})
	}
}

// BenchmarkColdInvoke calls a function that has just been changed, so that it has no process. Beside it, the bare interpreter is started
// and ends.
func BenchmarkColdInvoke(b *testing.B) {
	for runtime, code := range handlers {
		b.Run(runtime, func(b *testing.B) {
			invoke, change := openFunction(b, runtime, code)
			ask := whereIs[runtime]
			program, err := exec.Command(ask[0], ask[1:]...).Output()
			if err != nil {
				b.Fatal(err)
			}
			var bare []time.Duration
			median(b, func() {
				b.StopTimer()
				change()
				began := time.Now()
				if err := exec.Command(strings.TrimSpace(string(program)), ask[1], "0").Run(); err != nil {
					b.Fatal(err)
				}
				bare = append(bare, time.Since(began))
				b.StartTimer()
				invoke()
			})
			slices.Sort(bare)
			b.ReportMetric(milliseconds(bare[len(bare)/2]), "bare-ms")
		})
	}
}

// whereIs asks an interpreter for its own path: what the PATH has may be a launcher.
var whereIs = map[string][]string{
	"python3.12": {"python3", "-c", "import sys; print(sys.executable)"},
	"nodejs20.x": {"node", "-e", "console.log(process.execPath)"},
}

func median(b *testing.B, work func()) {
	var times []time.Duration
	for b.Loop() {
		before := b.Elapsed()
		work()
		times = append(times, b.Elapsed()-before)
	}
	slices.Sort(times)
	b.ReportMetric(milliseconds(times[len(times)/2]), "p50-ms")
}
