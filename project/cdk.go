package project

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/value"
)

// assemblyName is the file that tells what cdk synth has written into a folder.
const assemblyName = "manifest.json"

// stackFile is the template of one stack.
type stackFile struct{ name, file string }

// assembly returns the stacks that the CDK has synthesized into the project's folder, each behind those that it depends on;
// none if the folder is not the CDK's.
func (p *Project) assembly() ([]stackFile, error) {
	name := filepath.Join(p.Folder, assemblyName)
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, nil
	}
	manifest, err := value.Parse(string(text))
	artifacts, ok := manifest.Get("artifacts")
	if err != nil || !ok {
		return nil, nil
	}
	a := &assembly{folder: p.Folder, artifacts: artifacts}
	for _, one := range artifacts.Members() {
		a.add(one.Key)
	}
	if len(a.stacks) == 0 {
		return nil, fault.Invalidf("%s has no stack", name)
	}
	return a.stacks, nil
}

type assembly struct {
	folder    string
	artifacts value.Value
	seen      []string
	stacks    []stackFile
}

// add adds an artifact behind its dependencies, if it is a stack.
func (a *assembly) add(id string) {
	artifact, ok := a.artifacts.Get(id)
	if !ok || slices.Contains(a.seen, id) {
		return
	}
	a.seen = append(a.seen, id)
	dependencies, _ := artifact.Get("dependencies")
	for _, other := range dependencies.Items() {
		a.add(other.Str())
	}
	kind, _ := artifact.Get("type")
	properties, _ := artifact.Get("properties")
	file, _ := properties.Get("templateFile")
	if kind.Str() != "aws:cloudformation:stack" || file.Str() == "" {
		return
	}
	name, ok := properties.Get("stackName")
	if !ok {
		name = value.OfString(id)
	}
	a.stacks = append(a.stacks, stackFile{name.Str(), filepath.Join(a.folder, filepath.Base(file.Str()))})
}

// merge adds what a template came to. What it exports can be imported by the stacks behind it.
func (p *Project) merge(s *template.Stack) {
	t := &p.Stack
	t.StateMachines, t.Buckets, t.Topics = append(t.StateMachines, s.StateMachines...), append(t.Buckets, s.Buckets...), append(t.Topics, s.Topics...)
	t.Declarations, t.Deployments = append(t.Declarations, s.Declarations...), append(t.Deployments, s.Deployments...)
	t.Accepted, t.Outputs, t.Warnings = append(t.Accepted, s.Accepted...), append(t.Outputs, s.Outputs...), append(t.Warnings, s.Warnings...)
	for _, o := range s.Outputs {
		if o.Export != "" && o.Value.Kind() == value.String {
			if p.Config.Imports == nil {
				p.Config.Imports = map[string]string{}
			}
			p.Config.Imports[o.Export] = o.Value.Str()
		}
	}
}

// Deployed calls put for every file that the template's deployments bring into buckets, in the order in which later files
// replace earlier ones.
func (p *Project) Deployed(put func(bucket, key, file string) error) error {
	for _, d := range p.Stack.Deployments {
		for _, asset := range d.Assets {
			folder := filepath.Join(filepath.Dir(d.Position.File), "asset."+asset)
			err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				name, err := filepath.Rel(folder, path)
				if err != nil {
					return err
				}
				key := filepath.ToSlash(name)
				if prefix := strings.Trim(d.Prefix, "/"); prefix != "" {
					key = prefix + "/" + key
				}
				return put(d.Bucket, key, path)
			})
			if err != nil {
				return fault.New(fault.KindOf(err), "deploy the asset %s to the bucket %s", asset, d.Bucket).Because(err).At(d.Position)
			}
		}
	}
	return nil
}
