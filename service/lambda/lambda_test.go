package lambda_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/service/lambda/sandbox"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// place is a service with a host of its own.
type place struct {
	*lambda.Service
	folder, code string
	records      *servicetest.Records

	mu   sync.Mutex
	logs []string
	// origins are what the processes have been given to tell their origin, revoked counts the keys that were taken back.
	origins []func() origin.Origin
	revoked atomic.Int64
}

func open(t *testing.T, records *servicetest.Records) *place {
	t.Helper()
	return openAt(t, t.TempDir(), records)
}

// openAt opens a service over what an earlier one has left.
func openAt(t *testing.T, folder string, records *servicetest.Records) *place {
	t.Helper()
	for _, program := range []string{"python3", "node"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not on this machine", program)
		}
	}
	p := &place{folder: folder, code: t.TempDir()}
	host, err := sandbox.Open(filepath.Join(p.folder, "runtime"))
	if err != nil {
		t.Fatal(err)
	}
	p.Service, err = lambda.Open(t.Context(), records, lambda.Options{
		Region: "us-east-1", Account: "123456789012", Folder: filepath.Join(p.folder, "functions"), Host: host,
		Variables: func(from func() origin.Origin) (map[string]string, func(), error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.origins = append(p.origins, from)
			return map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, func() { p.revoked.Add(1) }, nil
		},
		Logs: p.keepLogs, Chance: func() float64 { return 0.5 },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Close()
		if err := host.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *place) tasks() *service.Integrations { return service.NewIntegrations(p.Table()) }

func (p *place) keepLogs(_ context.Context, group, stream string, lines []lambda.Line) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range lines {
		p.logs = append(p.logs, group+" "+line.Message)
	}
	return nil
}

var masks = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`\d+\.\d\d ms`), "<ms>"},
	{regexp.MustCompile(`Billed Duration: \d+ ms`), "Billed Duration: <ms>"},
	{regexp.MustCompile(`Max Memory Used: \d+ MB`), "Max Memory Used: <mb>"},
	{regexp.MustCompile(`"RequestId: [^ ]+`), `"RequestId: <uuid>`},
}

func mask(text string) string {
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.by)
	}
	return servicetest.Mask(text)
}

// declare makes a function of the files in the input: lines "-- name --" begin them. Its arguments are its properties.
func (p *place) declare(t *testing.T, d *datadriven.TestData) string {
	name := d.CmdArgs[0].Key
	folder := filepath.Join(p.code, name)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	var into string
	for line := range strings.Lines(d.Input + "\n") {
		if file, ok := strings.CutPrefix(line, "-- "); ok {
			into = filepath.Join(folder, strings.TrimSuffix(strings.TrimSpace(file), " --"))
			if err := os.MkdirAll(filepath.Dir(into), 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		f, err := os.OpenFile(into, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o755)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, line)
		f.Close()
	}
	properties := []value.Member{{Key: "FunctionName", Value: value.OfString(name)}, {Key: "CodeUri", Value: value.OfString(name)}}
	for _, arg := range d.CmdArgs[1:] {
		v, err := value.Parse(strings.Join(arg.Vals, ","))
		if err != nil {
			v = value.OfString(arg.Vals[0])
		}
		properties = append(properties, value.Member{Key: arg.Key, Value: v})
	}
	err := p.Declare(t.Context(), lambda.Declaration{
		Type: "AWS::Serverless::Function", Properties: value.OfMembers(properties...), File: p.file,
	})
	if err != nil {
		return mask(strings.ReplaceAll(err.Error(), p.code, "<code>")) + "\n"
	}
	return "ok\n"
}

func (p *place) file(name string) (string, error) { return filepath.Join(p.code, name), nil }

// zipped makes an archive of a file for the API.
func zipped(t *testing.T, name, text string) string {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, text)
	w.Close()
	return base64.StdEncoding.EncodeToString(archive.Bytes())
}

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		p := open(t, &servicetest.Records{})
		servicetest.Trace(t, path, []*service.Service{p.Table()}, map[string]servicetest.Command{
			"function": p.declare,
			"create": func(t *testing.T, d *datadriven.TestData) string {
				row, _ := p.Table().Operation("CreateFunction")
				code, rest, _ := strings.Cut(d.Input, "\n--\n")
				request := value.MustParse(rest).With("Code", value.OfMembers(value.Member{Key: "ZipFile", Value: value.OfString(zipped(t, d.CmdArgs[0].Key, code))}))
				if _, err := row.Call(t.Context(), request, ""); err != nil {
					return err.Error() + "\n"
				}
				return "ok\n"
			},
			// invoke prints the answer of the API and the log that comes with it.
			"invoke": func(t *testing.T, d *datadriven.TestData) string {
				row, _ := p.Table().Operation("Invoke")
				answer, err := p.Table().CallREST(t.Context(), row, service.RESTRequest{
					Labels: map[string]string{"FunctionName": d.CmdArgs[0].Key}, Header: map[string][]string{"X-Amz-Log-Type": {"Tail"}}, Body: []byte(d.Input),
				})
				if err != nil {
					return err.Error() + "\n"
				}
				tail, _ := base64.StdEncoding.DecodeString(answer.Header["X-Amz-Log-Result"])
				if len(answer.Body) > 2000 {
					answer.Body = fmt.Sprintf("(%d bytes)", len(answer.Body))
				}
				return mask(fmt.Sprintf("%d %s %s\n%s", answer.Status, answer.Header["X-Amz-Function-Error"], answer.Body, tail))
			},
		})
	})
}
