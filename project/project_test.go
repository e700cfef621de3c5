package project

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/fault"
)

// folder writes files, named by their paths, below a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const oneMachine = `Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: Nightly
      RoleArn: arn:aws:iam::123456789012:role/r
      DefinitionString: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
`

func TestLoad(t *testing.T) {
	definition := `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`
	for _, x := range []struct {
		name, path string
		files      map[string]string
		machines   string
	}{
		{"a template", ".", map[string]string{"template.yaml": oneMachine, "other.yaml": "a: 1"}, "Nightly"},
		{"a template before definitions", ".", map[string]string{"t.yaml": oneMachine, "x.asl.json": definition}, "Nightly"},
		{"definitions", ".", map[string]string{"a.asl.json": definition, "b.asl.yaml": "StartAt: A"}, "a b"},
		{"a definition by name", "a.asl.json", map[string]string{"a.asl.json": definition, "b.asl.json": definition}, "a"},
		{"a template by name", "b.yml", map[string]string{"a.yml": oneMachine, "b.yml": oneMachine}, "Nightly"},
		{"a definition without our ending", "plain.json", map[string]string{"plain.json": definition}, "plain"},
		{"stepwell.yaml chooses", ".", map[string]string{"a.yml": oneMachine, "b.yml": oneMachine, ConfigName: "template: b.yml"}, "Nightly"},
	} {
		p, err := Load(filepath.Join(folder(t, x.files), x.path), nil)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		var names []string
		for _, m := range p.Machines {
			names = append(names, m.Name)
		}
		if got := strings.Join(names, " "); got != x.machines {
			t.Errorf("%s: machines %s, want %s", x.name, got, x.machines)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, x := range []struct {
		name, path, want string
		files            map[string]string
	}{
		{"nothing there", "missing", "no project at", nil},
		{"two templates", ".", "has 2 templates", map[string]string{"a.yaml": oneMachine, "b.yaml": oneMachine}},
		{"an unresolved reference", ".", "template.yaml:5:", map[string]string{"template.yaml": `Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !Ref Missing
`}},
		{"keys that are none", ".", `stepwell.yaml:1:1: unknown key "bukets": stepwell.yaml has buckets, connections, imports`, map[string]string{ConfigName: "bukets: {}"}},
		{"a wait that is none", ".", `stepwell.yaml:1:11: "-1s" is not a duration`, map[string]string{ConfigName: "wait_cap: -1s"}},
		{"a bare list", ".", "stepwell.yaml:1:1: expected keys with values", map[string]string{ConfigName: "[1]"}},
		{"half a preparation", ".", "stepwell.yaml:2:5: a preparation needs a command", map[string]string{ConfigName: "prepare:\n  - creates: x"}},
		{"a bucket with two places", ".", `stepwell.yaml:2:10: unknown key "folder": a bucket is a folder or has s3`, map[string]string{ConfigName: "buckets:\n  lake: {folder: x}"}},
		{"a bucket nowhere", ".", "stepwell.yaml:2:9: a bucket is a folder or has s3", map[string]string{ConfigName: "buckets:\n  lake: {}"}},
		{"an endpoint that is none", ".", `stepwell.yaml:2:14: the endpoint "s3.example.com" is not a URL`, map[string]string{ConfigName: "buckets:\n  lake: {s3: {endpoint: s3.example.com}}"}},
		{"a key of S3 that is none", ".", `unknown key "regoin": s3 has bucket, endpoint`, map[string]string{ConfigName: "buckets:\n  lake: {s3: {regoin: x}}"}},
		{"a secret", ".", `"secret_access_key" does not belong here: credentials come from the environment`, map[string]string{ConfigName: "buckets:\n  lake: {s3: {secret_access_key: x}}"}},
		{"a password in an endpoint", ".", "stepwell.yaml:2:14: the endpoint is not a URL like https://s3.example.com, without a user", map[string]string{ConfigName: "buckets:\n  lake: {s3: {endpoint: 'https://me:word@s3.example.com'}}"}},
		{"a warehouse key that is none", ".", `stepwell.yaml:2:3: unknown key "cluster": warehouse has clusters and workgroups`, map[string]string{ConfigName: "warehouse:\n  cluster: etl"}},
		{"a cluster that is none", ".", `stepwell.yaml:2:19: "E_tl" is not the name of a cluster`, map[string]string{ConfigName: "warehouse:\n  clusters: [etl, E_tl]"}},
		{"a workgroup that is none", ".", `stepwell.yaml:2:16: "x" is not the name of a workgroup`, map[string]string{ConfigName: "warehouse:\n  workgroups: [x]"}},
		{"no YAML", ".", "stepwell.yaml: line 2", map[string]string{ConfigName: "a: b\n\tc: d"}},
		{"a definition outside", ".", "is not a file in the template's folder", map[string]string{"template.yaml": `Transform: AWS::Serverless-2016-10-31
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: ../../../../etc/passwd
`}},
	} {
		_, err := Load(filepath.Join(folder(t, x.files), x.path), nil)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.name, err, x.want)
		}
	}
}

func TestMachine(t *testing.T) {
	p := &Project{Folder: "here", Machines: []Machine{{Name: "a"}, {Name: "b"}}}
	if m, err := p.Machine("b"); err != nil || m.Name != "b" {
		t.Errorf("machine b: %v, %v", m, err)
	}
	for name, want := range map[string]string{"": "choose one with --machine: a, b", "c": `no state machine "c", only a, b`} {
		if _, err := p.Machine(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("machine %q: %v, want %s", name, err, want)
		}
	}
}

func TestPrepare(t *testing.T) {
	p := &Project{Name: "p", Folder: folder(t, nil)}
	p.Config.Prepare = []Preparation{{Command: []string{"sh", "-c", "echo made > data; env > environment"}, Creates: "data"}}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	var said bytes.Buffer
	for range 2 {
		if err := p.Prepare(t.Context(), &said); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Count(said.String(), "preparing: sh") != 1 {
		t.Errorf("prepared once, but said %q", said.String())
	}
	environment, err := os.ReadFile(filepath.Join(p.Folder, "environment"))
	if err != nil || strings.Contains(string(environment), "secret") {
		t.Errorf("the preparation sees %s (%v)", environment, err)
	}
	for _, x := range []struct{ command, want string }{
		{"echo broken >&2; exit 3", "broken: exit status 3"}, {"true", "did not make"},
	} {
		p.Config.Prepare = []Preparation{{Command: []string{"sh", "-c", x.command}, Creates: "other"}}
		err := p.Prepare(t.Context(), &said)
		if err == nil || !strings.Contains(err.Error(), x.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want %s", x.command, err, x.want)
		}
	}
}

// A name that leads out of a folder through a link is refused as well.
func TestWithin(t *testing.T) {
	dir := folder(t, map[string]string{"in/a": "a", "out/b": "b"})
	if err := os.Symlink(filepath.Join("..", "out"), filepath.Join(dir, "in", "link")); err != nil {
		t.Skip(err)
	}
	if text, err := within(filepath.Join(dir, "in"), "a"); err != nil || string(text) != "a" {
		t.Errorf("within: %s, %v", text, err)
	}
	if _, err := within(filepath.Join(dir, "in"), "link/b"); err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link out of the folder: %v", err)
	}
}

// A bucket is a folder of the project or stands at an endpoint.
func TestBuckets(t *testing.T) {
	p, err := Bare(folder(t, map[string]string{ConfigName: `buckets:
  scripts: data/scripts
  lake:
    s3: {endpoint: "http://127.0.0.1:9000", region: eu-central-1, bucket: company-lake, prefix: etl/, profile: work}
`}))
	if err != nil {
		t.Fatal(err)
	}
	want := S3{Endpoint: "http://127.0.0.1:9000", Region: "eu-central-1", Bucket: "company-lake", Prefix: "etl/", Profile: "work"}
	if lake := p.Config.Buckets["lake"].S3; lake == nil || *lake != want {
		t.Errorf("got %+v, want %+v", lake, want)
	}
	if got := p.Buckets["scripts"]; len(p.Buckets) != 1 || got != filepath.Join(p.Folder, "data", "scripts") {
		t.Errorf("the folders are %v", p.Buckets)
	}
}
