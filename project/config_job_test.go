package project

import (
	"strings"
	"testing"
)

func TestImages(t *testing.T) {
	p, err := Bare(folder(t, map[string]string{ConfigName: `jobs:
  - { image: "*rsql*:latest", runner: process, entrypoint: [bash, run.sh] }
  - image: "*"
    runner: docker
`}))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"1.dkr.ecr.us-east-1.amazonaws.com/amazonlinux-rsql:latest": ProcessRunner,
		"rsql:latest": ProcessRunner, "rsql:1": DockerRunner, "a:latest": DockerRunner, "": DockerRunner,
	} {
		got := ""
		for _, image := range p.Config.Jobs {
			if got == "" && image.Fits(name) {
				got = image.Runner
			}
		}
		if got != want {
			t.Errorf("%q is run by %s, want %s", name, got, want)
		}
	}
	for pattern, names := range map[string]string{"a": "ab ba", "a*": "ba", "*a": "ab", "a*b*c": "ac abcd a-c-b", "aa*aa": "aaa"} {
		for name := range strings.FieldsSeq(names) {
			if (Image{Name: pattern}).Fits(name) {
				t.Errorf("%s fits %s", pattern, name)
			}
		}
	}
}

func TestImagesRefused(t *testing.T) {
	for text, want := range map[string]string{
		"jobs: {image: x}":                                    ":1:7: expected a list",
		"jobs: [{image: x}]":                                  ":1:8: jobs need an image and a runner",
		"jobs: [{runner: docker}]":                            "jobs need an image and a runner",
		"jobs: [{image: x, runner: podman}]":                  `the runner "podman" is not one of builtin, process, docker`,
		"jobs: [{image: x, runer: docker}]":                   `unknown key "runer": jobs have image, runner, entrypoint`,
		"jobs: [{image: x, runner: docker, entrypoint: [a]}]": "an entrypoint is for the runner process",
	} {
		if _, err := Bare(folder(t, map[string]string{ConfigName: text})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The stacks of a CDK app come behind those that they depend on, also when these depend on each other in a circle.
func TestAssembly(t *testing.T) {
	stack := func(name, dependencies string) string {
		return `"` + name + `": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "` + name + `.json"}, "dependencies": [` + dependencies + `]}`
	}
	p := &Project{Folder: folder(t, map[string]string{assemblyName: `{"artifacts": {` + stack("a", `"b", "c"`) + "," + stack("b", `"c", "a", "none"`) + "," + stack("c", "") + "}}"})}
	stacks, err := p.assembly()
	var names []string
	for _, s := range stacks {
		names = append(names, s.name)
	}
	if got := strings.Join(names, " "); err != nil || got != "c b a" {
		t.Errorf("got %s, %v", got, err)
	}
	for text, want := range map[string]string{`{"artifacts": {}}`: "manifest.json has no stack", `{"name": "an app"}`: "", "{": ""} {
		p := &Project{Folder: folder(t, map[string]string{assemblyName: text})}
		stacks, err := p.assembly()
		if want == "" && (err != nil || stacks != nil) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, %v", text, stacks, err)
		}
	}
}
