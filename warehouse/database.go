package warehouse

import (
	"context"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/fault"
)

// DefaultDatabase is the name of the database until a client says another.
const DefaultDatabase = "dev"

// database is the name of the only database there is: the one that the first client to say a name gave it. Templates name
// their database as they like; two names would mean two databases, which a warehouse is not.
type database struct {
	mu    sync.Mutex
	name  string
	given bool
}

// load reads the name that an earlier process kept.
func (d *database) load(ctx context.Context, c Conn) error {
	d.name = DefaultDatabase
	rows, err := c.Query(ctx, "SELECT name FROM stepwell.database")
	if err != nil {
		return err
	}
	defer rows.Close()
	row, err := rows.Next()
	if err == nil && row != nil {
		d.name, d.given = row[0].(string), true
	}
	return err
}

// connect returns the database's name for a client who wants one; empty is any.
func (d *database) connect(ctx context.Context, c Conn, wanted string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	wanted = strings.ToLower(wanted)
	switch {
	case wanted == "" || d.given && wanted == d.name:
		return d.name, nil
	case d.given:
		return "", fault.New(fault.NotFound, "database %q does not exist: this warehouse is %q", wanted, d.name).WithCode("3D000")
	}
	if _, err := c.Exec(ctx, "INSERT INTO stepwell.database VALUES ($1)", wanted); err != nil {
		return "", err
	}
	d.name, d.given = wanted, true
	return wanted, nil
}
