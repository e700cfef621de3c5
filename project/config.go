package project

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/stepwell/stepwell/fault"
)

// ConfigName is the file in a project's folder that says what its template cannot.
const ConfigName = "stepwell.yaml"

// Config is stepwell.yaml. Every key is optional.
type Config struct {
	// Template is the file of the template, relative to the project's folder. Default: the one template there is.
	Template string
	// Buckets maps bucket names to folders relative to the project's or to buckets at S3 endpoints. Other buckets live in the
	// data folder.
	Buckets map[string]Bucket
	// Parameters are values for the template's parameters; those of the command line win.
	Parameters map[string]string
	// Imports are the values that Fn::ImportValue finds.
	Imports map[string]string
	// SSM are values of parameters of Systems Manager that are there before the template: it can refer to them, and services
	// find them.
	SSM map[string]string
	// Prepare are commands that make what the project needs and does not carry.
	Prepare []Preparation
	// Warehouse says under which names services know the warehouse.
	Warehouse Warehouse
	// Mail is the server that takes mails for subscriptions of the protocol email; nil: they go to a file of the data folder.
	Mail *Mail
	// Jobs say how the jobs of container images are run; the first that fits counts. Images that none fits: scripts from
	// buckets are run in this process, others in Docker if it is there.
	Jobs []Image
	// Connections are those of HTTP tasks, by their names.
	Connections map[string]Connection
	// WaitCap shortens every pause in local runs; 0 leaves them as they are. The command line wins.
	WaitCap time.Duration
}

// Preparation is a command, run in the project's folder when the file that it creates is missing.
type Preparation struct {
	Command []string
	Creates string
}

// Bucket says where a bucket is: in a folder or, if S3 is set, at an endpoint.
type Bucket struct {
	Folder string
	S3     *S3
}

// S3 is a bucket at an S3 endpoint. The credentials come from where AWS's tools have them: the environment, the shared files.
type S3 struct {
	// Endpoint is the URL of a server other than AWS.
	Endpoint string
	// Region default: that of the profile or the environment.
	Region string
	// Bucket is the name at the endpoint, default: the name here. Prefix stands before every key there.
	Bucket, Prefix string
	// Profile is one of the shared configuration files', default: AWS_PROFILE.
	Profile string
}

// Mail is an SMTP server. The password of User comes from the environment, STEPWELL_SMTP_PASSWORD.
type Mail struct {
	// Server is host:port; TLS is required of a server on another machine.
	Server string
	// From is the address that mails come from.
	From string
	User string
}

// section reads one key of the file.
type section func(c *Config, r *reader, n *yaml.Node)

var sections = map[string]section{
	"template":    func(c *Config, r *reader, n *yaml.Node) { c.Template = r.text(n) },
	"buckets":     func(c *Config, r *reader, n *yaml.Node) { c.Buckets = r.buckets(n) },
	"parameters":  func(c *Config, r *reader, n *yaml.Node) { c.Parameters = r.texts(n) },
	"imports":     func(c *Config, r *reader, n *yaml.Node) { c.Imports = r.texts(n) },
	"ssm":         func(c *Config, r *reader, n *yaml.Node) { c.SSM = r.texts(n) },
	"prepare":     func(c *Config, r *reader, n *yaml.Node) { c.Prepare = r.preparations(n) },
	"jobs":        func(c *Config, r *reader, n *yaml.Node) { c.Jobs = r.images(n) },
	"warehouse":   func(c *Config, r *reader, n *yaml.Node) { c.Warehouse = r.warehouse(n) },
	"mail":        func(c *Config, r *reader, n *yaml.Node) { c.Mail = r.mail(n) },
	"connections": func(c *Config, r *reader, n *yaml.Node) { c.Connections = r.connections(n) },
	"wait_cap":    func(c *Config, r *reader, n *yaml.Node) { c.WaitCap = r.duration(n) },
}

// reader keeps the mistakes of one file.
type reader struct {
	file   string
	faults Faults
}

func readConfig(folder string) (Config, error) {
	name := filepath.Join(folder, ConfigName)
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return Config{}, nil
	}
	if err != nil {
		return Config{}, fault.Invalidf("read %s", name).Because(err)
	}
	return parseConfig(name, text)
}

func parseConfig(name string, text []byte) (Config, error) {
	var c Config
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return c, fault.Invalidf("%s", strings.TrimPrefix(err.Error(), "yaml: ")).At(fault.Position{File: name})
	}
	if len(document.Content) == 0 {
		return c, nil
	}
	r := &reader{file: name}
	r.members(document.Content[0], func(key, n *yaml.Node) {
		read, ok := sections[key.Value]
		if !ok {
			r.add(key, "unknown key %q: %s has %s", key.Value, ConfigName, strings.Join(names(sections), ", "))
			return
		}
		read(&c, r, n)
	})
	return c, r.faults.orNil()
}

func names(m map[string]section) []string {
	var out []string
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (r *reader) add(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, fault.Invalidf(format, args...).At(fault.Position{File: r.file, Line: n.Line, Column: n.Column}))
}

func (r *reader) members(n *yaml.Node, visit func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.add(n, "expected keys with values")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		visit(n.Content[i], n.Content[i+1])
	}
}

func (r *reader) text(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Value == "" {
		r.add(n, "expected a text")
	}
	return n.Value
}

func (r *reader) texts(n *yaml.Node) map[string]string {
	out := map[string]string{}
	r.members(n, func(key, value *yaml.Node) { out[key.Value] = r.text(value) })
	return out
}

func (r *reader) list(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		r.add(n, "expected a list")
	}
	return n.Content
}

func (r *reader) duration(n *yaml.Node) time.Duration {
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 {
		r.add(n, "%q is not a duration: write 200ms or 5s", n.Value)
	}
	return d
}

func (r *reader) preparations(n *yaml.Node) []Preparation {
	var out []Preparation
	for _, item := range r.list(n) {
		var p Preparation
		r.members(item, func(key, value *yaml.Node) {
			switch key.Value {
			case "command":
				for _, word := range r.list(value) {
					p.Command = append(p.Command, r.text(word))
				}
			case "creates":
				p.Creates = r.text(value)
			default:
				r.add(key, "unknown key %q: a preparation has command and creates", key.Value)
			}
		})
		if len(p.Command) == 0 || p.Creates == "" {
			r.add(item, "a preparation needs a command (a list of words) and what it creates (a file)")
		}
		out = append(out, p)
	}
	return out
}
