package project

import (
	"strings"
	"testing"
)

func TestConnections(t *testing.T) {
	p, err := Bare(folder(t, map[string]string{ConfigName: `connections:
  stripe: { type: basic, user: etl, secret_from: STRIPE_PASSWORD, headers: { X-Team: data } }
  crm:
    type: oauth
    token_url: https://crm.example.com/token
    client_id: stepwell
    secret_from: CRM_SECRET
`}))
	if err != nil {
		t.Fatal(err)
	}
	stripe, crm := p.Config.Connections["stripe"], p.Config.Connections["crm"]
	if stripe.User != "etl" || stripe.SecretFrom != "STRIPE_PASSWORD" || stripe.Headers["X-Team"] != "data" || crm.ClientID != "stepwell" {
		t.Errorf("%+v", p.Config.Connections)
	}
}

func TestConnectionsRefused(t *testing.T) {
	for connection, want := range map[string]string{
		`{ type: basic, user: etl, password: hunter2 }`:                                            `"password" does not belong into stepwell.yaml`,
		`{ type: basic, user: etl, client_secret: hunter2, secret_from: A }`:                       `"client_secret" does not belong into stepwell.yaml`,
		`{ type: basic, user: etl, secret_from: "hunter2!" }`:                                      `needs secret_from, the name of an environment variable`,
		`{ type: basic, secret_from: A }`:                                                          `of type basic needs user`,
		`{ type: api_key, secret_from: A }`:                                                        `of type api_key needs header`,
		`{ type: api_key, header: "X Key", secret_from: A }`:                                       `of type api_key needs header`,
		`{ type: oauth, client_id: x, secret_from: A }`:                                            `of type oauth needs token_url and client_id`,
		`{ type: oauth, client_id: x, token_url: "http://a.example.com/hunter2", secret_from: A }`: `the token_url is not a URL like https`,
		`{ type: magic, secret_from: A }`:                                                          `the type of a connection is basic, api_key or oauth`,
		`{ type: basic, user: a, secret_from: A, headers: { authorization: hunter2 } }`:            `the header Authorization comes from`,
		`{ type: basic, user: a, secret_from: A, colour: red }`:                                    `unknown key "colour"`,
		`[]`: `expected keys with values`,
	} {
		_, err := Bare(folder(t, map[string]string{ConfigName: "connections:\n  c: " + connection + "\n"}))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s\n got %v\nwant %s", connection, err, want)
		}
	}
}
