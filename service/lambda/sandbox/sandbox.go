// Package sandbox runs functions in processes of this machine: Python and JavaScript handlers through bootstraps of our own,
// programs named bootstrap as they are. They get events and answer them over the Lambda Runtime API, which a Host serves on
// a loopback port, below a secret path for each process. A process is no jail: it may do what its user may, and its
// memory is reported, not limited.
//
//	host, err := sandbox.Open(folder)
//	box, err := host.Start(setup)
//	outcome := box.Invoke(ctx, invocation)
//
// Tested with python 3.8 to 3.13 and node 20 on Linux.
package sandbox

import (
	"crypto/rand"
	"embed"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/lambda"
)

//go:embed bootstrap
var bootstraps embed.FS

// Host starts processes and serves the Runtime API to them.
type Host struct {
	folder   string // of the bootstraps
	listener net.Listener
	server   *http.Server
	programs programs

	mu    sync.Mutex
	boxes map[string]*box // by secret
}

// Open listens on a loopback port. The folder takes the bootstraps.
func Open(folder string) (*Host, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fault.Invalidf("find %s", folder).Because(err)
	}
	if err := unpack(folder); err != nil {
		return nil, fault.New(fault.Unavailable, "write the bootstraps of functions").Because(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fault.New(fault.Unavailable, "listen for functions").Because(err)
	}
	h := &Host{folder: folder, listener: listener, boxes: map[string]*box{}}
	h.server = &http.Server{Handler: http.HandlerFunc(h.serve)}
	go func() { _ = h.server.Serve(listener) }() // ends with Close
	return h, nil
}

// Close ends all processes.
func (h *Host) Close() error {
	h.mu.Lock()
	boxes := h.boxes
	h.boxes = map[string]*box{}
	h.mu.Unlock()
	for _, b := range boxes {
		b.Close()
	}
	return h.server.Close()
}

// unpack writes the bootstraps, where they are not as they are here.
func unpack(folder string) error {
	return fs.WalkDir(bootstraps, "bootstrap", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(folder, filepath.FromSlash(path))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		content, err := bootstraps.ReadFile(path)
		if err != nil {
			return err
		}
		if there, err := os.ReadFile(target); err == nil && string(there) == string(content) {
			return nil
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return os.WriteFile(target, content, 0o644)
	})
}

// Check says whether the program of a runtime is here.
func (h *Host) Check(s *lambda.Setup) error {
	_, err := h.command(s)
	return err
}

// Start begins a process.
func (h *Host) Start(s *lambda.Setup) (lambda.Sandbox, error) {
	command, err := h.command(s)
	if err != nil {
		return nil, err
	}
	b := newBox(*s, rand.Text())
	h.mu.Lock()
	h.boxes[b.secret] = b
	h.mu.Unlock()
	b.forget = func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.boxes, b.secret)
	}
	if err := b.start(command, h.environment(s, b.secret)); err != nil {
		b.forget()
		return nil, err
	}
	return b, nil
}

func (h *Host) box(secret string) *box {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.boxes[secret]
}
