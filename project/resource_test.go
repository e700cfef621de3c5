package project_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stepwell/stepwell/project"
)

// The code of a function is one of its properties; where it stands in the template is none of a state machine's.
func TestResources(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const function = "  Load: {Type: AWS::Serverless::Function, Properties: {CodeUri: functions, Handler: app.handler}}\n"
	const machine = "  M: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}}}\n"
	var last map[string]map[string]string
	for _, step := range []struct {
		name, template, code string
		changed              []string
	}{
		{"first", "Resources:\n" + function + machine, "1", nil},
		{"moved", "Description: x\nResources:\n" + machine + function, "1", nil},
		{"other code", "Resources:\n" + function + machine, "2", []string{"AWS::Lambda::Function CodeUri"}},
	} {
		write("template.yaml", step.template)
		write("functions/app.py", step.code)
		write("functions/__pycache__/app.pyc", step.name)
		p, err := project.Load(folder, nil)
		if err != nil {
			t.Fatal(err)
		}
		now, changed := map[string]map[string]string{}, []string(nil)
		for _, r := range p.Resources {
			now[r.Type] = r.Properties
			for name, digest := range r.Properties {
				if last != nil && last[r.Type][name] != digest {
					changed = append(changed, r.Type+" "+name)
				}
			}
		}
		if last = now; !slices.Equal(changed, step.changed) || len(now) != 2 {
			t.Errorf("%s: changed %v, want %v", step.name, changed, step.changed)
		}
	}
}

// A project decides about what it reads and about what has gone; another template of its folder is left alone.
func TestFollows(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a.yaml", "b.yaml"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("Resources: {T: {Type: AWS::SNS::Topic}}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := project.Load(filepath.Join(folder, "a.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]bool{"a.yaml": true, "b.yaml": false, "gone.yaml": true} {
		if p.Follows(source) != want {
			t.Errorf("%s: %t", source, !want)
		}
	}
}
