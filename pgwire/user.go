package pgwire

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
)

// User is who may log in, and as what.
type User struct {
	// Password is the password, or its verifier as PostgreSQL stores it: SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey.
	Password string
	// ReadOnly users can run no statement that writes.
	ReadOnly bool
	// Superuser is what the client is told as is_superuser.
	Superuser bool
	// Origin is what the login was handed out for; zero for people.
	Origin origin.Origin
}

// Knows reports whether a password is the user's.
func (u User) Knows(password string) bool {
	v, err := verifierOf("", u, nil)
	if err != nil {
		return false
	}
	given, err := hash(password, v.salt, v.iterations)
	return err == nil && hmac.Equal(given.storedKey, v.storedKey)
}

// everybody is who logs in where there are no users.
var everybody = User{Superuser: true}

// users are the configured ones with their verifiers. A name that is none gets a salt too, always the same, so that nobody
// learns which names there are.
type users struct {
	configured map[string]User
	verifiers  map[string]verifier
	decoy      []byte
}

func newUsers(configured map[string]User) (users, error) {
	u := users{configured: configured, verifiers: map[string]verifier{}, decoy: random(sha256.Size)}
	for name, user := range configured {
		var err error
		if u.verifiers[name], err = verifierOf(name, user, random(16)); err != nil {
			return users{}, err
		}
	}
	return u, nil
}

func verifierOf(name string, u User, salt []byte) (verifier, error) {
	if strings.HasPrefix(u.Password, mechanism+"$") {
		v, ok := parseVerifier(u.Password)
		if !ok {
			return v, fault.Invalidf("the %s verifier of the PostgreSQL user %q is malformed", mechanism, name)
		}
		return v, nil
	}
	return newVerifier(u.Password, salt)
}

// of returns the logins that a name has, and at least one verifier: a decoy where it has none.
func (u users) of(name string, temporary func(string) []User) (logins []User, verifiers []verifier, err error) {
	if user, ok := u.configured[name]; ok {
		return []User{user}, []verifier{u.verifiers[name]}, nil
	}
	mac := sign(u.decoy, name)
	if temporary != nil {
		logins = temporary(name)
	}
	for _, login := range logins {
		v, err := newVerifier(login.Password, mac[:16])
		if err != nil {
			return nil, nil, err
		}
		verifiers = append(verifiers, v)
	}
	if len(verifiers) == 0 {
		verifiers = []verifier{{salt: mac[:16], storedKey: mac, serverKey: mac, iterations: iterations}}
	}
	return logins, verifiers, nil
}

// sessionName is the name in the database: those of temporary logins begin with how they were asked for, as in IAM:bob.
func sessionName(name string) string {
	for _, prefix := range []string{"IAM:", "IAMA:", "IAMR:"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest
		}
	}
	return name
}
