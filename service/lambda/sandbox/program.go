package sandbox

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/lambda"
)

// programs remembers where interpreters are.
type programs struct {
	mu    sync.Mutex
	found map[string]string
}

// command is what runs a function.
func (h *Host) command(s *lambda.Setup) ([]string, error) {
	bootstrap := filepath.Join(h.folder, "bootstrap")
	switch {
	case strings.HasPrefix(s.Runtime, "python"):
		program, err := h.programs.find(s.Runtime, "import sys; print(sys.executable)", "-c", s.Runtime, "python3")
		return []string{program, filepath.Join(bootstrap, "bootstrap.py")}, err
	case strings.HasPrefix(s.Runtime, "nodejs"):
		program, err := h.programs.find("node", "console.log(process.execPath)", "-e", "node", "nodejs")
		return []string{program, filepath.Join(bootstrap, "bootstrap.mjs")}, err
	}
	return ownBootstrap(s)
}

// ownBootstrap is the program that a function of a provided runtime brings along, itself or in a layer.
func ownBootstrap(s *lambda.Setup) ([]string, error) {
	for _, folder := range append([]string{s.Code}, s.Layers...) {
		program := filepath.Join(folder, "bootstrap")
		about, err := os.Stat(program)
		if err != nil || about.IsDir() {
			continue
		}
		if about.Mode()&0o111 == 0 {
			return nil, fault.Invalidf("the bootstrap of the function %s is not executable", s.Function).WithCode(lambda.CodeEntrypoint)
		}
		return []string{program}, nil
	}
	return nil, fault.Invalidf("the function %s has no program named bootstrap, which the runtime %s starts", s.Function, s.Runtime).WithCode(lambda.CodeEntrypoint)
}

// find looks for an interpreter by its names. It is asked for its own path, because a name can belong to a launcher that is
// slow, or that has no interpreter of that version.
func (p *programs) find(key, question, flag string, names ...string) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known, ok := p.found[key]; ok {
		return known, nil
	}
	for _, name := range names {
		if out, err := exec.Command(name, flag, question).Output(); err == nil {
			if p.found == nil {
				p.found = map[string]string{}
			}
			p.found[key] = strings.TrimSpace(string(out))
			return p.found[key], nil
		}
	}
	return "", fault.New(fault.Unavailable, "%s is not on this machine: install %s, so that one of %s is on the PATH",
		key, installable(key), strings.Join(names, ", ")).WithCode(lambda.CodeMissing)
}

func installable(key string) string {
	if key == "node" {
		return "Node.js (nodejs.org)"
	}
	return "Python 3 (python.org)"
}

// environment is what a process sees: what AWS gives to every function and the function's own variables. PATH is this
// process's, because programs are where they are here.
func (h *Host) environment(s *lambda.Setup, secret string) []string {
	variables := map[string]string{
		"PATH": os.Getenv("PATH"), "LANG": "en_US.UTF-8", "TZ": ":UTC",
		"LAMBDA_TASK_ROOT": s.Code, "LAMBDA_RUNTIME_DIR": filepath.Join(h.folder, "bootstrap"), "_HANDLER": s.Handler,
		"AWS_REGION": s.Region, "AWS_DEFAULT_REGION": s.Region, "AWS_EXECUTION_ENV": "AWS_Lambda_" + s.Runtime,
		"AWS_LAMBDA_FUNCTION_NAME": s.Function, "AWS_LAMBDA_FUNCTION_VERSION": s.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.FormatInt(s.Memory, 10), "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME": s.LogGroup, "AWS_LAMBDA_LOG_STREAM_NAME": s.LogStream,
		"AWS_LAMBDA_RUNTIME_API": h.listener.Addr().String() + "/" + secret,
		"PYTHONPATH":             layered(s.Layers, "python"),
		"NODE_PATH":              layered(s.Layers, "nodejs/node_modules") + string(os.PathListSeparator) + filepath.Join(h.folder, "bootstrap"),
	}
	maps.Copy(variables, s.Variables)
	if own := s.Variables["PYTHONPATH"]; own != "" {
		variables["PYTHONPATH"] = own + string(os.PathListSeparator) + layered(s.Layers, "python")
	}
	env := make([]string, 0, len(variables))
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		env = append(env, name+"="+variables[name])
	}
	return env
}

// layered is a search path: a folder of each layer.
func layered(layers []string, below string) string {
	folders := make([]string, len(layers))
	for i, layer := range layers {
		folders[i] = filepath.Join(layer, filepath.FromSlash(below))
	}
	return strings.Join(folders, string(os.PathListSeparator))
}
