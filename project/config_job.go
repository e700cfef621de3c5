package project

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Image says how the jobs of some container images are run here.
type Image struct {
	// Name is the image's; a star in it stands for any text.
	Name string
	// Runner is builtin (a script from a bucket, in this process), process (on this machine) or docker.
	Runner string
	// Entrypoint is what the image runs, for the runner process: a program of this machine with its first arguments, which the
	// job's command follows. Files in it are relative to the project's folder.
	Entrypoint []string
}

// The runners of jobs.
const (
	BuiltinRunner = "builtin"
	ProcessRunner = "process"
	DockerRunner  = "docker"
)

var runners = []string{BuiltinRunner, ProcessRunner, DockerRunner}

// Fits reports whether an image's name is one of those that are meant.
func (i Image) Fits(name string) bool {
	parts := strings.Split(i.Name, "*")
	rest, ok := strings.CutPrefix(name, parts[0])
	for n, part := range parts[1:] {
		if last := n == len(parts)-2; last {
			return ok && strings.HasSuffix(rest, part)
		}
		var found bool
		_, rest, found = strings.Cut(rest, part)
		ok = ok && found
	}
	return ok && rest == ""
}

// images reads the key jobs.
func (r *reader) images(n *yaml.Node) []Image {
	var out []Image
	for _, item := range r.list(n) {
		var i Image
		r.members(item, func(key, value *yaml.Node) {
			switch key.Value {
			case "image":
				i.Name = r.text(value)
			case "runner":
				if i.Runner = r.text(value); !slices.Contains(runners, i.Runner) {
					r.add(value, "the runner %q is not one of %s", i.Runner, strings.Join(runners, ", "))
				}
			case "entrypoint":
				for _, word := range r.list(value) {
					i.Entrypoint = append(i.Entrypoint, r.text(word))
				}
			default:
				r.add(key, "unknown key %q: jobs have image, runner, entrypoint", key.Value)
			}
		})
		if i.Name == "" || i.Runner == "" {
			r.add(item, "jobs need an image and a runner")
		}
		if len(i.Entrypoint) > 0 && i.Runner != ProcessRunner {
			r.add(item, "an entrypoint is for the runner process")
		}
		out = append(out, i)
	}
	return out
}
