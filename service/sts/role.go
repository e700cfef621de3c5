package sts

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"maps"
	"strings"
	"time"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

type assumeRoleRequest struct {
	DurationSeconds   *int64 `aws:"min=900,max=43200"`
	ExternalId        string `aws:"min=2,max=1224"`
	Policy            string
	PolicyArns        []policyDescriptor
	RoleArn           string `aws:"required,min=20,max=2048"`
	RoleSessionName   string `aws:"required,min=2,max=64" pattern:"[\\w+=,.@-]*"`
	SerialNumber      string
	SourceIdentity    string `aws:"min=2,max=64" pattern:"[\\w+=,.@-]*"`
	Tags              []tag  `aws:"max=50"`
	TokenCode         string
	TransitiveTagKeys []string `aws:"max=50"`
}

type policyDescriptor struct {
	Arn string `aws:"camel"`
}

type tag struct {
	Key   string `aws:"required,min=1,max=128"`
	Value string `aws:"required,max=256"`
}

type assumeRoleResponse struct {
	AssumedRoleUser assumedRoleUser
	Credentials     credentials
	SourceIdentity  string
}

type assumedRoleUser struct {
	Arn           string
	AssumedRoleId string
}

type credentials struct {
	AccessKeyId     string
	Expiration      time.Time
	SecretAccessKey string
	SessionToken    string
}

// assumedRole is what is remembered of credentials.
type assumedRole struct {
	account string
	user    assumedRoleUser
	expires time.Time
	session Session
}

// Session is a temporary access key. Whoever signs with it may do what the one may who assumed the role.
type Session struct {
	Secret, Token string
	Name          string // of the role's session
	Role          string // of the caller: read, run, admin
}

// Session returns what belongs to a temporary access key, while it is good.
func (s *Service) Session(keyID string) (Session, bool) {
	role, ok := s.role(keyID)
	return role.session, ok
}

func (s *Service) role(keyID string) (assumedRole, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	role, ok := s.assumed[keyID]
	return role, ok && time.Now().Before(role.expires)
}

const (
	defaultDuration = 3600 // seconds
	// maxRemembered bounds the memory of credentials; beyond it expired ones are forgotten, then any.
	maxRemembered = 10_000
)

func (s *Service) assumeRole(ctx context.Context, r *assumeRoleRequest) (*assumeRoleResponse, error) {
	role, err := arn.Parse(r.RoleArn)
	name, isRole := strings.CutPrefix(role.Resource, "role/")
	if err != nil || role.Service != "iam" || !isRole || name == "" {
		return nil, invalid("%s is invalid", r.RoleArn)
	}
	if err := r.refuse(); err != nil {
		return nil, err
	}
	duration := int64(defaultDuration)
	if r.DurationSeconds != nil {
		duration = *r.DurationSeconds
	}
	user := assumedRoleUser{
		Arn:           "arn:" + role.Partition + ":sts::" + role.Account + ":assumed-role/" + name[strings.LastIndexByte(name, '/')+1:] + "/" + r.RoleSessionName,
		AssumedRoleId: uniqueID("AROA", r.RoleArn) + ":" + r.RoleSessionName,
	}
	c := newCredentials(time.Now().UTC().Truncate(time.Second).Add(time.Duration(duration) * time.Second))
	session := Session{c.SecretAccessKey, c.SessionToken, r.RoleSessionName, service.CallerOf(ctx).Role}
	s.remember(c, assumedRole{role.Account, user, c.Expiration, session})
	return &assumeRoleResponse{AssumedRoleUser: user, Credentials: c, SourceIdentity: r.SourceIdentity}, nil
}

// refuse names what would narrow the role's rights.
func (r *assumeRoleRequest) refuse() error {
	switch {
	case r.Policy != "" || len(r.PolicyArns) > 0:
		return fault.New(fault.Unsupported, "session policies (Policy, PolicyArns) are not supported").WithCode(codeValidation)
	case r.SerialNumber != "" || r.TokenCode != "":
		return fault.New(fault.Unsupported, "multi-factor authentication (SerialNumber, TokenCode) is not supported").WithCode(codeValidation)
	}
	return nil
}

func newCredentials(expires time.Time) credentials {
	secret, token := make([]byte, 30), make([]byte, 96)
	rand.Read(secret) // never fails
	rand.Read(token)
	return credentials{
		AccessKeyId: "ASIA" + rand.Text()[:16], SecretAccessKey: base64.StdEncoding.EncodeToString(secret),
		SessionToken: base64.StdEncoding.EncodeToString(token), Expiration: expires,
	}
}

func (s *Service) remember(c credentials, role assumedRole) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.assumed) >= maxRemembered {
		now := time.Now()
		maps.DeleteFunc(s.assumed, func(_ string, old assumedRole) bool { return now.After(old.expires) })
	}
	for key := range s.assumed { // all of them are still good: forget any
		if len(s.assumed) < maxRemembered {
			break
		}
		delete(s.assumed, key)
	}
	s.assumed[c.AccessKeyId] = role
}
