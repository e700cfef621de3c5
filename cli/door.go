package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/pgwire"
	"github.com/stepwell/stepwell/project"
)

// door is where the programs of jobs and functions reach Stepwell: two ports of this machine of their own, which open with the
// first guest.
type door struct {
	local   *local
	project *project.Project
	// tools is the folder of the programs that jobs have: rsql and psql are this one, aws too where there is none.
	tools string

	mu      sync.Mutex
	open    bool
	url     string // of the HTTP port
	address string // of the PostgreSQL port
	guests  map[string]guest
	closers []func() error
}

// guest is a job's attempt or a process of functions. Its key and its password are its own, so that what it does is known to be
// its doing.
type guest struct {
	key api.Key
	// password is that of the PostgreSQL port.
	password string
	from     func() origin.Origin
}

// admit makes a guest. leave ends the validity of its key and password.
func (d *door) admit(from func() origin.Origin) (g guest, leave func(), err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.unlock(); err != nil {
		return g, nil, err
	}
	g = guest{api.Key{ID: "AKIA" + rand.Text()[:16], Secret: rand.Text(), Role: api.Run}, rand.Text(), from}
	d.guests[g.key.ID] = g
	return g, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.guests, g.key.ID)
	}, nil
}

// unlock opens the door if that was not done. The caller holds mu.
func (d *door) unlock() error {
	if d.open {
		return nil
	}
	if err := d.makeTools(); err != nil {
		return err
	}
	if err := d.openHTTP(); err != nil {
		return err
	}
	if err := d.openPostgres(); err != nil {
		return err
	}
	d.open, d.guests = true, map[string]guest{}
	return nil
}

// key finds a guest by its key, for the HTTP port.
func (d *door) key(id string) (api.Key, bool) {
	d.mu.Lock()
	g, ok := d.guests[id]
	d.mu.Unlock()
	if !ok {
		return d.local.session(id)
	}
	g.key.Origin = g.from()
	return g.key, true
}

// logins are those of all guests, who may have any name: scripts name users of their cluster.
func (d *door) logins(string) []pgwire.User {
	d.mu.Lock()
	defer d.mu.Unlock()
	users := make([]pgwire.User, 0, len(d.guests))
	for _, g := range d.guests {
		user := userOf(g.password, api.Run)
		user.Origin = g.from()
		users = append(users, user)
	}
	return users
}

// environment is what leads a job's programs to Stepwell as long as its attempt runs.
func (d *door) environment(ctx context.Context) ([]job.Variable, error) {
	g, leave, err := d.admit(func() origin.Origin { return origin.Of(ctx) })
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, leave)
	host, port, _ := net.SplitHostPort(d.address)
	variables := []job.Variable{
		{Name: stepwellServer, Value: d.address}, {Name: stepwellPassword, Value: g.password},
		{Name: "PGHOST", Value: host}, {Name: "PGPORT", Value: port}, {Name: "PGPASSWORD", Value: g.password}, {Name: "PGUSER", Value: jobUser},
	}
	access := d.access(g)
	for _, name := range slices.Sorted(maps.Keys(access)) {
		variables = append(variables, job.Variable{Name: name, Value: access[name]})
	}
	return variables, nil
}

// access is what leads the clients of AWS to Stepwell.
func (d *door) access(g guest) map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL": d.url, "AWS_ACCESS_KEY_ID": g.key.ID, "AWS_SECRET_ACCESS_KEY": g.key.Secret,
		"AWS_REGION": project.Region, "AWS_DEFAULT_REGION": project.Region, "AWS_EC2_METADATA_DISABLED": "true",
	}
}

// jobUser is the user of jobs that name none.
const jobUser = "awsuser"

// makeTools puts links to this program where jobs find them.
func (d *door) makeTools() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(d.tools), os.MkdirAll(d.tools, 0o755)); err != nil {
		return err
	}
	names := []string{"rsql", "psql"}
	if _, err := exec.LookPath("aws"); err != nil {
		names = append(names, "aws")
	}
	for _, name := range names {
		if err := os.Symlink(self, filepath.Join(d.tools, name)); err != nil {
			return err
		}
	}
	return nil
}

const ownAddress = "127.0.0.1:0"

func (d *door) openHTTP() error {
	listener, err := listenOn(ownAddress)
	if err != nil {
		return err
	}
	options := d.local.options(d.project)
	options.Keys = []api.Key{{ID: rand.Text(), Secret: rand.Text()}} // nobody's: without any, everybody could come in
	options.Sessions = d.key
	server := api.Server(api.New(options))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	d.closers = append(d.closers, func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	})
	d.url = "http://" + listener.Addr().String()
	return nil
}

func (d *door) openPostgres() error {
	listener, err := listenOn(ownAddress)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- pgwire.Serve(ctx, listener, pgwire.Options{
			Warehouse: d.local.warehouse, Log: d.local.logger, Temporary: d.logins,
			Users: map[string]pgwire.User{rand.Text(): {Password: rand.Text()}}, // nobody's: without any, everybody could come in
		})
	}()
	d.closers = append(d.closers, func() error { cancel(); return <-ended })
	d.address = listener.Addr().String()
	return nil
}

func (d *door) close() error {
	d.mu.Lock()
	closers := d.closers
	d.closers = nil
	d.mu.Unlock()
	var errs []error
	for _, closer := range closers { // which waits for requests, and they ask for their guests
		errs = append(errs, closer())
	}
	return errors.Join(errs...)
}
