// Package docker runs jobs in containers of their images, through the docker command. A container shares this machine's
// network, so that it reaches Stepwell, and nothing else.
//
//	runner := &docker.Runner{Environment: surroundings}
//	if runner.Answers(ctx) { exit, err := runner.Run(ctx, work) }
package docker

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/job"
)

// Runner runs containers.
type Runner struct {
	// Environment returns variables that a job has below the declared ones: how to reach Stepwell, until ctx ends.
	Environment func(ctx context.Context) ([]job.Variable, error)
	// Owner tells this Runner's containers from those of others; what a former process of the same Owner left is removed.
	Owner string

	swept sync.Once
}

const label = "stepwell.owner"

// sweep removes the containers of a former process.
func (r *Runner) sweep() {
	for _, id := range strings.Fields(r.docker("ps", "-aq", "--filter", "label="+label+"="+r.Owner)) {
		r.docker("rm", "-f", id)
	}
}

// Answers reports whether there is an engine.
func (r *Runner) Answers(ctx context.Context) bool {
	return exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").Run() == nil
}

// notStarted is the exit code of docker run when the engine could not make the container.
const notStarted = 125

// Run runs a container of the work's image until it ends, and removes it.
func (r *Runner) Run(ctx context.Context, w job.Work) (job.Exit, error) {
	r.swept.Do(r.sweep)
	variables := w.Environment
	if r.Environment != nil {
		surroundings, err := r.Environment(ctx)
		if err != nil {
			return job.Exit{}, errors.New("CannotStartContainerError: " + err.Error())
		}
		variables = append(surroundings, w.Environment...)
	}
	name := "stepwell-" + w.ID
	said := &tee{to: w.Output}
	command := exec.Command("docker", arguments(name, r.Owner, w, variables)...)
	command.Env = environment(variables)
	command.Stdout, command.Stderr = said, said
	if err := command.Start(); err != nil {
		return job.Exit{}, errors.New("CannotStartContainerError: " + err.Error())
	}
	defer r.docker("rm", "-f", name)
	stopped := context.AfterFunc(ctx, func() { r.docker("stop", "-t", "30", name) })
	err := command.Wait()
	stopped()
	exit := job.Exit{Code: command.ProcessState.ExitCode()}
	switch {
	case err == nil && ctx.Err() == nil:
	case err == nil:
		exit.Code = 143
	case exit.Code == notStarted && ctx.Err() == nil:
		return job.Exit{}, errors.New("CannotPullContainerError: " + complaint(said.kept.String()))
	case r.docker("inspect", "-f", "{{.State.OOMKilled}}", name) == "true":
		exit.Reason = "OutOfMemoryError: Container killed due to memory usage"
	}
	return exit, nil
}

// arguments are those of docker run. The values of variables are in the command's environment, where no listing of processes
// shows them.
func arguments(name, owner string, w job.Work, variables []job.Variable) []string {
	args := []string{"run", "--name", name, "--label", label + "=" + owner, "--network", "host"}
	if w.Memory > 0 {
		args = append(args, "--memory", strconv.FormatInt(w.Memory, 10))
	}
	if w.VCPUs > 0 {
		args = append(args, "--cpu-shares", strconv.Itoa(max(2, int(w.VCPUs*1024))))
	}
	for _, v := range variables {
		setting := v.Name
		if isDockers(v.Name) {
			setting += "=" + v.Value
		}
		args = append(args, "--env", setting)
	}
	return append(append(args, w.Image), w.Command...)
}

// isDockers reports whether a variable steers the docker command itself.
func isDockers(name string) bool {
	return name == "PATH" || name == "HOME" || strings.HasPrefix(name, "DOCKER_")
}

// environment is that of the docker command: its own besides the job's variables, which must not change how docker works.
func environment(variables []job.Variable) []string {
	var all []string
	for _, v := range variables {
		if !isDockers(v.Name) {
			all = append(all, v.Name+"="+v.Value)
		}
	}
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if isDockers(name) {
			all = append(all, setting)
		}
	}
	return all
}

// docker runs a command of docker and returns what it says; that it fails shows in the job's end.
func (r *Runner) docker(args ...string) string {
	out, _ := exec.Command("docker", args...).Output()
	return strings.TrimSpace(string(out))
}

// tee passes a text on and keeps its end.
type tee struct {
	to   io.Writer
	kept bytes.Buffer
}

const keptBytes = 4096

// Write passes a text on.
func (t *tee) Write(p []byte) (int, error) {
	t.kept.Write(p)
	if over := t.kept.Len() - keptBytes; over > 0 {
		t.kept.Next(over)
	}
	return t.to.Write(p)
}

// complaint is what docker said last of what went wrong.
func complaint(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for _, line := range lines {
		if strings.Contains(line, "Error response from daemon") {
			return strings.TrimPrefix(line, "docker: ")
		}
	}
	return lines[len(lines)-1]
}
