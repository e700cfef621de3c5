package project

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Connection is how HTTP tasks prove who they are to an API.
type Connection struct {
	// Type is basic, api_key or oauth.
	Type string
	// SecretFrom is the environment variable that holds the password, the key or the client's secret.
	SecretFrom string
	// User is that of basic; Header carries the key of api_key.
	User, Header string
	// TokenURL, ClientID and Scope are those of oauth, the client credentials flow.
	TokenURL, ClientID, Scope string
	// Headers, Query and Body are added to every call, and win over what the state machine says.
	Headers, Query, Body map[string]string
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// connections reads the key connections: NAME: {type, secret_from, …}.
func (r *reader) connections(n *yaml.Node) map[string]Connection {
	out := map[string]Connection{}
	r.members(n, func(name, n *yaml.Node) { out[name.Value] = r.connection(n) })
	return out
}

func (r *reader) connection(n *yaml.Node) Connection {
	var c Connection
	texts := map[string]*string{
		"type": &c.Type, "secret_from": &c.SecretFrom, "user": &c.User, "header": &c.Header,
		"token_url": &c.TokenURL, "client_id": &c.ClientID, "scope": &c.Scope,
	}
	maps := map[string]*map[string]string{"headers": &c.Headers, "query": &c.Query, "body": &c.Body}
	r.members(n, func(key, value *yaml.Node) {
		if text, ok := texts[key.Value]; ok {
			*text = r.text(value)
			return
		}
		if all, ok := maps[key.Value]; ok {
			*all = r.texts(value)
			return
		}
		if strings.Contains(key.Value, "secret") || strings.Contains(key.Value, "key") || strings.Contains(key.Value, "password") || strings.Contains(key.Value, "token") {
			r.add(key, "%q does not belong into %s: put the secret into an environment variable and name that in secret_from", key.Value, ConfigName)
			return
		}
		r.add(key, "unknown key %q: a connection has type, secret_from, headers, query, body, and user, header or token_url, client_id, scope", key.Value)
	})
	r.checkConnection(n, c)
	return c
}

// checkConnection says what a connection lacks. What stands in secret_from is not repeated: it may be the secret.
func (r *reader) checkConnection(n *yaml.Node, c Connection) {
	if !variableName.MatchString(c.SecretFrom) {
		r.add(n, "a connection needs secret_from, the name of an environment variable")
	}
	switch c.Type {
	case "basic":
		if c.User == "" {
			r.add(n, "a connection of type basic needs user")
		}
	case "api_key":
		if c.Header == "" || strings.ContainsAny(c.Header, " \t\r\n:") {
			r.add(n, "a connection of type api_key needs header, the name of the header that carries the key")
		}
	case "oauth":
		r.checkOAuth(n, c)
	default:
		r.add(n, "the type of a connection is basic, api_key or oauth")
	}
	for name := range c.Headers {
		if http.CanonicalHeaderKey(name) == "Authorization" {
			r.add(n, "the header Authorization comes from the connection's secret")
		}
	}
}

func (r *reader) checkOAuth(n *yaml.Node, c Connection) {
	if c.TokenURL == "" || c.ClientID == "" {
		r.add(n, "a connection of type oauth needs token_url and client_id")
		return
	}
	u, err := url.Parse(c.TokenURL)
	local := err == nil && (u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1")
	if err != nil || u.User != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !local) {
		r.add(n, "the token_url is not a URL like https://auth.example.com/token, without a user")
	}
}
