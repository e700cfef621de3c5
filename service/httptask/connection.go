package httptask

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/service"
)

// Connection is how calls prove who they are: by one of Basic, APIKey and OAuth. What it adds to calls wins over what a state
// machine says.
type Connection struct {
	Basic  *Basic
	APIKey *APIKey
	OAuth  *OAuth
	// Missing says why the connection cannot be used, as that its secret is not set; empty: it can.
	Missing string
	// Headers, Query and Body are added to every call.
	Headers, Query, Body map[string]string
}

// Basic is HTTP's basic authentication.
type Basic struct{ User, Password string }

// APIKey is a header with a key.
type APIKey struct{ Header, Key string }

// OAuth is the client credentials flow.
type OAuth struct{ TokenURL, ClientID, Secret, Scope string }

type token struct {
	text  string
	until time.Time
}

const failedConnection = "Events.ConnectionResource."

// connection finds the connection of a request by the name in its ARN.
func (s *Service) connection(r *invokeRequest) (name string, c Connection, err error) {
	ref := r.Authentication
	if ref == nil {
		ref = r.InvocationConfig
	}
	if ref == nil || ref.ConnectionArn == "" {
		return "", c, unusable("The field 'ConnectionArn' is required")
	}
	parsed, err := arn.Parse(ref.ConnectionArn)
	kind, rest, _ := strings.Cut(parsed.Resource, "/")
	if err != nil || parsed.Service != "events" || kind != "connection" || rest == "" {
		return "", c, unusable("The value for the field 'ConnectionArn' must be the ARN of a connection")
	}
	name, _, _ = strings.Cut(rest, "/")
	c, known := s.connections[name]
	switch {
	case !known:
		return "", c, &service.Raised{Name: failedConnection + "ResourceNotFound", Cause: "Connection '" + name + "' does not exist: stepwell.yaml has none of that name."}
	case c.Missing != "":
		return "", c, &service.Raised{Name: failedConnection + "InvalidConnectionState", Cause: "Connection '" + name + "' cannot be used: " + c.Missing}
	}
	return name, c, nil
}

// authorize puts the connection's credentials into a request.
func (s *Service) authorize(r *http.Request, name string, c Connection) error {
	switch {
	case c.Basic != nil:
		r.SetBasicAuth(c.Basic.User, c.Basic.Password)
	case c.APIKey != nil:
		r.Header.Set(c.APIKey.Header, c.APIKey.Key)
	case c.OAuth != nil:
		text, err := s.token(r.Context(), name, c.OAuth)
		if err != nil {
			return &service.Raised{Name: failedConnection + "InvalidConnectionState", Cause: "Connection '" + name + "' is not authorized: " + err.Error()}
		}
		r.Header.Set("Authorization", "Bearer "+text)
	}
	return nil
}

// secrets are the texts that must not be told to anybody but the API.
func (c Connection) secrets(r *http.Request) []string {
	var all []string
	switch {
	case c.Basic != nil:
		all = []string{c.Basic.Password, base64.StdEncoding.EncodeToString([]byte(c.Basic.User + ":" + c.Basic.Password))}
	case c.APIKey != nil:
		all = []string{c.APIKey.Key}
	case c.OAuth != nil:
		all = []string{c.OAuth.Secret, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")}
	}
	return all
}

// token returns an access token, a kept one while it is good.
func (s *Service) token(ctx context.Context, name string, o *OAuth) (string, error) {
	s.mu.Lock()
	kept := s.tokens[name]
	s.mu.Unlock()
	if time.Now().Before(kept.until) {
		return kept.text, nil
	}
	fresh, err := s.fetch(ctx, o)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens[name] = fresh
	return fresh.text, nil
}

// forget has the next call ask for a new token.
func (s *Service) forget(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, name)
}

// spare is how long before its end a token is not used any more; maxTokenAnswer is in bytes.
const (
	spare          = 30 * time.Second
	maxTokenAnswer = 1 << 20
)

// fetch asks for a token. The server's words are not in the error: they may repeat the secret.
func (s *Service) fetch(ctx context.Context, o *OAuth) (token, error) {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {o.ClientID}, "client_secret": {o.Secret}}
	if o.Scope != "" {
		form.Set("scope", o.Scope)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return token{}, errors.New("the token URL cannot be used")
	}
	r.Header.Set("Content-Type", formType)
	r.Header.Set("Accept", jsonType)
	asked := time.Now()
	answer, err := s.client.Do(r)
	if err != nil {
		return token{}, errors.New("the token server cannot be reached: " + reason(err))
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return token{}, errors.New("the token server answered " + answer.Status)
	}
	var body struct {
		AccessToken string  `json:"access_token"`
		ExpiresIn   float64 `json:"expires_in"`
	}
	if json.NewDecoder(io.LimitReader(answer.Body, maxTokenAnswer)).Decode(&body) != nil || body.AccessToken == "" {
		return token{}, errors.New("the token server's answer has no access_token")
	}
	return token{body.AccessToken, asked.Add(time.Duration(body.ExpiresIn*float64(time.Second)) - spare)}, nil
}
