package redshift

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/stepwell/stepwell/service"
)

// Login is a temporary password of a database user.
type Login struct {
	Password string
	Expires  time.Time
	// Role is what the one who asked for it may do: read, run or admin.
	Role string
}

// Logins are the temporary passwords that are good. They are forgotten when the process ends.
type Logins struct {
	mu     sync.Mutex
	issued map[string][]Login // by the user's name, IAM: included
}

const (
	// maxUsers and maxPasswords, of one user, bound the memory; the oldest password goes first.
	maxUsers     = 10_000
	maxPasswords = 100
)

// Issue makes a password for a user, with the rights of the caller in ctx.
func (l *Logins) Issue(ctx context.Context, user string, lifetime time.Duration) Login {
	made := Login{
		Password: rand.Text() + rand.Text(), Expires: time.Now().UTC().Truncate(time.Second).Add(lifetime), Role: service.CallerOf(ctx).Role,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.issued == nil {
		l.issued = map[string][]Login{}
	}
	if _, known := l.issued[user]; !known && len(l.issued) >= maxUsers {
		l.forget()
	}
	kept := append(good(l.issued[user]), made)
	l.issued[user] = kept[max(0, len(kept)-maxPasswords):]
	return made
}

// forget makes room for one user more.
func (l *Logins) forget() {
	maps.DeleteFunc(l.issued, func(_ string, all []Login) bool { return len(good(all)) == 0 })
	for user := range l.issued { // all of them are still good: forget any
		if len(l.issued) < maxUsers {
			break
		}
		delete(l.issued, user)
	}
}

// Of returns the passwords of a user that are good now.
func (l *Logins) Of(user string) []Login {
	l.mu.Lock()
	defer l.mu.Unlock()
	return good(l.issued[user])
}

func good(all []Login) []Login {
	now := time.Now()
	return slices.DeleteFunc(slices.Clone(all), func(one Login) bool { return now.After(one.Expires) })
}

// UserOf is the database user of the caller in ctx, as IAM authentication names it.
func UserOf(ctx context.Context) string {
	if name := service.CallerOf(ctx).Name; name != "" {
		return "IAM:" + name
	}
	return "IAM:local"
}
