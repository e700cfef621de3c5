package cli_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/cli"
)

// The password of a connection is RSPASSWORD, else PWD of the data source; with -w nobody is asked. The server of this test tells
// in its refusal whom and which password it saw.
func TestPasswordOrder(t *testing.T) {
	port := confessor(t)
	ini := filepath.Join(t.TempDir(), "odbc.ini")
	text := fmt.Sprintf("[with]\nHost=127.0.0.1\nPort=%s\nDatabase=dev\nUID=etl\nPWD=of the source\nSSLMode=disable\nMin_TLS=1.2\nboolsaschar=1\nlocale=en-US\n"+
		"[without]\nhost=127.0.0.1\nPORT=%s\ndatabase=dev\nuid=etl\nsslmode=disable\n", port, port)
	if err := os.WriteFile(ini, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ODBCINI", ini)
	t.Setenv("PGSSLMODE", "disable")
	for _, x := range []struct{ variable, line, want string }{
		{"of the variable", "-D with", "etl/dev: of the variable"},
		{"", "-D with", "etl/dev: of the source"},
		{"of the variable", "-D without", "etl/dev: of the variable"},
		{"", "-D without -w", "etl/dev: "},
		{"of the variable", "-h 127.0.0.1 -p " + port + " -U loader -d sales", "loader/sales: of the variable"},
		{"of the variable", "--host=127.0.0.1 --port=" + port + " --username loader --dbname sales", "loader/sales: of the variable"},
		{"of the variable", "-D with -U loader", "loader/dev: of the variable"},
	} {
		t.Setenv("RSPASSWORD", x.variable)
		var out, errs bytes.Buffer
		status := cli.Main(append([]string{"rsql", "-c", "select 1"}, strings.Fields(x.line)...), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		if status != 2 || !strings.Contains(errs.String(), "<"+x.want+">") {
			t.Errorf("RSPASSWORD=%q rsql %s: status %d, %s, want %s", x.variable, x.line, status, errs.String(), x.want)
		}
	}
}

// confessor is a server that refuses every password with its text. It returns its port.
func confessor(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			confess(conn)
		}
	}()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

func confess(conn net.Conn) {
	defer conn.Close()
	backend := pgproto3.NewBackend(conn, conn)
	first, err := backend.ReceiveStartupMessage()
	startup, ok := first.(*pgproto3.StartupMessage)
	if err != nil || !ok {
		return
	}
	backend.Send(&pgproto3.AuthenticationCleartextPassword{})
	if backend.Flush() != nil || backend.SetAuthType(pgproto3.AuthTypeCleartextPassword) != nil {
		return
	}
	message, err := backend.Receive()
	password, ok := message.(*pgproto3.PasswordMessage)
	if err != nil || !ok {
		return
	}
	backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "28P01",
		Message: fmt.Sprintf("<%s/%s: %s>", startup.Parameters["user"], startup.Parameters["database"], password.Password)})
	_ = backend.Flush()
}
