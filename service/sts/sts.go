// Package sts is the AWS Security Token Service: who a caller is, and credentials of roles. There are no policies here, so
// whoever may call may assume any role, which gives no more rights than the caller has, and a request that would narrow
// them is refused by name. The credentials are good in this process only.
//
//	s := sts.New("123456789012")
//	table := s.Table()
//	session, ok := s.Session(keyID) // for the door that checks signatures
package sts

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"net/http"
	"sync"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// Service answers for one account.
type Service struct {
	account string

	mu      sync.Mutex
	assumed map[string]assumedRole // by access key
}

// New returns the service of an account.
func New(account string) *Service {
	return &Service{account: account, assumed: map[string]assumedRole{}}
}

const (
	codeAccessDenied = "AccessDenied"
	codeValidation   = "ValidationError"
)

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name: "sts",
		SDK:  "Sts",
		Protocol: service.Protocol{
			ContentType: "text/xml", Endpoint: "sts", Namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		},
		Constraint: codeValidation,
		Errors: []service.Error{
			{Code: codeAccessDenied, Status: http.StatusForbidden},
		},
		Operations: []service.Operation{{
			Name: "GetCallerIdentity", Behaviour: service.Do(s.getCallerIdentity),
			Errors: []string{codeAccessDenied}, Example: `{}`,
		}, {
			Name: "AssumeRole", Behaviour: service.Do(s.assumeRole),
			Errors:  []string{codeAccessDenied},
			Differs: "every role can be assumed and gives the caller's own rights; the credentials end with the server",
			Example: `{"RoleArn": "arn:aws:iam::123456789012:role/etl", "RoleSessionName": "nightly"}`,
		}},
	}
}

type getCallerIdentityRequest struct{}

type getCallerIdentityResponse struct {
	Account string
	Arn     string
	UserId  string
}

// localUser is who calls without a name: a state machine, or a client of a server without keys.
const localUser = "local"

func (s *Service) getCallerIdentity(ctx context.Context, _ *getCallerIdentityRequest) (*getCallerIdentityResponse, error) {
	caller := service.CallerOf(ctx)
	if role, ok := s.role(caller.KeyID); ok {
		return &getCallerIdentityResponse{Account: role.account, Arn: role.user.Arn, UserId: role.user.AssumedRoleId}, nil
	}
	name := caller.Name
	if name == "" {
		name = localUser
	}
	return &getCallerIdentityResponse{
		Account: s.account, Arn: "arn:aws:iam::" + s.account + ":user/" + name, UserId: uniqueID("AIDA", s.account+"/"+name),
	}, nil
}

// uniqueID is an identifier like IAM's, always the same for one name.
func uniqueID(prefix, name string) string {
	sum := sha256.Sum256([]byte(name))
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeValidation)
}
