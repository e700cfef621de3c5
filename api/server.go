package api

import (
	"io"
	"net/http"
	"time"
)

// stall is how long a client may send nothing in the middle of a body.
const stall = 30 * time.Second

// Server returns a server for a handler with limits on clients that are slow, silent, large or many. It sets no limit on a whole
// request: uploads and long polls take their time, as long as something arrives.
func Server(handler http.Handler) *http.Server {
	return &http.Server{
		ConnState:         (&crowd{limit: maxConnections}).note,
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}

// patient is a body whose sender may not stall.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

// watch returns the body of a request. The clock runs from the beginning: a body that nobody reads has to end too.
func watch(w http.ResponseWriter, r *http.Request) io.ReadCloser {
	p := patient{r.Body, http.NewResponseController(w)}
	if r.ContentLength != 0 {
		p.wait()
	}
	return p
}

func (p patient) wait() {
	// A writer without deadlines is one of a test, whose body is there already.
	_ = p.control.SetReadDeadline(time.Now().Add(stall))
}

// Read waits for the next bytes, and not for ever.
func (p patient) Read(buffer []byte) (int, error) {
	p.wait()
	n, err := p.ReadCloser.Read(buffer)
	if err == io.EOF {
		// What comes behind the body is the next request, or the news that the client left while it waits for the answer.
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}
