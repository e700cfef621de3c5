package cli

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	s3bucket "github.com/stepwell/stepwell/bucket/s3"
	"github.com/stepwell/stepwell/bucket/watch"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/job/builtin"
	"github.com/stepwell/stepwell/job/docker"
	"github.com/stepwell/stepwell/job/process"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/odbc"
	"github.com/stepwell/stepwell/rsql/postgres"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/service/custom"
	"github.com/stepwell/stepwell/service/dynamodb"
	"github.com/stepwell/stepwell/service/events"
	"github.com/stepwell/stepwell/service/httptask"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/service/lambda/sandbox"
	"github.com/stepwell/stepwell/service/logs"
	"github.com/stepwell/stepwell/service/mapitem"
	"github.com/stepwell/stepwell/service/redshift"
	"github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/service/redshiftserverless"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/scheduler"
	"github.com/stepwell/stepwell/service/secretsmanager"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/ssm"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/service/sts"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/autocopy"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// local is everything that runs over one data folder. This process owns the folder until close.
type local struct {
	engine    *engine.Engine
	warehouse *warehouse.Warehouse
	services  []*service.Service
	buckets   *buckets
	logger    *slog.Logger
	events    *event.Log
	// url is where clients reach the server, once it listens; certificates serves those of signed notifications.
	url          atomic.Value
	certificates http.Handler
	// site is where PostgreSQL clients reach the warehouse, with the temporary passwords for it.
	site  *redshift.Site
	roles *sts.Service
	jobs  *batch.Service
	bus   *bus
	// What the rest of the template's resources are made by.
	machines *states.Service
	topics   *sns.Service
	groups   *logs.Service
	tables   *dynamodb.Service
	secrets  *secretsmanager.Service
	// parameters are those of Systems Manager.
	parameters *ssm.Service
	store      *sqlite.Store
	customs    *custom.Host
	// functions do not run where noFunctions is set.
	functions   *lambda.Service
	noFunctions atomic.Bool
	// calls are those of HTTP tasks.
	calls *httptask.Service
	// history writes the logs of executions.
	history *states.Logging
	// ledger is what executions have set going.
	ledger *origin.Ledger
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
	return assemble(ctx, p, func(l *local, store *sqlite.Store, buckets *buckets) error {
		return l.openEngine(ctx, p, store, buckets, waitCap)
	})
}

// openWarehouse opens the warehouse alone: no execution and no submitted statement goes on.
func openWarehouse(ctx context.Context, p *project.Project) (*local, error) {
	return assemble(ctx, p, func(*local, *sqlite.Store, *buckets) error { return nil })
}

// assemble opens what everything else stands on, and then the rest.
func assemble(ctx context.Context, p *project.Project, rest func(*local, *sqlite.Store, *buckets) error) (*local, error) {
	l := &local{}
	store, err := sqlite.Open(p.Data())
	if err != nil {
		return nil, err
	}
	l.closers = append(l.closers, store.Close)
	buckets, err := openBuckets(ctx, p)
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

func (l *local) openEngine(ctx context.Context, p *project.Project, store *sqlite.Store, buckets *buckets, waitCap time.Duration) (err error) {
	if l.logger, err = l.log(p); err != nil {
		return err
	}
	l.buckets, l.store = buckets, store
	if err := l.openServices(ctx, p); err != nil {
		return err
	}
	l.history = l.machines.Logs(appendTo(l.groups), func(err error) { l.logger.Warn("log of an execution", "error", err) })
	l.closers = append(l.closers, func() error { l.history.Close(); return nil })
	l.calls = httptask.New(project.Region, connectionsOf(p))
	tasks := callable(l.services, l.calls)
	l.engine = engine.Open(store, tasks, engine.Options{WaitCap: waitCap, Items: mapitem.New(buckets), Observe: l.observe})
	l.machines.Attach(l.engine)
	l.machines.RunTests(tasks)
	l.closers = append(l.closers, func() error { l.engine.Close(); return nil })
	l.startCopyJobs(buckets)
	l.jobs.Start()
	l.closers = append(l.closers, l.bus.close)
	l.openCustom()
	l.bus.open(l.services, buckets)
	return nil
}

// openServices opens the services over the store, with their tables.
func (l *local) openServices(ctx context.Context, p *project.Project) error {
	if err := l.openLedger(ctx, l.store); err != nil {
		return err
	}
	if err := l.openBus(ctx, p, l.store); err != nil {
		return err
	}
	data, err := l.openData(ctx, p, l.store)
	if err != nil {
		return err
	}
	if l.machines, err = states.Open(ctx, l.store, states.Place{Region: project.Region, Account: project.Account}); err != nil {
		return err
	}
	l.groups = logs.New(l.store, project.Region, project.Account)
	if err := l.openSecrets(ctx, p, l.store); err != nil {
		return err
	}
	if err := l.openFunctions(ctx, p, l.store, l.groups, l.buckets); err != nil {
		return err
	}
	if l.topics, err = l.openTopics(ctx, p, l.store, l.machines.Table(), l.logger); err != nil {
		return err
	}
	l.machines.CheckLogGroups(l.groups.HasGroup)
	l.machines.RecordWork(l.ledger)
	l.roles = sts.New(project.Account)
	l.services = []*service.Service{
		data.Table(), s3.Table(l.buckets), l.topics.Table(), l.machines.Table(), l.roles.Table(),
		redshift.New(l.site, l.store).Table(), redshiftserverless.New(l.site).Table(), l.secrets.Table(), l.parameters.Table(),
		l.groups.Table(), l.functions.Table(), l.bus.events.Table(), l.bus.schedules.Table(),
	}
	if l.jobs, err = l.openJobs(ctx, p, l.store, l.groups); err != nil {
		return err
	}
	l.services = append(l.services, l.jobs.Table())
	return l.openTables(ctx, l.store)
}

// openData opens the Data API and the stream that its news go to.
func (l *local) openData(ctx context.Context, p *project.Project, store *sqlite.Store) (*redshiftdata.Service, error) {
	l.events, l.site = event.NewLog(eventMemory), redshift.NewSite(project.Region, project.Account)
	l.site.Declare(redshift.Names(p.Config.Warehouse))
	observe := func(id string, news []byte) {
		l.events.Add(event.Entry{Kind: event.Statement, Source: id, Items: news})
	}
	data, err := redshiftdata.Open(ctx, l.warehouse, store,
		redshiftdata.At(l.site), redshiftdata.Observe(observe), redshiftdata.SendEvents(statementEvents{streamed{l.events}, l.bus.events}),
		redshiftdata.RecordWork(l.ledger))
	if err != nil {
		return nil, err
	}
	l.cancelStatements = data.CancelAll
	l.closers = append(l.closers, func() error { data.Close(); return nil })
	return data, nil
}

// startCopyJobs has files loaded as they come into the buckets of auto-copy jobs, and told to whom their buckets tell of objects.
func (l *local) startCopyJobs(buckets *buckets) {
	folders := watch.New(buckets.Folder)
	buckets.tellArrivals(folders, l.bus.objectChanged(buckets), l.logger)
	jobs := autocopy.Start(l.warehouse, autocopy.Options{Buckets: buckets, Watcher: folders, Log: l.logger})
	l.closers = append(l.closers, func() error {
		jobs.Close()
		buckets.arrivals.Close()
		folders.Close()
		return nil
	})
}

// eventMemory is how many bytes of events a listener can be behind.
const eventMemory = 8 << 20

// appendTo is the way of executions' logs into log groups.
func appendTo(groups *logs.Service) states.LogWriter {
	return func(ctx context.Context, group, stream string, lines []states.LogLine) error {
		events := make([]logs.Line, len(lines))
		for i, line := range lines {
			events[i] = logs.Line(line)
		}
		return groups.Append(ctx, group, stream, events)
	}
}

func (l *local) observe(record engine.Record, history []byte) {
	l.history.Observe(record, history)
	l.bus.executionChanged(record, history)
	l.events.Add(event.Entry{
		Kind: event.Execution, Source: record.ARN, StateMachine: record.StateMachineARN, Items: history,
	})
}

// handler serves everything over HTTP; pages is nil where nobody shall look.
func (l *local) handler(p *project.Project, keys []api.Key, pages http.Handler) http.Handler {
	options := l.options(p)
	options.Keys, options.Sessions, options.Console = keys, l.session, pages
	return api.New(options)
}

// options are those of every HTTP port.
func (l *local) options(p *project.Project) api.Options {
	return api.Options{
		Services: l.services, Buckets: l.buckets, Uploads: filepath.Join(p.Data(), "uploads"), Log: l.logger,
		Events: api.Events{Log: l.events, Executions: l.engine}, Warehouse: l.warehouse, Certificates: l.certificates,
	}
}

// session is a temporary key that STS handed out. Its role was written by api itself, so it reads.
func (l *local) session(keyID string) (api.Key, bool) {
	session, ok := l.roles.Session(keyID)
	role, err := api.ParseRole(session.Role)
	return api.Key{ID: session.Name, Secret: session.Secret, Token: session.Token, Role: role}, ok && err == nil
}

// Offered are the tables of all services without anything behind them: enough to say what there is.
func Offered() []*service.Service {
	return []*service.Service{
		new(redshiftdata.Service).Table(), s3.Table(nil), new(sns.Service).Table(), states.New().Table(), sts.New("").Table(),
		secretsmanager.New(nil, "", "").Table(), ssm.New(nil, "", "").Table(), logs.New(nil, "", "").Table(),
		redshift.New(nil, nil).Table(), redshiftserverless.New(nil).Table(), new(batch.Service).Table(), new(lambda.Service).Table(),
		dynamodb.New(nil, nil, "", "").Table(), new(events.Service).Table(), new(scheduler.Service).Table(),
	}
}

// openSandboxes opens the place where functions run.
func openSandboxes(folder string) (*sandbox.Host, error) { return sandbox.Open(folder) }

// runners are the ways in which jobs run here.
func (l *local) runners(p *project.Project) job.Runner {
	folder := filepath.Join(p.Data(), "jobs")
	if absolute, err := filepath.Abs(folder); err == nil {
		folder = absolute
	}
	d := &door{local: l, project: p, tools: filepath.Join(folder, "tools")}
	programs := &process.Runner{Folder: filepath.Join(folder, "process"), Tools: d.tools, Environment: d.environment}
	scripts := filepath.Join(folder, "builtin")
	if err := errors.Join(programs.Sweep(), os.RemoveAll(scripts)); err != nil {
		l.logger.Warn("remove what earlier jobs left", "error", err)
	}
	l.closers = append(l.closers, d.close)
	return &runners{
		project:    p,
		script:     &builtin.Runner{Buckets: l.buckets, Connect: l.connectScript, Folder: scripts},
		programs:   programs,
		containers: &docker.Runner{Environment: d.environment, Owner: folder},
	}
}

// endpointBucket is a bucket at the endpoint that the environment names, as the AWS CLI reads it.
func endpointBucket(ctx context.Context, name string) (bucket.Store, error) {
	return s3bucket.Open(ctx, map[string]s3bucket.Mount{name: {Endpoint: environment("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")}})
}

// hasDocker reports whether containers can be run.
func hasDocker(ctx context.Context, r job.Runner) bool {
	containers, ok := r.(*docker.Runner)
	return ok && containers.Answers(ctx)
}

// isScript reports whether a job's image is one that fetches a script and runs it.
func isScript(w job.Work) bool { return builtin.Fits(w) }

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

func openBuckets(ctx context.Context, p *project.Project) (*buckets, error) {
	mounts, away := map[string]s3bucket.Mount{}, map[string]bool{}
	for name, b := range p.Config.Buckets {
		if b.S3 != nil {
			mounts[name], away[name] = s3bucket.Mount(*b.S3), true
		}
	}
	remote, err := s3bucket.Open(ctx, mounts)
	if err != nil {
		return nil, err
	}
	b := &buckets{folders: dir.New(filepath.Join(p.Data(), "buckets"), p.Buckets), remote: remote, away: away}
	for _, made := range p.Stack.Buckets {
		if err := b.Make(made.Name); err != nil {
			return nil, err
		}
	}
	return b, p.Deployed(func(bucketName, key, file string) error { return upload(ctx, b, bucketName, key, file) })
}

func upload(ctx context.Context, to bucket.Store, name, key, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = to.Put(ctx, name, key, f, bucket.Attributes{})
	return err
}

func (l *local) openWarehouse(ctx context.Context, p *project.Project, buckets *buckets) error {
	database, err := duckdb.Open(ctx, filepath.Join(p.Data(), "warehouse.duckdb"))
	if err != nil {
		return err
	}
	if l.warehouse, err = warehouse.Open(ctx, database, warehouse.Options{Buckets: buckets, Observe: l.observeQuery, Unrecorded: l.unrecorded}); err != nil {
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

// withExecutions opens the executions of the project at a path for looking at them, also while another process drives them.
func withExecutions(path string, do func(e *engine.Engine) error) error {
	return looking(path, withEngine(do))
}

// withOwnExecutions opens the executions of the project at a path for stopping them. No task runs; what the stopped ones have
// started is stopped too.
func withOwnExecutions(path string, do func(e *engine.Engine) error) error {
	return withStore(path, sqlite.Open, withEngine(do))
}

// withEngine gives do an engine that runs no task.
func withEngine(do func(e *engine.Engine) error) func(store *sqlite.Store) error {
	return func(store *sqlite.Store) error {
		machines := states.New()
		e := engine.Open(store, service.NewIntegrations(machines.Table()), engine.Options{})
		machines.Attach(e)
		defer e.Close()
		return do(e)
	}
}

// looking opens the state of the project at a path for reading, also while another process owns it.
func looking(path string, do func(store *sqlite.Store) error) error {
	return withStore(path, sqlite.Read, do)
}

func withStore(path string, open func(folder string) (*sqlite.Store, error), do func(store *sqlite.Store) error) error {
	p, err := ranProject(path)
	if err != nil {
		return err
	}
	store, err := open(p.Data())
	if err != nil {
		return err
	}
	defer store.Close()
	return do(store)
}

// withLogs opens the log groups of the project at a path for looking at them.
func withLogs(path string, do func(groups *service.Service) error) error {
	return looking(path, func(store *sqlite.Store) error {
		return do(logs.New(store, project.Region, project.Account).Table())
	})
}

// withTables opens the tables of the project at a path for looking at them.
func withTables(ctx context.Context, path string, do func(tables *service.Service) error) error {
	return looking(path, func(store *sqlite.Store) error {
		tables, err := dynamodb.Look(ctx, store, store, project.Region, project.Account)
		if err != nil {
			return err
		}
		return do(tables.Table())
	})
}

// withRecords opens the records of the project at a path for looking at them.
func withRecords(path string, do func(records service.Records) error) error {
	return looking(path, func(store *sqlite.Store) error { return do(store) })
}

// ownerOf returns the id of the process that owns a data folder; ok is false when none does.
func ownerOf(data string) (process int, ok bool) { return sqlite.Owner(data) }

// ranProject returns the project at a path, which must have a data folder.
func ranProject(path string) (*project.Project, error) {
	p, err := project.Bare(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(p.Data()); err != nil {
		return nil, fault.New(fault.NotFound, "nothing has run in %s yet", p.Folder)
	}
	return p, nil
}

// connectServer connects a script to PostgreSQL, Redshift or a running Stepwell.
func connectServer(ctx context.Context, info string) (rsql.Session, error) {
	session, err := postgres.Connect(ctx, info)
	if err != nil {
		return nil, err
	}
	return session, nil
}

// clusterLogin asks AWS for the temporary credentials of a data source's cluster.
func clusterLogin(ctx context.Context, source odbc.Source, t rsql.Target) (rsql.Target, error) {
	cluster := postgres.Cluster{Identifier: source.Cluster(), Region: source.Region(), Profile: source.Profile(), Instance: source.InstanceProfile(),
		Database: t.Database, User: t.User}
	login, err := cluster.Login(ctx, t.Host, t.Port)
	if err != nil {
		return t, err
	}
	t.Host, t.Port, t.User, t.Password = login.Host, login.Port, login.User, login.Password
	return t, nil
}
