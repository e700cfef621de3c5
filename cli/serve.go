package cli

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/logs"
	"github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/secretsmanager"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/ssm"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/service/sts"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// local is everything that runs over one data folder. This process owns the folder until close.
type local struct {
	engine    *engine.Engine
	warehouse *warehouse.Warehouse
	services  []*service.Service
	buckets   *dir.Store
	logger    *slog.Logger
	// cancelStatements ends what the Data API still runs.
	cancelStatements func()
	closers          []func() error
}

// close ends all work and gives the folder back; what is open can be resumed.
func (l *local) close() error {
	var errs []error
	for i := len(l.closers) - 1; i >= 0; i-- {
		errs = append(errs, l.closers[i]())
	}
	l.closers = nil
	return errors.Join(errs...)
}

// open wires the parts of Stepwell together over the project's data folder.
func open(ctx context.Context, p *project.Project, waitCap time.Duration) (*local, error) {
	return assemble(ctx, p, func(l *local, store *sqlite.Store, buckets *dir.Store) error {
		return l.openEngine(ctx, p, store, buckets, waitCap)
	})
}

// openWarehouse opens the warehouse alone: no execution and no submitted statement goes on.
func openWarehouse(ctx context.Context, p *project.Project) (*local, error) {
	return assemble(ctx, p, func(*local, *sqlite.Store, *dir.Store) error { return nil })
}

// assemble opens what everything else stands on, and then the rest.
func assemble(ctx context.Context, p *project.Project, rest func(*local, *sqlite.Store, *dir.Store) error) (*local, error) {
	l := &local{}
	store, err := sqlite.Open(p.Data())
	if err != nil {
		return nil, err
	}
	l.closers = append(l.closers, store.Close)
	buckets, err := openBuckets(p)
	if err == nil {
		err = l.openWarehouse(ctx, p, buckets)
	}
	if err == nil {
		err = rest(l, store, buckets)
	}
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *local) openEngine(ctx context.Context, p *project.Project, store *sqlite.Store, buckets *dir.Store, waitCap time.Duration) error {
	logger, err := l.log(p)
	if err != nil {
		return err
	}
	data, err := redshiftdata.Open(ctx, l.warehouse, store)
	if err != nil {
		return err
	}
	l.cancelStatements = data.CancelAll
	l.closers = append(l.closers, func() error { data.Close(); return nil })
	topics := sns.New(sns.Log(logger), sns.File(filepath.Join(p.Data(), "logs", "notifications.jsonl")))
	for _, t := range p.Stack.Topics {
		topics.Add(sns.Topic{ARN: t.ARN, FIFO: t.FIFO, Endpoints: endpoints(t.Subscriptions)})
	}
	machines, err := states.Open(ctx, store, states.Place{Region: project.Region, Account: project.Account})
	if err != nil {
		return err
	}
	for _, m := range p.Machines {
		machines.Register(states.Machine{ARN: m.ARN, Definition: m.Definition, File: m.File, RoleARN: m.RoleARN})
	}
	l.services = []*service.Service{
		data.Table(), s3.Table(buckets), topics.Table(), machines.Table(), sts.New(project.Account).Table(),
		secretsmanager.New(store, project.Region, project.Account).Table(),
		ssm.New(store, project.Region, project.Account).Table(),
		logs.New(store, project.Region, project.Account).Table(),
	}
	l.buckets, l.logger = buckets, logger
	l.engine = engine.Open(store, service.NewIntegrations(l.services...), engine.Options{WaitCap: waitCap})
	machines.Attach(l.engine)
	l.closers = append(l.closers, func() error { l.engine.Close(); return nil })
	return nil
}

// handler serves everything over HTTP.
func (l *local) handler(p *project.Project, keys []api.Key) http.Handler {
	return api.New(api.Options{
		Services: l.services, Buckets: l.buckets, Uploads: filepath.Join(p.Data(), "uploads"), Keys: keys, Log: l.logger,
	})
}

// offeredResources are the tables of all services without anything behind them: enough to say what there is.
func offeredResources() *service.Integrations {
	return service.NewIntegrations(
		new(redshiftdata.Service).Table(), s3.Table(nil), sns.New().Table(), states.New().Table(), sts.New("").Table(),
		secretsmanager.New(nil, "", "").Table(), ssm.New(nil, "", "").Table(), logs.New(nil, "", "").Table(),
	)
}

func (l *local) log(p *project.Project) (*slog.Logger, error) {
	folder := filepath.Join(p.Data(), "logs")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fault.New(fault.Unavailable, "make the log folder").Because(err)
	}
	f, err := os.OpenFile(filepath.Join(folder, "stepwell.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "open the log").Because(err)
	}
	l.closers = append(l.closers, f.Close)
	return slog.New(slog.NewJSONHandler(f, nil)), nil
}

func openBuckets(p *project.Project) (*dir.Store, error) {
	buckets := dir.New(filepath.Join(p.Data(), "buckets"), p.Buckets)
	for _, b := range p.Stack.Buckets {
		if err := buckets.Make(b.Name); err != nil {
			return nil, err
		}
	}
	return buckets, nil
}

func (l *local) openWarehouse(ctx context.Context, p *project.Project, buckets *dir.Store) error {
	database, err := duckdb.Open(ctx, filepath.Join(p.Data(), "warehouse.duckdb"))
	if err != nil {
		return err
	}
	if l.warehouse, err = warehouse.Open(ctx, database, warehouse.Options{Buckets: buckets}); err != nil {
		return errors.Join(err, database.Close())
	}
	l.closers = append(l.closers, l.warehouse.Close)
	return nil
}

// openEmptyWarehouse opens a warehouse in memory.
func openEmptyWarehouse(ctx context.Context) (*warehouse.Warehouse, error) {
	database, err := duckdb.Open(ctx, "")
	if err != nil {
		return nil, err
	}
	w, err := warehouse.Open(ctx, database, warehouse.Options{})
	if err != nil {
		return nil, errors.Join(err, database.Close())
	}
	return w, nil
}

func endpoints(subscriptions []template.Subscription) []string {
	var out []string
	for _, s := range subscriptions {
		out = append(out, s.Protocol+":"+s.Endpoint)
	}
	return out
}

// withExecutions opens the executions of the project at a path for looking at them, also while another process drives them.
func withExecutions(path string, do func(e *engine.Engine) error) error {
	return withStore(path, sqlite.Read, do)
}

// withOwnExecutions opens the executions of the project at a path for stopping them; no task runs.
func withOwnExecutions(path string, do func(e *engine.Engine) error) error {
	return withStore(path, sqlite.Open, do)
}

func withStore(path string, open func(folder string) (*sqlite.Store, error), do func(e *engine.Engine) error) error {
	p, err := project.Bare(path)
	if err != nil {
		return err
	}
	if _, err := os.Stat(p.Data()); err != nil {
		return fault.New(fault.NotFound, "nothing has run in %s yet", p.Folder).Because(err)
	}
	store, err := open(p.Data())
	if err != nil {
		return err
	}
	defer store.Close()
	e := engine.Open(store, nil, engine.Options{})
	defer e.Close()
	return do(e)
}
