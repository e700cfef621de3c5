package pgwire

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// FuzzLogin sends any bytes in place of the first message. Nobody without a password gets a session.
func FuzzLogin(f *testing.F) {
	s, err := newServer(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, Options{Warehouse: duckdbtest.Open(f, warehouse.Options{}), Users: map[string]User{"etl": {Password: "secret"}}})
	if err != nil {
		f.Fatal(err)
	}
	for _, m := range []pgproto3.FrontendMessage{
		&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "etl", "options": "-c query_group=x"}},
		&pgproto3.SSLRequest{}, &pgproto3.GSSEncRequest{}, &pgproto3.CancelRequest{ProcessID: 1, SecretKey: []byte{1, 2, 3, 4}},
		&pgproto3.SASLInitialResponse{AuthMechanism: mechanism, Data: []byte("n,,n=,r=abc")}, &pgproto3.PasswordMessage{Password: "secret"},
	} {
		b, err := m.Encode(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, sent []byte) {
		here, there := net.Pipe()
		go s.admit(t.Context(), here)
		go func() {
			_, _ = there.Write(sent)
			_ = there.Close()
		}()
		answer, _ := io.ReadAll(there)
		if strings.Contains(string(answer), "R\x00\x00\x00\x08\x00\x00\x00\x00") {
			t.Errorf("a session began: %q", answer)
		}
	})
}

// FuzzSCRAM gives any texts as the two messages of a login: no guess is a proof.
func FuzzSCRAM(f *testing.F) {
	f.Add("n,,n=user,r=abc", "c=biws,r=abcxyz,p=AAAA")
	f.Add("y,a=b,r=", "c=,r=,p=")
	v, err := newVerifier("secret", []byte("0123456789abcdef"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, first, last string) {
		x := exchange{verifiers: []verifier{v}}
		if _, err := x.begin(first, "xyz"); err != nil {
			return
		}
		if _, proved := x.finish(last); proved >= 0 {
			t.Errorf("%q and %q are a proof", first, last)
		}
	})
}

// FuzzVerifier reads any text as a stored password: what is taken for one has keys of the right length.
func FuzzVerifier(f *testing.F) {
	f.Add("SCRAM-SHA-256$4096:c2FsdA==$AAAA:AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if v, ok := parseVerifier(text); ok && (len(v.storedKey) != 32 || v.iterations < 1) {
			t.Errorf("%q is a verifier", text)
		}
	})
}
