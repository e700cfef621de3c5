// Package secretsmanager is AWS Secrets Manager over records: secrets with versions and staging labels, deletion with a
// recovery window. It does not encrypt: the records hold the values as they are, so the data folder must be as private as
// the secrets. There is no rotation, replication or policy.
//
//	table := secretsmanager.New(records, "us-east-1", "123456789012").Table()
package secretsmanager

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// Service holds the secrets of one account in one region.
type Service struct {
	secrets service.Stored[secret] // by name
	prefix  string                 // of ARNs
	now     func() time.Time
	mu      sync.Mutex // held from reading a secret to writing it
}

// New returns the service over its records.
func New(records service.Records, region, account string) *Service {
	return &Service{
		secrets: service.Stored[secret]{Records: records, Kind: "secretsmanager.secret"},
		prefix:  "arn:aws:secretsmanager:" + region + ":" + account + ":secret:",
		now:     time.Now,
	}
}

const (
	codeNotFound         = "ResourceNotFoundException"
	codeExists           = "ResourceExistsException"
	codeInvalidParameter = "InvalidParameterException"
	codeInvalidRequest   = "InvalidRequestException"
	codeInvalidToken     = "InvalidNextTokenException"
	codeLimit            = "LimitExceededException"
)

func invalidParameter(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeInvalidParameter)
}

func invalidRequest(format string, args ...any) error {
	return fault.New(fault.Conflict, format, args...).WithCode(codeInvalidRequest)
}

// secret is what is kept of a secret.
type secret struct {
	Name        string
	ARN         string
	Description string `json:",omitempty"`
	KmsKeyID    string `json:",omitempty"`
	Tags        []tag  `json:",omitempty"`
	Created     time.Time
	Changed     time.Time
	Accessed    time.Time `json:",omitzero"` // the day
	Deleted     time.Time `json:",omitzero"` // when it was marked for deletion
	Purge       time.Time `json:",omitzero"` // when it ends
	Versions    []version // oldest first
	// Declared is the digest of what a template says of it; empty: it is of no template.
	Declared string `json:",omitempty"`
}

type tag struct {
	Key   string `aws:"min=1,max=128"`
	Value string `aws:"max=256,always"`
}

// suffix makes the six characters behind a secret's name in its ARN.
func suffix() string {
	return rand.Text()[:6]
}

// find returns the secret that an id names: its name, its ARN, or its ARN without the last six characters. One whose
// recovery window is over is no more.
func (s *Service) find(ctx context.Context, id string) (secret, error) {
	name, isARN := strings.CutPrefix(id, s.prefix)
	found, ok, err := s.load(ctx, name)
	if cut := len(name) - len("-123456"); err == nil && !ok && isARN && cut > 0 {
		found, ok, err = s.load(ctx, name[:cut])
		ok = ok && found.ARN == id
	}
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "Secrets Manager can't find the specified secret.").WithCode(codeNotFound)
	}
	return found, err
}

func (s *Service) load(ctx context.Context, name string) (secret, bool, error) {
	found, ok, err := s.secrets.Get(ctx, name)
	if !ok || err != nil {
		return secret{}, false, err
	}
	return found, !found.over(s.now()), nil
}

// over reports whether the recovery window has ended.
func (x *secret) over(now time.Time) bool { return !x.Purge.IsZero() && !now.Before(x.Purge) }

// findLive is find for what cannot be done with a secret that is marked for deletion.
func (s *Service) findLive(ctx context.Context, id string) (secret, error) {
	found, err := s.find(ctx, id)
	if err == nil && !found.Deleted.IsZero() {
		err = invalidRequest("You can't perform this operation on the secret because it was marked for deletion.")
	}
	return found, err
}

// Table returns the service's operations. The examples find a secret named etl/redshift.
func (s *Service) Table() *service.Service {
	const example = `{"SecretId": "etl/redshift"}`
	row := func(name string, does service.Behaviour, example string, errors ...string) service.Operation {
		return service.Operation{Name: name, Behaviour: does, Example: example, Errors: append(errors, codeInvalidParameter, codeInvalidRequest)}
	}
	return &service.Service{
		Name: "secretsmanager",
		SDK:  "SecretsManager",
		Protocol: service.Protocol{
			ContentType: "application/x-amz-json-1.1", Endpoint: "secretsmanager", Target: "secretsmanager",
		},
		Errors: []service.Error{
			{Code: codeNotFound, Status: http.StatusBadRequest},
			{Code: codeExists, Status: http.StatusBadRequest},
			{Code: codeInvalidParameter, Status: http.StatusBadRequest},
			{Code: codeInvalidRequest, Status: http.StatusBadRequest},
			{Code: codeInvalidToken, Status: http.StatusBadRequest},
			{Code: codeLimit, Status: http.StatusBadRequest},
		},
		Operations: []service.Operation{
			row("CreateSecret", service.Do(s.createSecret), `{"Name": "etl/source", "SecretString": {"username": "etl", "password": "x"}}`, codeExists, codeLimit).But("the value is not encrypted on disk; no rotation, no replicas"),
			row("PutSecretValue", service.Do(s.putSecretValue), `{"SecretId": "etl/redshift", "SecretString": "y"}`, codeNotFound, codeExists, codeLimit).But("the value is not encrypted on disk; no rotation, no replicas"),
			row("UpdateSecret", service.Do(s.updateSecret), `{"SecretId": "etl/redshift", "Description": "the warehouse"}`, codeNotFound, codeExists, codeLimit).But("the value is not encrypted on disk; no rotation, no replicas"),
			row("GetSecretValue", service.Do(s.getSecretValue), example, codeNotFound),
			row("DescribeSecret", service.Do(s.describeSecret), example, codeNotFound),
			row("ListSecrets", service.Do(s.listSecrets), `{"Filters": [{"Key": "name", "Values": ["etl/"]}]}`, codeInvalidToken),
			row("TagResource", service.Do(s.tagResource), `{"SecretId": "etl/redshift", "Tags": [{"Key": "team", "Value": "data"}]}`, codeNotFound),
			row("UntagResource", service.Do(s.untagResource), `{"SecretId": "etl/redshift", "TagKeys": ["team"]}`, codeNotFound),
			row("GetResourcePolicy", service.Do(s.getResourcePolicy), example, codeNotFound).But("no secret has a policy"),
			row("DeleteSecret", service.Do(s.deleteSecret), `{"SecretId": "etl/redshift", "RecoveryWindowInDays": 7}`, codeNotFound),
			row("RestoreSecret", service.Do(s.restoreSecret), example, codeNotFound),
		},
	}
}
