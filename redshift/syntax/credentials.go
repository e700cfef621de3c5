package syntax

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// CheckCredentials reads the value of CREDENTIALS: 'aws_iam_role=arn' or 'aws_access_key_id=k;aws_secret_access_key=s[;token=t]',
// each also with ';master_symmetric_key=m', which symmetric tells. No message shows a part of it.
func (o Option) CheckCredentials() (symmetric bool, err error) {
	given := map[string]bool{}
	wrong := len(o.Values) != 1
	for _, value := range o.Values {
		for _, part := range strings.Split(value, ";") {
			name, text, _ := strings.Cut(part, "=")
			wrong = wrong || !credentialParts[name] || text == "" || given[name]
			given[name] = true
		}
	}
	keys, role := given["aws_access_key_id"] && given["aws_secret_access_key"], given["aws_iam_role"]
	symmetric = given["master_symmetric_key"]
	delete(given, "master_symmetric_key")
	if wrong || keys == role || role && len(given) > 1 {
		return false, fault.Invalidf("Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'").
			WithCode("42601").At(o.Position)
	}
	return symmetric, nil
}

var credentialParts = map[string]bool{"aws_iam_role": true, "aws_access_key_id": true, "aws_secret_access_key": true, "token": true,
	"master_symmetric_key": true}
