package api

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/stepwell/stepwell/service"
)

// route finds the service that a request is for: by its X-Amz-Target, by the scope of its signature, by the first label of
// its host. What is for none of them is for S3.
func (c *call) route() {
	if target := c.r.Header.Get("X-Amz-Target"); target != "" {
		c.protocol = awsJSON{}
		prefix, operation, _ := strings.Cut(target, ".")
		c.operation = operation
		c.table = c.find(func(s *service.Service) bool { return s.Protocol.Target == prefix })
		return
	}
	name := hostLabel(c.r.Host)
	if c.claim != nil {
		name = c.claim.Service
	}
	c.table = c.find(func(s *service.Service) bool { return s.Protocol.Endpoint == name && name != "s3" })
	switch {
	case c.table == nil && (isForm(c.r) || c.r.URL.Query().Has("Action")):
		c.protocol = awsQuery{} // the operation's name will tell the service
	case c.table == nil:
	case c.table.Protocol.Target != "":
		c.protocol = awsJSON{}
	case c.table.Protocol.REST():
		c.protocol = &restJSON{}
	default:
		c.protocol = awsQuery{}
	}
}

func (e *endpoint) find(fits func(*service.Service) bool) *service.Service {
	for _, s := range e.services {
		if fits(s) {
			return s
		}
	}
	return nil
}

func isForm(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

func hostLabel(host string) string {
	label, _, _ := strings.Cut(host, ".")
	return label
}

// localName says whether a name of the endpoint can be one that only this machine or its network has. A page in a browser that
// made its own public name lead here sends that name.
func localName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(strings.ToLower(host), "[]")
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return true
	}
	for _, suffix := range []string{".localhost", ".internal", ".local", ".amazonaws.com"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}
