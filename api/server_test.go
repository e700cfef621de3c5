package api_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stepwell/stepwell/api"
)

// pipes is a listener whose connections are made in this process, so that a test can turn the clock.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{} }

// Clients that stall are cut off; how long that took is told to the test.
func TestSlowClients(t *testing.T) {
	const head = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: A.B\r\nContent-Length: 100\r\n\r\n"
	for _, c := range []struct {
		name, sent string
		answer     string
		after      time.Duration
	}{
		{"nothing at all", "", "", 10 * time.Second},
		{"half a header", "POST / HTTP/1.1\r\nHost: loc", "", 10 * time.Second},
		{"half a body", head + "{", "HTTP/1.1 400 Bad Request", 30 * time.Second},
		{"half a body that nobody reads", "POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 100\r\n\r\n{", "HTTP/1.1 403 Forbidden", 30 * time.Second},
		{"an endless header", "POST / HTTP/1.1\r\nX: " + strings.Repeat("x", 80<<10), "HTTP/1.1 431 Request Header Fields Too Large", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer, after := cutOff(t, c.sent)
				if first, _, _ := strings.Cut(answer, "\r\n"); first != c.answer || after.Truncate(time.Second) != c.after {
					t.Errorf("answered %q after %s, want %q after %s", first, after, c.answer, c.after)
				}
			})
		})
	}
}

// cutOff sends the beginning of a request and waits for the server to end the connection.
func cutOff(t *testing.T, sent string) (answer string, after time.Duration) {
	listener := make(pipes)
	server := api.Server(api.New(api.Options{}))
	done := make(chan error)
	go func() { done <- server.Serve(listener) }()
	client, end := net.Pipe()
	listener <- end
	begin := time.Now()
	go func() { _, _ = io.WriteString(client, sent) }() // the server may close before it read all
	text, _ := io.ReadAll(client)
	after = time.Since(begin)
	close(listener)
	if err := <-done; err != nil && err != net.ErrClosed && err != http.ErrServerClosed {
		t.Error(err)
	}
	client.Close()
	server.Close()
	return string(text), after
}
