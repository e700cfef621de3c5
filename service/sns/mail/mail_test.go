package mail_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/sns/mail"
)

var delivery = sns.Delivery{
	ID: "d1", SubscriptionARN: "arn:aws:sns:us-east-1:123456789012:alerts:s1", Protocol: "email", Endpoint: "ops@example.com", DisplayName: "Alerts",
	Message: sns.Message{
		ID: "m1", TopicARN: "arn:aws:sns:us-east-1:123456789012:alerts", Subject: "Load für Dienstag", Text: "From the loader:\nérror 1023",
		Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	},
}

// server is a real SMTP server whose answers a test chooses.
type server struct {
	*smtp.Server
	address string
	refuse  *smtp.SMTPError // of a receiver
	mails   chan string
	user    string
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }

type session struct{ server *server }

func (*session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "right" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong password"}
		}
		s.server.user = user
		return nil
	}), nil
}

func (*session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(string, *smtp.RcptOptions) error {
	if s.server.refuse != nil {
		return s.server.refuse
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.server.mails <- string(text)
	return err
}

func (*session) Reset() {}

func (*session) Logout() error { return nil }

func serve(t *testing.T, config *tls.Config) *server {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{address: listener.Addr().String(), mails: make(chan string, 1)}
	s.Server = smtp.NewServer(s)
	s.TLSConfig, s.AllowInsecureAuth = config, config == nil
	done := make(chan error, 1)
	go func() { done <- s.Serve(listener) }()
	t.Cleanup(func() {
		s.Close()
		listener.Close()
		<-done
	})
	return s
}

func TestSMTP(t *testing.T) {
	s := serve(t, nil)
	send := mail.SMTP(mail.Server{Address: s.address, From: "stepwell@example.com", User: "etl", Password: "right"})
	if err := send(t.Context(), delivery); err != nil {
		t.Fatal(err)
	}
	m, err := netmail.ReadMessage(strings.NewReader(<-s.mails))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"From": `"Alerts" <stepwell@example.com>`, "To": "<ops@example.com>", "Subject": "=?utf-8?q?Load_f=C3=BCr_Dienstag?=",
		"Date": "Sun, 01 Mar 2026 12:00:00 +0000",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	body, err := io.ReadAll(m.Body)
	if err != nil || !strings.HasPrefix(string(body), "From the loader:\r\n=C3=A9rror 1023\r\n") || s.user != "etl" {
		t.Errorf("signed in as %q, body %q, %v", s.user, body, err)
	}
}

// What the server says decides whether it is tried again; a server that hangs ends with the context.
func TestSMTPRefuses(t *testing.T) {
	for _, c := range []struct {
		name, want string
		kind       fault.Kind
		prepare    func(s *server, o *mail.Server)
	}{
		{"no such user", "550 no such user", fault.Invalid, func(s *server, _ *mail.Server) {
			s.refuse = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
		}},
		{"come again", "come again", fault.Unavailable, func(s *server, _ *mail.Server) {
			s.refuse = &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "come again"}
		}},
		{"wrong password", "535 wrong password", fault.Invalid, func(_ *server, o *mail.Server) { o.User, o.Password = "etl", "wrong" }},
		{"nobody there", "connection refused", fault.Unavailable, func(_ *server, o *mail.Server) { o.Address = "127.0.0.1:1" }},
		{"no TLS where it is wanted", "STARTTLS", fault.Unavailable, func(_ *server, o *mail.Server) { o.TLS = &tls.Config{} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, nil)
			o := mail.Server{Address: s.address, From: "stepwell@example.com"}
			c.prepare(s, &o)
			err := mail.SMTP(o)(t.Context(), delivery)
			if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "etl") {
				t.Errorf("got %v, kind %v", err, fault.KindOf(err))
			}
		})
	}
}

func TestSMTPHangs(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		connection, err := listener.Accept()
		if err == nil {
			defer connection.Close()
			cancel() // the client is connected and waits for a greeting
			_, _ = bufio.NewReader(connection).ReadByte()
		}
	}()
	err = mail.SMTP(mail.Server{Address: listener.Addr().String(), From: "stepwell@example.com"})(ctx, delivery)
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestSMTPStartTLS(t *testing.T) {
	certificate, roots := selfSigned(t)
	s := serve(t, &tls.Config{Certificates: []tls.Certificate{certificate}})
	send := mail.SMTP(mail.Server{Address: s.address, From: "stepwell@example.com", TLS: &tls.Config{RootCAs: roots, ServerName: "mail.test"}})
	if err := send(t.Context(), delivery); err != nil {
		t.Fatal(err)
	}
	<-s.mails
	err := mail.SMTP(mail.Server{Address: s.address, From: "stepwell@example.com", TLS: &tls.Config{ServerName: "mail.test"}})(t.Context(), delivery)
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate that nobody knows: %v", err)
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"mail.test"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// A mailbox is a file that mail programs read; lines that look like the beginning of a mail are marked.
func TestMailbox(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mailbox")
	deliver := mail.Mailbox(path, "stepwell@localhost")
	confirmation := delivery
	confirmation.Token = "token1"
	for _, d := range []sns.Delivery{delivery, confirmation} {
		if err := deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := string(text)
	if strings.Count("\n"+got, "\nFrom stepwell@localhost Sun Mar  1 12:00:00 2026\n") != 2 || !strings.Contains(got, "\n>From the loader:\n") ||
		!strings.Contains(got, "Subject: AWS Notification - Subscription Confirmation\n") || !strings.Contains(got, "\ntoken1\n") {
		t.Errorf("the mailbox holds\n%s", got)
	}
	if err := mail.Mailbox(t.TempDir(), "a@b")(t.Context(), delivery); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a mailbox that is a folder: %v", err)
	}
}

// Nothing in a message can add a line to a mail's head.
func TestHeaderInjection(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mailbox")
	d := delivery
	d.Message.Subject, d.DisplayName = "x\r\nBcc: evil@example.com", "y\nBcc: evil@example.com"
	if err := mail.Mailbox(path, "stepwell@localhost")(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), "\nBcc:") {
		t.Errorf("%v\n%s", err, text)
	}
}
