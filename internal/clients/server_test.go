// Package clients drives a real server with the clients that people have: boto3, the AWS CLI, AWS's SDKs for Go and
// JavaScript, plain HTTP. It has tests only. A client that is not installed is skipped with the reason; the JavaScript SDK is
// looked for in the folder that STEPWELL_NODE_MODULES names. What boto3 is asked and answers are the traces in
// testdata/boto3.
package clients

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/stepwell/stepwell/cli"
)

const (
	region   = "us-east-1"
	account  = "123456789012"
	asServer = "STEPWELL_CLIENTS_SERVE"
)

// The test binary is also the server.
func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		os.Exit(cli.Main(os.Args[1:], cli.System()))
	}
	code := m.Run()
	for _, s := range started {
		s.stop()
	}
	os.Exit(code)
}

// server is a running stepwell up.
type server struct {
	url, postgres string
	key, secret   string // what clients sign with
	command       *exec.Cmd
	folder        string
}

var (
	startedLock sync.Mutex
	started     []*server
)

// traced is the server of the traces, which show all that is there; open is the one of all other tests. They have no keys.
var (
	traced = sync.OnceValues(func() (*server, error) { return serve("") })
	open   = sync.OnceValues(func() (*server, error) { return serve("") })
)

// locked is a server with a key for each role, and with a user for PostgreSQL clients.
var locked = sync.OnceValues(func() (*server, error) {
	return serve("AKREAD readsecret read\nAKRUN runsecret run\nAKADMIN adminsecret admin\n")
})

const users = "etl secret run\n"

func running(t *testing.T, which func() (*server, error)) *server {
	t.Helper()
	s, err := which()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// serve starts a server on the suite's project; its data is gone when the tests end.
func serve(keys string) (*server, error) {
	folder, err := os.MkdirTemp("", "stepwell-clients-")
	if err != nil {
		return nil, err
	}
	s := &server{key: "AKIALOCAL", secret: "any", folder: folder}
	startedLock.Lock()
	started = append(started, s)
	startedLock.Unlock()
	args, err := s.prepare(keys)
	if err != nil {
		return nil, err
	}
	return s, s.start(args)
}

// prepare writes the server's files and returns its command line.
func (s *server) prepare(keys string) ([]string, error) {
	project := filepath.Join(s.folder, "project")
	if err := os.CopyFS(project, os.DirFS("testdata/project")); err != nil {
		return nil, err
	}
	args := []string{"up", project, "--address", "127.0.0.1:0", "--postgres-address", "127.0.0.1:0"}
	if keys == "" {
		return args, nil
	}
	for flag, text := range map[string]string{"keys": keys, "users": users} {
		file := filepath.Join(s.folder, flag)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
		args = append(args, "--"+flag, file)
	}
	return args, nil
}

// start runs the server and reads where it listens.
func (s *server) start(args []string) error {
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	s.command = exec.Command(binary, args...)
	s.command.Env = append(os.Environ(), asServer+"=1")
	out, err := s.command.StderrPipe()
	if err != nil {
		return err
	}
	if err := s.command.Start(); err != nil {
		return err
	}
	said := &lines{scanner: bufio.NewScanner(out)}
	if s.url, err = said.after(" on "); err != nil {
		return err
	}
	if s.postgres, err = said.after("PostgreSQL clients: "); err != nil {
		return err
	}
	go io.Copy(io.Discard, out)
	return nil
}

func (s *server) stop() {
	if s.command != nil && s.command.Process != nil {
		_ = s.command.Process.Signal(os.Interrupt)
		_ = s.command.Wait()
	}
	_ = os.RemoveAll(s.folder)
}

// lines are what a server said.
type lines struct {
	scanner *bufio.Scanner
	seen    []string
}

// after returns the word behind a text of the next line that has it.
func (l *lines) after(text string) (string, error) {
	for l.scanner.Scan() {
		l.seen = append(l.seen, l.scanner.Text())
		if _, rest, ok := strings.Cut(l.scanner.Text(), text); ok {
			return strings.Fields(rest)[0], nil
		}
	}
	return "", fmt.Errorf("stepwell up said: %s", strings.Join(l.seen, "\n"))
}

// as returns the server with another key.
func (s *server) as(key, secret string) *server {
	other := *s
	other.key, other.secret = key, secret
	return &other
}

// config is that of AWS's SDK for Go.
func (s *server) config() aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(s.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(s.key, s.secret, ""),
	}
}

// environment is what leads the other clients to the server.
func (s *server) environment() []string {
	return append(os.Environ(), "AWS_ENDPOINT_URL="+s.url, "AWS_ACCESS_KEY_ID="+s.key, "AWS_SECRET_ACCESS_KEY="+s.secret,
		"AWS_REGION="+region, "AWS_DEFAULT_REGION="+region, "AWS_CONFIG_FILE=none", "AWS_SHARED_CREDENTIALS_FILE=none",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "AWS_MAX_ATTEMPTS=1")
}

// require skips a test whose client is not there.
func require(t *testing.T, name string, check ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("clients take seconds to start")
	}
	if err := exec.CommandContext(t.Context(), check[0], check[1:]...).Run(); err != nil {
		t.Skipf("%s is not installed: %v", name, err)
	}
}
