package project

import (
	"net"
	"net/mail"

	"go.yaml.in/yaml/v3"
)

// mail reads the key mail.
func (r *reader) mail(n *yaml.Node) *Mail {
	m := &Mail{}
	r.members(n, func(key, n *yaml.Node) {
		switch key.Value {
		case "server":
			m.Server = r.text(n)
			if _, _, err := net.SplitHostPort(m.Server); err != nil {
				r.add(n, "the mail server %q is not host:port", m.Server)
			}
		case "from":
			m.From = r.text(n)
			if address, err := mail.ParseAddress(m.From); err != nil || address.Address != m.From {
				r.add(n, "%q is no mail address", m.From)
			}
		case "user":
			m.User = r.text(n)
		case "password":
			r.add(key, "a password does not belong into %s: set STEPWELL_SMTP_PASSWORD", ConfigName)
		default:
			r.add(key, "unknown key %q: mail has from, server, user", key.Value)
		}
	})
	if m.Server == "" || m.From == "" {
		r.add(n, "mail needs server and from")
	}
	return m
}
