// Package process runs jobs as programs of this machine, each in a working folder of its own, with the declared environment and
// nothing else, and ends everything that a job started when the job ends.
//
//	runner := &process.Runner{Folder: folder, Tools: tools, Environment: surroundings}
//	exit, err := runner.Run(ctx, job.Work{ID: …, Command: []string{"bash", "/etl/fetch_and_run.sh"}, …})
//
// It is tested on Linux. There a job's processes are those of its process group and those that carry its mark in their
// environment, so that a daemon is found too, but not one that left the group and cleared its environment. Memory is the
// resident memory of all of them, looked at five times a second, as the disk is. Elsewhere only the group is known and
// memory is not limited. Programs see this machine's files: this is no sandbox.
package process

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/stepwell/stepwell/job"
)

// Runner runs programs.
type Runner struct {
	// Folder is where jobs have their working folders, which are gone when they end. It belongs to one Runner.
	Folder string
	// Tools is the folder that comes first on the PATH of jobs.
	Tools string
	// Environment returns variables that a job has below the declared ones: how to reach Stepwell, until ctx ends.
	Environment func(ctx context.Context) ([]job.Variable, error)
	// Grace is how long a program that is asked to end may take; 0 is 5 seconds.
	Grace time.Duration
}

const (
	markName     = "STEPWELL_JOB"
	defaultGrace = 5 * time.Second
	lookEvery    = 200 * time.Millisecond
)

// Sweep ends what a former process left running, and removes its folders.
func (r *Runner) Sweep() error {
	if _, err := os.Stat(r.Folder); err != nil {
		return nil // no job ever ran
	}
	for _, pid := range family(markName+"="+r.Folder+string(filepath.Separator), 0) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	return os.RemoveAll(r.Folder)
}

// Run runs the command of the work.
func (r *Runner) Run(ctx context.Context, w job.Work) (job.Exit, error) {
	if len(w.Command) == 0 {
		return job.Exit{}, errors.New("CannotStartContainerError: the image has no entry point here and the job no command")
	}
	folder := filepath.Join(r.Folder, w.ID)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return job.Exit{}, errors.New("CannotCreateContainerError: " + err.Error())
	}
	defer removeAll(folder)
	a := &attempt{Runner: r, work: w, folder: folder, mark: markName + "=" + folder}
	command, err := a.command(ctx)
	if err != nil {
		return job.Exit{}, err
	}
	return a.run(ctx, command)
}

// removeAll removes a folder whose files the job may have locked.
func removeAll(folder string) {
	if os.RemoveAll(folder) == nil {
		return
	}
	_ = filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if entry != nil && entry.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	_ = os.RemoveAll(folder)
}

// attempt is one run of a command.
type attempt struct {
	*Runner
	work   job.Work
	folder string
	mark   string
	group  int
}

// command makes the command with its environment.
func (a *attempt) command(ctx context.Context) (*exec.Cmd, error) {
	path := a.Tools + string(os.PathListSeparator) + os.Getenv("PATH")
	env := []string{"PATH=" + path, "HOME=" + a.folder, "TMPDIR=" + a.folder, "LANG=C.UTF-8"}
	if a.Environment != nil {
		surroundings, err := a.Environment(ctx)
		if err != nil {
			return nil, errors.New("CannotStartContainerError: " + err.Error())
		}
		for _, v := range surroundings {
			env = append(env, v.Name+"="+v.Value)
		}
	}
	for _, v := range a.work.Environment {
		env = append(env, v.Name+"="+v.Value)
	}
	program, err := lookUp(a.work.Command[0], path)
	if err != nil {
		return nil, err
	}
	return &exec.Cmd{
		Path: program, Args: a.work.Command, Dir: a.folder, Env: append(env, a.mark), SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}, nil
}

// lookUp finds a program on a job's own PATH.
func lookUp(name, path string) (string, error) {
	candidates := []string{name}
	if filepath.Base(name) == name {
		candidates = nil
		for _, folder := range filepath.SplitList(path) {
			candidates = append(candidates, filepath.Join(folder, name))
		}
	}
	for _, file := range candidates {
		if info, err := os.Stat(file); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return file, nil
		}
	}
	return "", errors.New("CannotStartContainerError: there is no program " + name)
}

// run starts the command and sees it to its end.
func (a *attempt) run(ctx context.Context, command *exec.Cmd) (job.Exit, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return job.Exit{}, err
	}
	defer reader.Close()
	command.Stdout, command.Stderr = writer, writer
	err = command.Start()
	_ = writer.Close()
	if err != nil {
		return job.Exit{}, errors.New("CannotStartContainerError: " + err.Error())
	}
	a.group = command.Process.Pid
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		_, _ = io.Copy(a.work.Output, reader)
	}()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // the state tells how
	}()
	reason := a.guard(ctx, ended)
	a.signal(syscall.SIGKILL)
	a.drain(reader, copied)
	exit := job.Exit{Code: exitCode(command.ProcessState), Reason: reason}
	if (reason != "" || ctx.Err() != nil) && exit.Code == 0 {
		exit.Code = 128 + int(syscall.SIGKILL)
	}
	return exit, nil
}

// drain waits until all that was printed has been read. A process that escaped may hold the pipe for ever.
func (a *attempt) drain(reader *os.File, copied chan struct{}) {
	patience := time.NewTimer(a.grace())
	defer patience.Stop()
	select {
	case <-copied:
	case <-patience.C:
		_ = reader.SetReadDeadline(time.Now())
		<-copied
	}
}

// guard waits for the command's end and brings it about when ctx ends or a limit is passed, which reason says.
func (a *attempt) guard(ctx context.Context, ended <-chan struct{}) (reason string) {
	clock := time.NewTicker(lookEvery)
	defer clock.Stop()
	disk := a.diskLimit()
	for {
		select {
		case <-ended:
			return ""
		case <-ctx.Done():
			a.end(ended)
			return ""
		case <-clock.C:
			if reason := a.excess(disk); reason != "" {
				a.signal(syscall.SIGKILL)
				<-ended
				return reason
			}
		}
	}
}

// excess says which limit the job has passed.
func (a *attempt) excess(disk int64) string {
	switch {
	case a.work.Memory > 0 && memory(a.members()) > a.work.Memory:
		return "OutOfMemoryError: Container killed due to memory usage"
	case disk > 0 && size(a.folder) > disk:
		return "DiskFullError: Container killed because its files passed the limit of ephemeral storage"
	}
	return ""
}

// end asks the job to end, and ends it when it does not.
func (a *attempt) end(ended <-chan struct{}) {
	a.signal(syscall.SIGTERM)
	patience := time.NewTimer(a.grace())
	defer patience.Stop()
	select {
	case <-ended:
	case <-patience.C:
		a.signal(syscall.SIGKILL)
		<-ended
	}
}

func (a *attempt) grace() time.Duration {
	if a.Grace == 0 {
		return defaultGrace
	}
	return a.Grace
}

func (a *attempt) members() []int { return family(a.mark, a.group) }

// signal reaches every process of the job. It is sent until there is no new one, since a job may start more meanwhile.
func (a *attempt) signal(s syscall.Signal) {
	_ = syscall.Kill(-a.group, s)
	seen := map[int]bool{}
	for again := true; again; {
		again = false
		for _, pid := range a.members() {
			if !seen[pid] {
				seen[pid], again = true, true
				_ = syscall.Kill(pid, s)
			}
		}
	}
}

// exitCode is that of the program, or 128 and the number of the signal that ended it.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
