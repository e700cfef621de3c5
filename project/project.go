// Package project reads what a user points Stepwell at: a folder with a template or definitions and, perhaps, a stepwell.yaml.
// It finds the state machines, buckets and topics in it and checks them; it runs nothing but the preparations that
// stepwell.yaml asks for.
//
//	p, err := project.Load("examples/sales-pipeline", nil)
//	m, err := p.Machine("") // the only state machine
package project

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/template"
)

// DataFolder is the name of the folder that holds all that runs leave behind.
const DataFolder = ".stepwell"

// Project is a folder and what is in it.
type Project struct {
	Name   string
	Folder string
	Config Config
	// Machines are the state machines, those of the template first.
	Machines []Machine
	// Buckets maps the buckets that are folders of the project to these.
	Buckets map[string]string
	// Stack is what the template came to, empty without a template.
	Stack template.Stack
	// Resources are what is made of the template or the definitions, in their order.
	Resources []Resource

	path        string            // as it was given to Load
	sourcesRead []string          // templates and definitions, as they are seen from Folder
	parameters  map[string]string // that win over those of stepwell.yaml
	answers     map[string]map[string]template.Answer

	systemsManager map[string]string // values of parameters, by name

	data string // the data folder where it is not in Folder
}

// Machine is a state machine of the project. Positions in Definition are positions in File.
type Machine struct {
	Name, ARN, RoleARN string
	LogicalID          string // in the template; empty for a definition that stands alone
	Definition, File   string
	Express            bool // of type EXPRESS
	Logging            template.Logging
}

// Where Stepwell's own resources are, as far as their names tell.
const (
	Region  = "us-east-1"
	Account = "123456789012"
)

// Data returns the project's data folder.
func (p *Project) Data() string {
	if p.data != "" {
		return p.data
	}
	return filepath.Join(p.Folder, DataFolder)
}

// In returns the same project with another data folder.
func (p *Project) In(data string) *Project {
	moved := *p
	moved.data = data
	return &moved
}

// Bare returns the project at a path without what its template or definitions say: the folder, stepwell.yaml, its buckets.
func Bare(path string) (*Project, error) {
	about, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "no project at %s: no such file or folder", path)
	}
	if err != nil {
		return nil, fault.New(fault.NotFound, "no project at %s", path).Because(err)
	}
	p := &Project{Folder: path, Buckets: map[string]string{}}
	if !about.IsDir() {
		p.Folder = filepath.Dir(path)
	}
	absolute, err := filepath.Abs(p.Folder)
	if err != nil {
		return nil, fault.Invalidf("find %s", path).Because(err)
	}
	p.Name = filepath.Base(absolute)
	if p.Config, err = readConfig(p.Folder); err != nil {
		return nil, err
	}
	p.systemsManager = maps.Clone(p.Config.SSM)
	if p.systemsManager == nil {
		p.systemsManager = map[string]string{}
	}
	for name, b := range p.Config.Buckets {
		if b.S3 == nil {
			p.Buckets[name] = filepath.Join(p.Folder, b.Folder)
		}
	}
	return p, nil
}

// Load reads the project at a path: a folder, a template or a definition. The parameters win over those of stepwell.yaml.
// The error may hold several mistakes.
func Load(path string, parameters map[string]string) (*Project, error) {
	return load(path, parameters, nil)
}

// With reads the project again, now that custom resources have answered: by the template's file, as Resource.Source has it, and
// by logical id.
func (p *Project) With(answers map[string]map[string]template.Answer) (*Project, error) {
	again, err := load(p.path, p.parameters, answers)
	if err != nil {
		return nil, err
	}
	again.data = p.data
	return again, nil
}

func load(path string, parameters map[string]string, answers map[string]map[string]template.Answer) (*Project, error) {
	p, err := Bare(path)
	if err != nil {
		return nil, err
	}
	p.path, p.parameters, p.answers = path, parameters, answers
	if p.Config.Parameters == nil {
		p.Config.Parameters = map[string]string{}
	}
	maps.Copy(p.Config.Parameters, parameters)
	files := []string{path}
	if about, err := os.Stat(path); err == nil && about.IsDir() {
		stacks, err := p.assembly()
		if err != nil {
			return nil, err
		}
		if len(stacks) > 0 && p.Config.Template == "" {
			return p, p.readStacks(stacks)
		}
		if files, err = p.sources(); err != nil {
			return nil, err
		}
	}
	return p, p.read(files)
}

var (
	definitionEndings = []string{".asl.json", ".asl.yaml", ".asl.yml"}
	templateEndings   = []string{".yaml", ".yml", ".json", ".template"}
)

// mainTemplates are the names of a template that others in its folder are nested in.
var mainTemplates = []string{"template.yaml", "template.yml", "template.json"}

func hasEnding(name string, endings []string) bool {
	return slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(name, ending) })
}

// sources finds the template and the definitions of the project's folder.
func (p *Project) sources() ([]string, error) {
	if p.Config.Template != "" {
		return []string{filepath.Join(p.Folder, p.Config.Template)}, nil
	}
	entries, err := os.ReadDir(p.Folder)
	if err != nil {
		return nil, fault.Invalidf("read the project %s", p.Folder).Because(err)
	}
	var templates, definitions []string
	for _, entry := range entries {
		name := filepath.Join(p.Folder, entry.Name())
		switch {
		case entry.IsDir() || entry.Name() == ConfigName:
		case hasEnding(name, definitionEndings):
			definitions = append(definitions, name)
		case hasEnding(name, templateEndings):
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, fault.Invalidf("read %s", name).Because(err)
			}
			if template.Is(string(text)) {
				templates = append(templates, name)
			}
		}
	}
	main := slices.IndexFunc(templates, func(name string) bool { return slices.Contains(mainTemplates, filepath.Base(name)) })
	switch {
	case main >= 0:
		return templates[main : main+1], nil
	case len(templates) > 1:
		return nil, fault.Invalidf("%s has %d templates: name one, or put template: into %s: %s",
			p.Folder, len(templates), ConfigName, strings.Join(templates, ", "))
	case len(templates) == 1:
		return templates, nil
	}
	return definitions, nil
}

// read takes the template or the definitions in.
func (p *Project) read(files []string) error {
	for _, file := range files {
		p.sourcesRead = append(p.sourcesRead, p.source(file))
		content, err := os.ReadFile(file)
		if err != nil {
			return fault.Invalidf("read %s", file).Because(err)
		}
		text := string(content)
		if !hasEnding(file, definitionEndings) && template.Is(text) {
			if err := p.readTemplate(file, text, p.Name); err != nil {
				return err
			}
			continue
		}
		m := alone(file, text)
		p.Machines = append(p.Machines, m)
		p.addAlone(m)
	}
	return nil
}

// alone is the state machine of a definition that stands alone: it is named after its file.
func alone(file, text string) Machine {
	name := filepath.Base(file)
	for _, ending := range append(slices.Clone(definitionEndings), templateEndings...) {
		if short, ok := strings.CutSuffix(name, ending); ok {
			name = short
			break
		}
	}
	return Machine{
		Name: name, Definition: text, File: file,
		ARN:     "arn:aws:states:" + Region + ":" + Account + ":stateMachine:" + name,
		RoleARN: "arn:aws:iam::" + Account + ":role/" + name,
	}
}

// readStacks takes the stacks of a CDK app in.
func (p *Project) readStacks(stacks []stackFile) error {
	for _, s := range stacks {
		p.sourcesRead = append(p.sourcesRead, p.source(s.file))
		content, err := os.ReadFile(s.file)
		if err != nil {
			return fault.Invalidf("read %s", s.file).Because(err)
		}
		if err := p.readTemplate(s.file, string(content), s.name); err != nil {
			return err
		}
	}
	return nil
}

func (p *Project) readTemplate(file, text, stackName string) error {
	stack, err := template.Parse(text, template.Options{
		File: file, Parameters: p.Config.Parameters, Imports: p.Config.Imports, SSM: p.systemsManager,
		AccountID: Account, Region: Region, StackName: stackName, Answers: p.answers[p.source(file)],
		Read: func(name string) ([]byte, error) { return p.beside(file, name) },
		Object: func(bucket, key string) ([]byte, error) {
			folder, ok := p.Buckets[bucket]
			if !ok {
				folder = filepath.Join(p.Data(), "buckets", bucket)
			}
			return within(folder, key)
		},
	})
	if err != nil {
		return err
	}
	p.merge(stack)
	before := len(p.Machines)
	for _, m := range stack.StateMachines {
		p.Machines = append(p.Machines, Machine{
			Name: m.Name, ARN: m.ARN, RoleARN: m.RoleARN, LogicalID: m.LogicalID, Definition: m.Definition, File: m.File,
			Express: m.Type == "EXPRESS", Logging: m.Logging,
		})
	}
	p.addResources(file, stackName, stack, p.Machines[before:])
	return nil
}

// beside reads a file that a template names, which must be inside the project.
func (p *Project) beside(file, name string) ([]byte, error) {
	folder, err := filepath.Rel(p.Folder, filepath.Join(filepath.Dir(file), name))
	if err != nil {
		return nil, err
	}
	return within(p.Folder, folder)
}

// Beside leads from a path in a template to the file or folder, which must be inside the project.
func (p *Project) Beside(file, name string) (string, error) {
	place, err := filepath.Rel(p.Folder, filepath.Join(filepath.Dir(file), name))
	if err != nil || !filepath.IsLocal(place) {
		return "", fault.Invalidf("%s is not inside the project", name)
	}
	return filepath.Join(p.Folder, place), nil
}

// within reads a file below a folder; a name that leads out of it, by dots or links, is refused.
func within(folder, name string) ([]byte, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return root.ReadFile(name)
}

// Machine returns the state machine of that name or logical id; without a name, the only one there is.
func (p *Project) Machine(name string) (Machine, error) {
	var known []string
	for _, m := range p.Machines {
		if m.Name == name || m.LogicalID == name && name != "" || name == "" && len(p.Machines) == 1 {
			return m, nil
		}
		known = append(known, m.Name)
	}
	switch {
	case len(known) == 0:
		return Machine{}, fault.New(fault.NotFound, "%s has no state machine: no template with one and no *.asl.json or *.asl.yaml", p.Folder)
	case name == "":
		return Machine{}, fault.Invalidf("%s has %d state machines: choose one with --machine: %s", p.Folder, len(known), strings.Join(known, ", "))
	}
	return Machine{}, fault.New(fault.NotFound, "%s has no state machine %q, only %s", p.Folder, name, strings.Join(known, ", "))
}
