package pgwire

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/fault"
)

func selfSigned(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}}
}

func TestPasswords(t *testing.T) {
	address := port(t, Options{
		Users: map[string]User{
			"etl": {Password: "gehéim, ="}, "other": {Password: "x"},
			// As PostgreSQL stores the password "pencil".
			"stored": {Password: "SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$nQpbZ77WudtqufPwikHXGRt6g2QJ4zns8bZLw273DRM=:jn2amWP1q1h+jgjy0YTO14S6/F02SV7taipOeB7ef20="},
		},
		Temporary: func(name string) []User {
			return map[string][]User{"IAM:bob": {{Password: "first"}, {Password: "second"}}}[name]
		},
		TLS: selfSigned(t),
	})
	for _, x := range []struct{ user, password, tls, code, session string }{
		{"etl", "gehéim, =", "disable", "", "etl"},
		{"etl", "gehéim, =", "require", "", "etl"},
		{"stored", "pencil", "disable", "", "stored"},
		{"IAM:bob", "first", "disable", "", "bob"},
		{"IAM:bob", "second", "require", "", "bob"},
		{"IAM:bob", "third", "disable", "28P01", ""},
		{"bob", "first", "disable", "28P01", ""},
		{"etl", "x", "disable", "28P01", ""},
		{"stored", "x", "disable", "28P01", ""},
		{"etl", "", "disable", "28P01", ""},
		{"nobody", "x", "require", "28P01", ""},
	} {
		config, err := pgx.ParseConfig("postgres://" + address + "/dev?sslmode=" + x.tls)
		if err != nil {
			t.Fatal(err)
		}
		config.User, config.Password = x.user, x.password
		c, err := pgx.ConnectConfig(t.Context(), config)
		if err == nil {
			if got := rows(t, c, "select current_user"); got != x.session {
				t.Errorf("%v: the user is %s", x, got)
			}
			_ = c.Close(t.Context())
		}
		var refused *pgconn.PgError
		if errors.As(err, &refused); (err == nil) != (x.code == "") || refused != nil && refused.Code != x.code {
			t.Errorf("%v: %v", x, err)
		}
	}
}

// A name that is no user gets the same salt each time, as a user does.
func TestNoUserIsBetrayed(t *testing.T) {
	u, err := newUsers(map[string]User{"etl": {Password: "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	_, a, _ := u.of("nobody", nil)
	logins, b, _ := u.of("nobody", nil)
	if len(logins) > 0 || string(a[0].salt) != string(b[0].salt) || len(a[0].salt) != len(u.verifiers["etl"].salt) {
		t.Errorf("logins %v, salts %x %x", logins, a[0].salt, b[0].salt)
	}
}

// A verifier that PostgreSQL would not have made is a mistake of the configuration, told without its text.
func TestMalformedVerifiers(t *testing.T) {
	for _, password := range []string{"SCRAM-SHA-256$", "SCRAM-SHA-256$4096:c2FsdA==", "SCRAM-SHA-256$x:c2FsdA==$c2FsdA==:c2FsdA==",
		"SCRAM-SHA-256$4096:c2FsdA==$c2FsdA==:c2FsdA==", "SCRAM-SHA-256$0:!$!:!"} {
		_, err := newUsers(map[string]User{"etl": {Password: password}})
		if fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), "c2Fs") {
			t.Errorf("%s: %v", password, err)
		}
	}
}

// A user who may only read reads, also through procedures and prepared statements, and writes nothing.
func TestReadOnlyUsers(t *testing.T) {
	users := map[string]User{"etl": {Password: "x", Superuser: true}, "look": {Password: "x", ReadOnly: true}}
	address := port(t, Options{Users: users})
	as := func(name string) *pgx.Conn {
		return client(t, address, func(c *pgx.ConnConfig) { c.User, c.Password = name, "x" })
	}
	owner, reader := as("etl"), as("look")
	execute(t, owner, "create table t (a integer)")
	execute(t, owner, "insert into t values (1)")
	execute(t, owner, "create procedure bump() as $$ begin insert into t values (2); end $$ language plpgsql")
	execute(t, owner, "create procedure count_all(n out bigint) as $$ begin select count(*) into n from t; end $$ language plpgsql")
	if got := reader.PgConn().ParameterStatus("is_superuser") + owner.PgConn().ParameterStatus("is_superuser"); got != "offon" {
		t.Errorf("is_superuser of the two is %s", got)
	}
	for _, sql := range []string{"insert into t values (3)", "update t set a = 0", "delete from t", "truncate t", "create table u (a int)", "drop table t",
		"create temp table u as select 1 as a", "select * into u from t", "call bump()", "copy t from 's3://b/k' iam_role default", "vacuum t", "lock table t",
		"explain insert into t values (3)", "set default_transaction_read_only to off; insert into t values (3)", "create user x password 'y'",
		"prepare p as insert into t values (3); execute p", "unload ('select 1') to 's3://b/k' iam_role default", "begin read write; insert into t values (3)",
		"begin; declare c cursor for delete from t", "analyze t", "comment on table t is 'x'", "alter table t rename to u"} {
		_, err := reader.PgConn().Exec(t.Context(), sql).ReadAll()
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "25006" && refused.Code != "42601" {
			t.Errorf("%s: %v", sql, err)
		}
		_, _ = reader.PgConn().Exec(t.Context(), "rollback").ReadAll()
	}
	if got := rows(t, reader, "call count_all()") + rows(t, reader, "select a from t"); got != "11" {
		t.Errorf("the reader sees %s", got)
	}
}

// The example of RFC 7677, section 3.
func TestExchangeOfTheSpecification(t *testing.T) {
	v, err := newVerifier("pencil", []byte("[m\x99h\x9d\x125\x8e\xec\xa0K\x14\x126\xfa\x81"))
	if err != nil {
		t.Fatal(err)
	}
	x := exchange{verifiers: []verifier{v}}
	first, err := x.begin("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
	if want := "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"; first != want || err != nil {
		t.Fatalf("got %s, %v", first, err)
	}
	const plain = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
	const proof = ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
	answer, proved := x.finish(plain + proof)
	if answer != "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" || proved != 0 {
		t.Errorf("got %s, %v", answer, proved)
	}
	for _, bad := range []string{"", plain, plain + ",p=", plain + ",p=AAAA", strings.Replace(plain, "hNlF", "hNlf", 1) + proof,
		strings.Replace(plain, "biws", "eSws", 1) + proof, plain + strings.Replace(proof, "d", "e", 1)} {
		if _, proved := x.finish(bad); proved >= 0 {
			t.Errorf("%q proves the password", bad)
		}
	}
	for _, bad := range []string{"", "n", "n,,", "p=tls-unique,,n=,r=x", "n,,n=user", "n,,n=user,r="} {
		if answer, err := x.begin(bad, "n"); err == nil {
			t.Errorf("%q begins: %s", bad, answer)
		}
	}
}

func TestPublicAddressNeedsUsersAndTLS(t *testing.T) {
	public := &net.TCPAddr{IP: net.IPv4zero, Port: 5439}
	users := map[string]User{"etl": {Password: "x"}}
	for _, o := range []Options{{}, {Users: users}, {TLS: &tls.Config{}}} {
		if _, err := newServer(public, o); fault.KindOf(err) != fault.Denied {
			t.Errorf("users %d, TLS %v: %v", len(o.Users), o.TLS != nil, err)
		}
	}
	s, err := newServer(public, Options{Users: users, TLS: selfSigned(t)})
	if err != nil {
		t.Fatal(err)
	}
	// Without TLS nobody gets so far as to be asked for a password.
	here, there := net.Pipe()
	defer there.Close()
	go s.admit(context.Background(), here)
	p := &peer{socket: there, frontend: pgproto3.NewFrontend(there, there)}
	p.frontend.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "etl"}})
	if got, want := p.answers(t, 1), "FATAL 28000 connections without TLS are not allowed at 0 \nend\n"; got != want {
		t.Errorf("got %s", got)
	}
}

// What is sent in the clear behind the wish for TLS must not be read as if it came encrypted.
func TestNothingIsSmuggledIntoTLS(t *testing.T) {
	p := dial(t, port(t, Options{TLS: selfSigned(t)}))
	wish, _ := (&pgproto3.SSLRequest{}).Encode(nil)
	start, _ := (&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "x"}}).Encode(nil)
	if _, err := p.socket.Write(append(wish, start...)); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 1)
	if _, err := p.socket.Read(answer); err != nil || answer[0] != 'S' {
		t.Fatalf("got %q, %v", answer, err)
	}
	encrypted := tls.Client(p.socket, &tls.Config{InsecureSkipVerify: true})
	if encrypted.Handshake() != nil {
		return // the early bytes broke the handshake
	}
	p.frontend = pgproto3.NewFrontend(encrypted, encrypted)
	p.frontend.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"database": "dev"}})
	if got := p.answers(t, 1); !strings.Contains(got, "no PostgreSQL user name") {
		t.Errorf("got %s", got)
	}
}
