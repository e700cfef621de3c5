// Package s3test runs a real S3 server for tests: versitygw over a folder, built by the go command from a module of its own
// (bucket/s3/testdata/versitygw), so that its dependencies are not Stepwell's. A test without that module is skipped.
//
//	server := s3test.Start(t)
//	server.Make(t, "lake")
//	store := server.Store(t, map[string]s3.Mount{"lake": {}})
package s3test

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket/s3"
)

// The credentials of the server's one user.
const (
	AccessKey = "stepwell"
	SecretKey = "stepwell-secret"
)

// Server is a running server.
type Server struct {
	// Endpoint is its URL.
	Endpoint string
	folder   string
}

// Start runs a server until the test ends, and sets the environment's credentials to its own.
func Start(t *testing.T) *Server {
	t.Helper()
	binary := build(t)
	address := freeAddress(t)
	s := &Server{Endpoint: "http://" + address, folder: t.TempDir()}
	command := exec.Command(binary, "--port", address, "posix", "--sidecar", t.TempDir(), s.folder)
	command.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+AccessKey, "ROOT_SECRET_KEY="+SecretKey)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	listens := make(chan bool)
	go func() {
		lines := bufio.NewScanner(output)
		for said := false; lines.Scan(); {
			if !said && strings.Contains(lines.Text(), s.Endpoint) {
				said = true
				listens <- true
			}
		}
		close(listens)
	}()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		for range listens {
		}
		_ = command.Wait()
	})
	if !<-listens {
		t.Fatal("versitygw ended before it listened")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", AccessKey)
	t.Setenv("AWS_SECRET_ACCESS_KEY", SecretKey)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	return s
}

// build returns the server's program, which the go command keeps in its cache.
func build(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Skipf("the go command is not there: %s", err)
	}
	command := exec.Command("go", "tool", "-n", "versitygw")
	command.Dir = filepath.Join(filepath.Dir(strings.TrimSpace(string(root))), "bucket", "s3", "testdata", "versitygw")
	command.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOWORK=off")
	binary, err := command.Output()
	if err != nil {
		t.Skipf("versitygw cannot be built here: %s", err)
	}
	return strings.TrimSpace(string(binary))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// Make makes a bucket: versitygw has one for each folder.
func (s *Server) Make(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(s.folder, name), 0o755); err != nil {
		t.Fatal(err)
	}
}

// Store opens buckets of the server.
func (s *Server) Store(t *testing.T, mounts map[string]s3.Mount) *s3.Store {
	t.Helper()
	for name, m := range mounts {
		m.Endpoint = s.Endpoint
		mounts[name] = m
	}
	store, err := s3.Open(t.Context(), mounts)
	if err != nil {
		t.Fatal(err)
	}
	return store
}
