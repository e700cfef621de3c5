// Package shell is this machine as scripts see it: an rsql.Host with the files, the shell and the clock of the process.
//
// A Host has a folder of its own, so that several scripts can run in one process:
//
//	host := &shell.Host{Context: ctx, Folder: folder, Out: out, Err: errors, Connector: connect}
//	status, err := rsql.Run(rsql.Options{Host: host, Session: session, …})
package shell

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/stepwell/stepwell/rsql"
)

// Host is an rsql.Host. Its commands and statements end when Context does.
type Host struct {
	Context context.Context
	// Folder is where names of files count from; empty is the process' own.
	Folder string
	// Environment is that of shell commands; nil is the process' own.
	Environment []string
	// Out and Err are what a shell command prints to when the script does not take its output.
	Out, Err io.Writer
	// Connector opens a session.
	Connector func(ctx context.Context, t rsql.Target) (rsql.Session, error)
}

// Connect opens a session.
func (h *Host) Connect(t rsql.Target) (rsql.Session, error) { return h.Connector(h.Context, t) }

// Open opens a script.
func (h *Host) Open(name string) (io.ReadCloser, error) {
	f, err := os.Open(h.path(name))
	if err != nil {
		return nil, reason(err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(errors.New("Is a directory"), f.Close())
	}
	return f, nil
}

// Create opens a file for output, or a shell command behind "|".
func (h *Host) Create(name string) (io.WriteCloser, error) {
	if command, ok := strings.CutPrefix(name, "|"); ok {
		return h.pipe(command)
	}
	f, err := os.Create(h.path(name))
	if err != nil {
		return nil, reason(err)
	}
	return f, nil
}

func (h *Host) path(name string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if h.Folder == "" || name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(h.Folder, name)
}

// reason leaves the operation and the name out of an error, which the caller tells itself.
func reason(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("No such file or directory")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("Permission denied")
	}
	var inside *fs.PathError
	if errors.As(err, &inside) {
		return inside.Err
	}
	return err
}

func (h *Host) command(text string) *exec.Cmd {
	c := exec.CommandContext(h.Context, "/bin/sh", "-c", text)
	c.Dir, c.Env = h.Folder, h.Environment
	c.Stdout, c.Stderr = h.Out, h.Err
	// A command that ends late, or its children, must not outlive the run.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
	c.WaitDelay = time.Second
	return c
}

// Shell runs a shell command.
func (h *Host) Shell(text string, out io.Writer) (int, error) {
	c := h.command(text)
	c.Stdout = out
	err := c.Run()
	var status *exec.ExitError
	if errors.As(err, &status) {
		return status.ExitCode(), nil
	}
	return 0, err
}

// pipe starts a command that reads what is written; Close waits for its end.
func (h *Host) pipe(text string) (io.WriteCloser, error) {
	c := h.command(text)
	in, err := c.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	return &pipe{WriteCloser: in, command: c}, nil
}

type pipe struct {
	io.WriteCloser
	command *exec.Cmd
}

// Close ends the input and waits.
func (p *pipe) Close() error {
	err := p.WriteCloser.Close()
	if ended := p.command.Wait(); err == nil {
		err = ended
	}
	return err
}

// Chdir changes the folder of this host.
func (h *Host) Chdir(folder string) error {
	if folder == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		folder = home
	}
	path := h.path(folder)
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return reason(err)
	case !info.IsDir():
		return errors.New("Not a directory")
	}
	h.Folder = path
	return nil
}

// Now is the time.
func (h *Host) Now() time.Time { return time.Now() }

// Interrupted returns why the context ended.
func (h *Host) Interrupted() error { return context.Cause(h.Context) }
