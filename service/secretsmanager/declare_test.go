package secretsmanager_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/secretsmanager"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

func current(t *testing.T, table *service.Service, id string) string {
	t.Helper()
	text, _ := servicetest.Call(t, table, "GetSecretValue", `{"SecretId": "`+id+`"}`).Get("SecretString")
	return text.Str()
}

// A secret is made once. What a template says anew takes the place of a value; what others put stays.
func TestDeclare(t *testing.T) {
	records := &servicetest.Records{}
	declare := func(properties string) *service.Service {
		s := secretsmanager.New(records, "us-east-1", "1")
		if err := s.Declare(t.Context(), value.MustParse(properties)); err != nil {
			t.Fatal(err)
		}
		return s.Table()
	}
	const generated = `{"Name": "db", "Description": "d", "GenerateSecretString": {"SecretStringTemplate": "{\"username\":\"etl\"}", "GenerateStringKey": "password"}}`
	first := current(t, declare(generated), "db")
	if object := value.MustParse(first); len(object.Members()) != 2 {
		t.Error("the secret has not two members")
	}
	table := declare(strings.Replace(generated, `"d"`, `"e"`, 1))
	if current(t, table, "db") != first {
		t.Error("another description made another value")
	}
	if about, _ := servicetest.Call(t, table, "DescribeSecret", `{"SecretId": "db"}`).Get("Description"); about.Str() != "e" {
		t.Errorf("the description is %s", about)
	}
	if again := current(t, declare(strings.Replace(generated, "etl", "sql", 1)), "db"); again == first || !strings.Contains(again, "sql") {
		t.Error("another template made no other value")
	}
	for _, step := range []struct{ says, want string }{{"a", "a"}, {"b", "b"}} {
		text := `{"Name": "key", "SecretString": "` + step.says + `"}`
		table := declare(text)
		if got := current(t, table, "key"); got != step.want {
			t.Errorf("got %s, want %s", got, step.want)
		}
		servicetest.Call(t, table, "PutSecretValue", `{"SecretId": "key", "SecretString": "mine"}`)
		if got := current(t, declare(text), "key"); got != "mine" {
			t.Errorf("the value that was put became %s", got)
		}
	}
	servicetest.Call(t, table, "DeleteSecret", `{"SecretId": "key"}`)
	if got := current(t, declare(`{"Name": "key", "SecretString": "b"}`), "key"); got != "mine" {
		t.Errorf("taken up again, the value is %s", got)
	}
}

// Passwords have the characters that are asked for.
func TestGenerate(t *testing.T) {
	for properties, want := range map[string]struct {
		length int
		of     string
	}{
		`{}`: {32, "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"},
		`{"PasswordLength": 4, "ExcludePunctuation": true, "ExcludeUppercase": "true", "ExcludeLowercase": true}`:                                                      {4, "0123456789"},
		`{"PasswordLength": "3", "ExcludePunctuation": true, "ExcludeUppercase": true, "ExcludeNumbers": true, "ExcludeCharacters": "bcdefghijklmnopqrstuvwxyz"}`:      {3, "a"},
		`{"PasswordLength": 2, "ExcludePunctuation": true, "ExcludeUppercase": true, "ExcludeLowercase": true, "ExcludeCharacters": "12345678", "IncludeSpace": true}`: {2, "09 "},
		`{"PasswordLength": 1, "RequireEachIncludedType": false, "ExcludePunctuation": true}`:                                                                          {1, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
	} {
		s := secretsmanager.New(&servicetest.Records{}, "us-east-1", "1")
		if err := s.Declare(t.Context(), value.MustParse(`{"Name": "x", "GenerateSecretString": `+properties+`}`)); err != nil {
			t.Error(properties, err)
			continue
		}
		text := current(t, s.Table(), "x")
		if len(text) != want.length || strings.Trim(text, want.of) != "" {
			t.Errorf("%s made %q", properties, text)
		}
	}
}

// What cannot be declared is told without the value.
func TestDeclareBadInput(t *testing.T) {
	for properties, want := range map[string]string{
		`{"Name": "a b"}`:                       "The name a b of a secret has other characters",
		`{"Name": "x", "SecretText": "hidden"}`: "SecretText",
		`{"Name": "x", "SecretString": "hidden", "GenerateSecretString": {}}`:                                                                             "not both",
		`{"Name": "x", "GenerateSecretString": {"PasswordLength": 3}}`:                                                                                    "length 3 cannot have each of the 4 included types",
		`{"Name": "x", "GenerateSecretString": {"PasswordLength": 5000}}`:                                                                                 "passwordLength",
		`{"Name": "x", "GenerateSecretString": {"ExcludeLowercase": true, "ExcludeUppercase": true, "ExcludeNumbers": true, "ExcludePunctuation": true}}`: "excludes all characters",
		`{"Name": "x", "GenerateSecretString": {"SecretStringTemplate": "{}"}}`:                                                                           "go together",
		`{"Name": "x", "GenerateSecretString": {"GenerateStringKey": "a", "SecretStringTemplate": "hidden"}}`:                                             "is no JSON object",
		`{"Name": "x", "GenerateSecretString": {"GenerateStringKey": "a", "SecretStringTemplate": "{\"a\":\"hidden\"}"}}`:                                 "has the key a already",
	} {
		s := secretsmanager.New(&servicetest.Records{}, "us-east-1", "1")
		err := s.Declare(t.Context(), value.MustParse(properties))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", properties, err)
		}
	}
}
