package api

import (
	"crypto/subtle"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
)

// Role is what the holder of a key may do. Each role may do what the roles before it may.
type Role uint8

const (
	// Read may look: describe, get, list.
	Read Role = iota
	// Run may also start and stop work, write objects, run SQL and read secrets.
	Run
	// Admin may also make, change and delete things.
	Admin
)

var roleNames = [...]string{"read", "run", "admin"}

// String returns the role as configuration spells it.
func (r Role) String() string { return roleNames[r] }

// ParseRole reads a role's name.
func ParseRole(text string) (Role, error) {
	for i, name := range roleNames {
		if name == text {
			return Role(i), nil
		}
	}
	return Read, fault.Invalidf("the role %q of a key is not one of %s", text, strings.Join(roleNames[:], ", "))
}

// Key is an access key that may sign requests.
type Key struct {
	ID     string
	Secret string
	Role   Role
	// Token is the session token that requests with a temporary key carry besides; empty for lasting keys.
	Token string
	// Origin is what the key was handed out for; zero for the keys of people.
	Origin origin.Origin
}

// handsOut are operations that look and yet give away secrets, or work.
var handsOut = []string{
	"GetSecretValue", "BatchGetSecretValue", "GetParameter", "GetParameters", "GetParametersByPath", "GetParameterHistory",
	"GetClusterCredentials", "GetClusterCredentialsWithIAM", "GetCredentials", "GetSessionToken", "GetActivityTask",
}

// verbs tell what most operations do.
var verbs = []struct {
	role  Role
	verbs []string
}{
	{Run, []string{"UpdateItem", "DeleteItem"}},
	{Read, []string{"Describe", "Get", "List", "Head", "Filter", "Validate", "Query", "Scan", "BatchGetItem", "TransactGetItems"}},
	{Admin, []string{
		"Create", "Update", "Delete", "Tag", "Untag", "PutSecret", "PutParameter", "PutRetention", "Rotate", "Restore", "PublishStateMachine",
		"AddTags", "RemoveTags", "Pause", "Resume",
	}},
}

// Needs returns the role that an operation asks for, which its verb tells.
func Needs(operation string) Role {
	if slices.Contains(handsOut, operation) {
		return Run
	}
	for _, row := range verbs {
		for _, verb := range row.verbs {
			if strings.HasPrefix(operation, verb) {
				return row.role
			}
		}
	}
	return Run
}

// authenticate returns who sent a request with a body of that hash. Errors: *sigv4.Refusal.
func (c *call) authenticate(hash string) (service.Caller, Key, error) {
	if len(c.keys) == 0 {
		caller := service.Caller{Name: "local", Role: Admin.String()}
		if c.claim != nil {
			caller.KeyID = c.claim.KeyID
		}
		return caller, Key{Role: Admin}, nil
	}
	switch {
	case c.malformed != nil:
		return service.Caller{}, Key{}, c.malformed
	case c.claim == nil:
		return service.Caller{}, Key{}, &sigv4.Refusal{Reason: sigv4.Missing, Text: "Request is missing Authentication Token"}
	}
	key, ok := c.key(c.claim.KeyID)
	if !ok || subtle.ConstantTimeCompare([]byte(key.Token), []byte(c.sessionToken())) != 1 {
		return service.Caller{}, Key{}, &sigv4.Refusal{Reason: sigv4.UnknownKey, Text: "The security token included in the request is invalid."}
	}
	if err := c.claim.Verify(c.r, key.Secret, hash, c.now()); err != nil {
		return service.Caller{}, Key{}, err
	}
	return service.Caller{KeyID: c.claim.KeyID, Name: key.ID, Role: key.Role.String()}, key, nil
}

// key returns a configured key or a temporary one.
func (c *call) key(id string) (Key, bool) {
	key, ok := c.keys[id]
	if !ok && c.sessions != nil {
		return c.sessions(id)
	}
	return key, ok
}

// sessionToken is what a request with a temporary key carries, in a header or, presigned, in its address.
func (c *call) sessionToken() string {
	const name = "X-Amz-Security-Token"
	if token := c.r.Header.Get(name); token != "" {
		return token
	}
	return c.r.URL.Query().Get(name)
}

// allow says whether a key's role suffices.
func allow(key Key, need Role, operation string) error {
	if key.Role >= need {
		return nil
	}
	return fault.New(fault.Denied, "The key %s has the role %s; %s needs the role %s", key.ID, key.Role, operation, need)
}
