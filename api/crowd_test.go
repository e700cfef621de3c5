package api_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/api"
)

// Ten thousand clients that connect and say nothing leave the server with few of them, and the next one is answered.
func TestManyIdleConnections(t *testing.T) {
	const clients, limit = 10_000, 2000
	listener := make(pipes)
	server := api.Server(api.New(api.Options{Services: tables(t)}))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	closed := make(chan struct{}, clients)
	connect := func() net.Conn {
		client, end := net.Pipe()
		listener <- end
		return client
	}
	for range clients {
		client := connect()
		t.Cleanup(func() { _ = client.Close() })
		go func() {
			_, _ = io.Copy(io.Discard, client)
			closed <- struct{}{}
		}()
	}
	for range clients - limit {
		<-closed
	}
	last := connect()
	go func() { _, _ = io.WriteString(last, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") }()
	response, err := http.ReadResponse(bufio.NewReader(last), nil)
	if err != nil || response.StatusCode != http.StatusNotFound {
		t.Errorf("the last client got %v, %v", response, err)
	}
	_ = last.Close()
	close(listener)
	<-ended
	_ = server.Close()
}

// What could be read as two requests by one program and as one by another is refused, and nothing behind it is answered.
func TestSmuggling(t *testing.T) {
	const second = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.ListStateMachines\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
	for _, c := range []struct{ name, head, want string }{
		{"two lengths", "Content-Length: 5\r\nContent-Length: 0\r\n", "400"},
		{"a length with a sign", "Content-Length: +5\r\n", "400"},
		{"a list of lengths", "Content-Length: 5, 0\r\n", "400"},
		{"two encodings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "501"},
		{"an unknown encoding", "Transfer-Encoding: xchunked\r\n", "501"},
		{"an encoding behind a blank", "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n", "400"},
		{"a folded header", "X-Amz-Target: AWSStepFunctions\r\n .ListStateMachines\r\nX: y\r\n y: z\r\nBad Name: x\r\n", "400"},
		{"two hosts", "Host: example.com\r\n", "400"},
		{"a zero byte", "X-Amz-Target: A\x00B\r\n", "400"},
		{"a bare carriage return", "X-Amz-Target: A\rB: C\r\n", "400"},
	} {
		answer := exchange(t, "POST / HTTP/1.1\r\nHost: localhost\r\n"+c.head+"\r\nhello"+second)
		if got := strings.Count(answer, "HTTP/1.1 "); got != 1 || !strings.HasPrefix(answer, "HTTP/1.1 "+c.want) {
			t.Errorf("%s: %d answers:\n%s", c.name, got, answer)
		}
	}
	// Of a length and an encoding the encoding counts (RFC 9112, section 6.3).
	answer := exchange(t, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+second)
	if strings.Count(answer, "HTTP/1.1 ") != 2 {
		t.Errorf("a length and an encoding:\n%s", answer)
	}
}

// exchange sends bytes and returns all that comes back.
func exchange(t *testing.T, sent string) string {
	t.Helper()
	listener := make(pipes)
	server := api.Server(api.New(api.Options{Services: tables(t)}))
	go func() { _ = server.Serve(listener) }()
	client, end := net.Pipe()
	listener <- end
	go func() { _, _ = io.WriteString(client, sent) }() // the server may close before it read all
	answer, _ := io.ReadAll(client)
	_ = client.Close()
	close(listener)
	_ = server.Close()
	return string(answer)
}
