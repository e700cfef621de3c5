package project

import (
	"archive/zip"
	"errors"
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

// merge adds what a template came to. What it exports can be imported by the stacks behind it, and its parameters of Systems
// Manager be read by them.
func (p *Project) merge(s *template.Stack) {
	p.Stack.Join(s)
	for _, o := range s.Outputs {
		if o.Export != "" && o.Value.Kind() == value.String {
			if p.Config.Imports == nil {
				p.Config.Imports = map[string]string{}
			}
			p.Config.Imports[o.Export] = o.Value.Str()
		}
	}
	for _, d := range s.Declarations {
		if d.Type == "AWS::SSM::Parameter" {
			name, _ := d.Properties.Get("Name")
			text, _ := d.Properties.Get("Value")
			p.systemsManager[name.Str()] = text.Str()
		}
	}
}

// Deployed calls put for every file that the template's deployments bring into buckets, in the order in which later files
// replace earlier ones.
func (p *Project) Deployed(put func(bucket, key, file string) error) error {
	for _, d := range p.Stack.Deployments {
		for _, asset := range d.Assets {
			folder, remove, err := unpacked(filepath.Join(filepath.Dir(d.Position.File), "asset."+asset))
			if err != nil {
				return fault.New(fault.KindOf(err), "unpack the asset %s", asset).Because(err).At(d.Position)
			}
			err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
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
			remove()
			if err != nil {
				return fault.New(fault.KindOf(err), "deploy the asset %s to the bucket %s", asset, d.Bucket).Because(err).At(d.Position)
			}
		}
	}
	return nil
}

// unpacked is the folder of an asset. Where there is only its archive, this is unpacked into a folder that remove deletes.
func unpacked(folder string) (place string, remove func(), err error) {
	if _, err := os.Stat(folder); err == nil {
		return folder, func() {}, nil
	}
	archive, err := zip.OpenReader(folder + ".zip")
	if errors.Is(err, fs.ErrNotExist) {
		return folder, func() {}, nil // its absence is told where it is read
	}
	if err != nil {
		return "", nil, fault.Invalidf("%s.zip", folder).Because(err)
	}
	defer archive.Close()
	if place, err = os.MkdirTemp("", "stepwell-asset-"); err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(place) } // what stays is in nobody's way
	if err := os.CopyFS(place, archive); err != nil {
		remove()
		return "", nil, fault.Invalidf("%s.zip", folder).Because(err)
	}
	return place, remove, nil
}
