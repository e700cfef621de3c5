package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/sns"
)

// Server is an SMTP server that takes mails.
type Server struct {
	// Address is host:port. On port 465 the connection begins with TLS; elsewhere the server must offer STARTTLS, unless it is
	// this machine.
	Address string
	// From is the sender's address.
	From string
	// User and Password sign in; no user: no signing in.
	User, Password string
	// TLS is for servers with certificates of their own; nil: the system's certificates.
	TLS *tls.Config
}

// SMTP returns the transport that hands mails to a server. What the server refuses for good is Invalid; a server that cannot be
// reached, is busy or hangs is Unavailable.
func SMTP(s Server) sns.Transport {
	return func(ctx context.Context, d sns.Delivery) error {
		text, err := compose(s.From, d)
		if err != nil {
			return err
		}
		if err := s.send(ctx, d.Endpoint, text); err != nil {
			return s.describe(err)
		}
		return nil
	}
}

func (s Server) send(ctx context.Context, to, text string) error {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return err
	}
	defer connection.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := connection.SetDeadline(deadline); err != nil {
			return err
		}
	}
	defer context.AfterFunc(ctx, func() { connection.Close() })()
	client, err := s.client(connection)
	if err != nil {
		return err
	}
	if s.User != "" {
		if err := client.Auth(sasl.NewPlainClient("", s.User, s.Password)); err != nil {
			return err
		}
	}
	if err := client.SendMail(s.From, []string{to}, strings.NewReader(text)); err != nil {
		return err
	}
	return client.Quit()
}

func (s Server) client(connection net.Conn) (*smtp.Client, error) {
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, err
	}
	if s.TLS == nil && isLocal(host) {
		return smtp.NewClient(connection), nil
	}
	config := s.TLS.Clone()
	if config == nil {
		config = &tls.Config{}
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	if port == "465" {
		return smtp.NewClient(tls.Client(connection, config)), nil
	}
	return smtp.NewClientStartTLS(connection, config)
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// describe sorts errors into those worth another try and final ones. Answers of 500 and above are final.
func (s Server) describe(err error) error {
	var answer *smtp.SMTPError
	if errors.As(err, &answer) && answer.Code >= 500 {
		return fault.Invalidf("the mail server %s refuses: %d %s", s.Address, answer.Code, answer.Message).Because(err)
	}
	return fault.New(fault.Unavailable, "the mail server %s: %v", s.Address, err).Because(err)
}
