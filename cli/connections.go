package cli

import (
	"os"
	"slices"

	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/httptask"
)

// connectionsOf are the connections of stepwell.yaml with their secrets from the environment.
func connectionsOf(p *project.Project) map[string]httptask.Connection {
	all := map[string]httptask.Connection{}
	for name, declared := range p.Config.Connections {
		c := httptask.Connection{Headers: declared.Headers, Query: declared.Query, Body: declared.Body}
		secret := os.Getenv(declared.SecretFrom)
		if secret == "" {
			c.Missing = "the environment variable " + declared.SecretFrom + " is not set."
		}
		switch declared.Type {
		case "basic":
			c.Basic = &httptask.Basic{User: declared.User, Password: secret}
		case "api_key":
			c.APIKey = &httptask.APIKey{Header: declared.Header, Key: secret}
		case "oauth":
			c.OAuth = &httptask.OAuth{TokenURL: declared.TokenURL, ClientID: declared.ClientID, Secret: secret, Scope: declared.Scope}
		}
		all[name] = c
	}
	return all
}

// callable is what state machines can call: the services, and APIs over HTTP.
func callable(services []*service.Service, calls *httptask.Service) *service.Integrations {
	return service.NewIntegrations(append(slices.Clip(services), calls.Table())...)
}
