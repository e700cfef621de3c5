package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/pgwire"
	"github.com/stepwell/stepwell/project"
)

// door is where the programs of jobs reach Stepwell: two ports of this machine of their own, with a key and a password that
// only they are given. It opens with the first job that needs it.
type door struct {
	local   *local
	project *project.Project
	// tools is the folder of the programs that jobs have: rsql and psql are this one, aws too where there is none.
	tools string

	mu        sync.Mutex
	variables []job.Variable
	closers   []func() error
}

// environment is what leads a job's programs to Stepwell.
func (d *door) environment() ([]job.Variable, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.variables != nil {
		return d.variables, nil
	}
	if err := d.makeTools(); err != nil {
		return nil, err
	}
	key := api.Key{ID: "AKIA" + rand.Text()[:16], Secret: rand.Text(), Role: api.Run}
	url, err := d.openHTTP(key)
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	address, err := d.openPostgres(password)
	if err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(address)
	d.variables = []job.Variable{
		{Name: "AWS_ENDPOINT_URL", Value: url}, {Name: "AWS_ACCESS_KEY_ID", Value: key.ID}, {Name: "AWS_SECRET_ACCESS_KEY", Value: key.Secret},
		{Name: "AWS_REGION", Value: project.Region}, {Name: "AWS_DEFAULT_REGION", Value: project.Region},
		{Name: "AWS_EC2_METADATA_DISABLED", Value: "true"},
		{Name: stepwellServer, Value: address}, {Name: stepwellPassword, Value: password},
		{Name: "PGHOST", Value: host}, {Name: "PGPORT", Value: port}, {Name: "PGPASSWORD", Value: password}, {Name: "PGUSER", Value: jobUser},
	}
	return d.variables, nil
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

func (d *door) openHTTP(key api.Key) (url string, err error) {
	listener, err := listenOn(ownAddress)
	if err != nil {
		return "", err
	}
	server := api.Server(d.local.handler(d.project, []api.Key{key}))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	d.closers = append(d.closers, func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	})
	return "http://" + listener.Addr().String(), nil
}

// openPostgres lets every user in who has the password: scripts name users of their cluster.
func (d *door) openPostgres(password string) (address string, err error) {
	listener, err := listenOn(ownAddress)
	if err != nil {
		return "", err
	}
	user := userOf(password, api.Run)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- pgwire.Serve(ctx, listener, pgwire.Options{
			Warehouse: d.local.warehouse, Users: map[string]pgwire.User{jobUser: user}, Log: d.local.logger,
			Temporary: func(string) []pgwire.User { return []pgwire.User{user} },
		})
	}()
	d.closers = append(d.closers, func() error { cancel(); return <-ended })
	return listener.Addr().String(), nil
}

func (d *door) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, closer := range d.closers {
		errs = append(errs, closer())
	}
	d.closers = nil
	return errors.Join(errs...)
}
