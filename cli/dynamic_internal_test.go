package cli

import "testing"

func TestSecretReference(t *testing.T) {
	const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:etl/login-AbCdEf"
	for what, want := range map[string]secretReference{
		"login":                              {id: "login"},
		"login:SecretString":                 {id: "login"},
		"login:SecretString:password":        {id: "login", key: "password"},
		"login:SecretString:password:OLD":    {id: "login", key: "password", stage: "OLD"},
		"login:SecretString:::v1":            {id: "login", version: "v1"},
		arn:                                  {id: arn},
		arn + ":SecretString:password::":     {id: arn, key: "password"},
		arn + ":SecretString::AWSPREVIOUS::": {},
		"login:SecretBinary":                 {},
		"login:SecretString:a:b:c":           {},
		"arn:aws":                            {id: "arn:aws"},
	} {
		got, err := parseSecretReference(what)
		if want.id == "" {
			if err == nil {
				t.Errorf("%s is taken for %+v", what, got)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v", what, got, err)
		}
	}
}
