package s3_test

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/s3"
	"github.com/stepwell/stepwell/bucket/s3/s3test"
	"github.com/stepwell/stepwell/fault"
)

// cutter passes connections on to a server and ends each behind a number of bytes of the answer.
func cutter(t *testing.T, server string, bytes int64) (endpoint string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go cut(client, server, bytes)
		}
	}()
	return "http://" + l.Addr().String()
}

func cut(client net.Conn, server string, bytes int64) {
	defer client.Close()
	behind, err := net.Dial("tcp", strings.TrimPrefix(server, "http://"))
	if err != nil {
		return
	}
	defer behind.Close()
	go func() { _, _ = io.Copy(behind, client) }()
	_, _ = io.CopyN(client, behind, bytes)
}

// broken opens a large object over connections that break, and returns the store behind them too.
func broken(t *testing.T, text string) (r io.ReadCloser, whole *s3.Store) {
	server := s3test.Start(t)
	server.Make(t, "lake")
	whole = server.Store(t, map[string]s3.Mount{"lake": {}})
	if _, err := whole.Put(t.Context(), "lake", "k", strings.NewReader(text), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
	store, err := s3.Open(t.Context(), map[string]s3.Mount{"lake": {Endpoint: cutter(t, server.Endpoint, 3<<20)}})
	if err != nil {
		t.Fatal(err)
	}
	if r, err = store.Open(t.Context(), "lake", "k"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, whole
}

// A read goes on behind the bytes that it has.
func TestReadGoesOn(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 10<<16)
	r, _ := broken(t, text)
	if got, err := io.ReadAll(r); err != nil || string(got) != text {
		t.Errorf("got %d of %d bytes, %v", len(got), len(text), err)
	}
}

// A read never goes on in another object.
func TestReadOfReplaced(t *testing.T) {
	r, whole := broken(t, strings.Repeat("old ", 10<<18))
	if _, err := io.CopyN(io.Discard, r, 10); err != nil {
		t.Fatal(err)
	}
	if _, err := whole.Put(t.Context(), "lake", "k", strings.NewReader(strings.Repeat("new!", 10<<18)), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
	_, err := io.Copy(io.Discard, r)
	if fault.CodeOf(err) != "PreconditionFailed" || !strings.HasPrefix(err.Error(), "s3://lake/k was replaced while it was read") {
		t.Errorf("got %v", err)
	}
}

// Codes of AWS become kinds.
func TestDenied(t *testing.T) {
	server := s3test.Start(t)
	server.Make(t, "lake")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
	store := server.Store(t, map[string]s3.Mount{"lake": {}})
	_, err := store.List(t.Context(), "lake", bucket.Query{})
	if fault.KindOf(err) != fault.Denied || fault.CodeOf(err) != "SignatureDoesNotMatch" {
		t.Errorf("got %v", err)
	}
	var f *fault.Fault
	if !errors.As(err, &f) || strings.Contains(err.Error(), "another") || !strings.HasPrefix(err.Error(), "s3://lake: ") {
		t.Errorf("got %v", err)
	}
}

// A profile that is not there is a mistake of the project.
func TestOpenRefuses(t *testing.T) {
	_, err := s3.Open(t.Context(), map[string]s3.Mount{"lake": {Profile: "nobody"}})
	if fault.KindOf(err) != fault.Invalid || !strings.HasPrefix(err.Error(), "bucket lake: ") {
		t.Errorf("got %v", err)
	}
}

// Without credentials nothing is asked, and the error says what to do.
func TestNoCredentials(t *testing.T) {
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "", "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull} {
		t.Setenv(name, value)
	}
	store, err := s3.Open(t.Context(), map[string]s3.Mount{"lake": {Endpoint: "http://127.0.0.1:1"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Head(t.Context(), "lake", "k")
	if fault.KindOf(err) != fault.Denied || !strings.Contains(err.Error(), "there are no AWS credentials: set AWS_ACCESS_KEY_ID") {
		t.Errorf("got %v", err)
	}
}
