// Package awscli runs commands of the AWS CLI for tests. Run asks a process of Python that has loaded the CLI's modules once,
// and that forks for each command: most of what the program costs is its start. Where python3 does not have the version of
// the program aws, Run starts the program.
package awscli

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
)

//go:embed serve.py
var source string

// program is what the program aws says of its version.
var program = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("aws", "--version").CombinedOutput()
	return string(out), err
})

// Missing says why there is no AWS CLI here; empty: there is one.
func Missing() string {
	if _, err := program(); err != nil {
		return "the AWS CLI is not installed: " + err.Error()
	}
	return ""
}

// Run runs a command in a folder, empty: that of the tests, with variables besides those of the tests, and returns what it
// printed. It fails if the command's exit code is not 0.
func Run(ctx context.Context, folder string, environment []string, arguments ...string) (string, error) {
	if s := started(); s != nil {
		return s.ask(ctx, request{folder, environment, arguments})
	}
	return RunProgram(ctx, folder, environment, arguments...)
}

// RunProgram is Run with a process of the program aws.
func RunProgram(ctx context.Context, folder string, environment []string, arguments ...string) (string, error) {
	c := exec.CommandContext(ctx, "aws", arguments...)
	c.Dir, c.Env = folder, append(os.Environ(), environment...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// request is what serve.py reads.
type request struct {
	Folder                 string
	Environment, Arguments []string
}

// server is a process of serve.py. It ends when the pipe is closed, at the latest with the tests; a pipe that nothing refers to
// is closed by the garbage collector.
type server struct {
	door string
	pipe io.Closer
}

// started is the server of the tests; nil: python3 has another CLI than the program, or none.
var started = sync.OnceValue(func() *server {
	c := exec.Command("python3", "-c", source)
	in, err := c.StdinPipe()
	if err != nil {
		return nil
	}
	out, err := c.StdoutPipe()
	if err != nil || c.Start() != nil {
		return nil
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	version, door, _ := strings.Cut(strings.TrimSpace(line), " ")
	program, err := program()
	if err != nil || version == "" || !strings.HasPrefix(program, "aws-cli/"+version+" ") {
		_ = in.Close()
		return nil
	}
	return &server{door, in}
})

// ask sends a request and reads what the command prints; its exit code is the last line.
func (s *server) ask(ctx context.Context, r request) (string, error) {
	line, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	call, err := new(net.Dialer).DialContext(ctx, "unix", s.door)
	if err != nil {
		return "", err
	}
	defer call.Close()
	defer context.AfterFunc(ctx, func() { call.Close() })()
	if _, err := call.Write(append(line, '\n')); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(call)
	if err != nil {
		return string(answer), err
	}
	return ended(string(answer))
}

// ended takes the exit code from the end of an answer.
func ended(answer string) (string, error) {
	at := strings.LastIndex(answer, "\nexit ")
	if at < 0 {
		return answer, fmt.Errorf("the AWS CLI ended without an exit code")
	}
	if code := answer[at+len("\nexit "):]; code != "0" {
		return answer[:at], fmt.Errorf("exit status %s", code)
	}
	return answer[:at], nil
}
