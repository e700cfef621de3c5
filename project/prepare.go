package project

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// environment are the variables that a preparation sees, besides those of the Go toolchain.
var environment = []string{"PATH", "HOME", "TMPDIR", "LANG", "XDG_CACHE_HOME"}

// Prepare runs the preparations whose files are missing, in order, and says so on out.
func (p *Project) Prepare(ctx context.Context, out io.Writer) error {
	for _, step := range p.Config.Prepare {
		made := filepath.Join(p.Folder, step.Creates)
		if _, err := os.Stat(made); err == nil {
			continue
		}
		words := strings.Join(step.Command, " ")
		fmt.Fprintf(out, "preparing: %s\n", words)
		var said bytes.Buffer
		command := exec.CommandContext(ctx, step.Command[0], step.Command[1:]...)
		command.Dir, command.Stdout, command.Stderr, command.Env = p.Folder, &said, &said, inherited()
		if err := command.Run(); err != nil {
			return fault.Invalidf("prepare %s: %s: %s", p.Name, words, strings.TrimSpace(said.String())).Because(err)
		}
		if _, err := os.Stat(made); err != nil {
			return fault.Invalidf("prepare %s: %s ended well but did not make %s", p.Name, words, step.Creates)
		}
	}
	return nil
}

func inherited() []string {
	var out []string
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		for _, wanted := range environment {
			if name == wanted {
				out = append(out, setting)
			}
		}
		if strings.HasPrefix(name, "GO") {
			out = append(out, setting)
		}
	}
	return out
}
