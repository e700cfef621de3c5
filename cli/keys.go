package cli

import (
	"os"
	"strings"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/pgwire"
)

// credential is one line of a file of secrets: a name, its secret and its role.
type credential struct {
	name, secret string
	role         api.Role
}

// readKeys reads a file of access keys; without a name there are none.
func readKeys(name string) ([]api.Key, error) {
	credentials, err := readCredentials(name, "a key is an id, a secret and a role")
	if err != nil {
		return nil, err
	}
	var keys []api.Key
	for _, c := range credentials {
		keys = append(keys, api.Key{ID: c.name, Secret: c.secret, Role: c.role})
	}
	return keys, nil
}

// readUsers reads a file of PostgreSQL users; without a name there are none.
func readUsers(name string) (map[string]pgwire.User, error) {
	credentials, err := readCredentials(name, "a user is a name, a password and a role")
	if err != nil {
		return nil, err
	}
	users := map[string]pgwire.User{}
	for _, c := range credentials {
		users[c.name] = userOf(c.secret, c.role)
	}
	return users, nil
}

func userOf(password string, role api.Role) pgwire.User {
	return pgwire.User{Password: password, ReadOnly: role == api.Read, Superuser: role == api.Admin}
}

// temporaryUsers are the logins of a name that GetClusterCredentials and GetCredentials handed out.
func (l *local) temporaryUsers(name string) []pgwire.User {
	var users []pgwire.User
	for _, login := range l.site.Logins.Of(name) {
		if role, err := api.ParseRole(login.Role); err == nil {
			users = append(users, userOf(login.Password, role))
		}
	}
	return users
}

// readCredentials reads a file that only its owner may read, without blank lines and those with #. form says what a line is.
func readCredentials(name, form string) ([]credential, error) {
	if name == "" {
		return nil, nil
	}
	about, err := os.Stat(name)
	if err != nil {
		return nil, fault.Invalidf("read the secrets").Because(err)
	}
	if about.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Denied, "%s holds secrets, but others than its owner may read it: chmod 600 %s", name, name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fault.Invalidf("read the secrets").Because(err)
	}
	return parseCredentials(name, string(text), form)
}

func parseCredentials(file, text, form string) ([]credential, error) {
	var credentials []credential
	first := map[string]int{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		at := fault.Position{File: file, Line: number}
		if len(words) != 3 {
			return nil, fault.Invalidf("%s", form).At(at)
		}
		if line, twice := first[words[0]]; twice {
			return nil, fault.Invalidf("%q stands here a second time, first on line %d", words[0], line).At(at)
		}
		first[words[0]] = number
		role, err := api.ParseRole(words[2])
		if err != nil {
			return nil, fault.Invalidf("%v", err).At(at)
		}
		credentials = append(credentials, credential{words[0], words[1], role})
	}
	return credentials, nil
}
