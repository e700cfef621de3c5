package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/pgwire"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/template/plan"
)

type upFlags struct {
	projectFlags
	address         string
	postgres        string
	keys            string
	users           string
	cert, key       string
	allowUnsecured  bool
	functions       bool
	remove, yes     bool
	watch           bool
	waitCap         time.Duration
	waitCapFromFile bool
}

func upCommand(streams Streams) *cobra.Command {
	var f upFlags
	command := &cobra.Command{
		Use:   "up [PATH]",
		Short: "Serve a project: a console, AWS-compatible APIs and a PostgreSQL port",
		Long: `Serve the project at PATH (default: this folder): its state machines, buckets, topics and warehouse answer on one port in
AWS's protocols, to the AWS CLI and SDKs with --endpoint-url or AWS_ENDPOINT_URL, and to a browser with the console, which shows what
runs and what failed; the warehouse answers on another in PostgreSQL's. Executions that an earlier process left go on.

What changes in the template is changed here, as plan shows it before; what has left the template is kept and does nothing by itself,
until remove or --remove deletes it. With --watch this happens whenever a file of the project changes: executions under way go on with
the definition that they started with, and a template with a mistake changes nothing.

On this machine's own addresses no keys are needed: any signature is accepted. On another address the server starts only with
--keys, a file of lines "ID SECRET ROLE" (roles: read, run, admin) that only its owner can read, and with --cert and --cert-key,
or --unencrypted for a proxy that does TLS.

The same holds for PostgreSQL clients: everybody on this machine is let in, unless there are --users, a file of lines "NAME PASSWORD
ROLE" that only its owner can read. Another address than this machine's own needs them and TLS. A password can be the SCRAM-SHA-256
verifier that PostgreSQL stores for it. The role read may run no statement that writes.`,
		Example: `  stepwell up examples/sales-pipeline
  aws --endpoint-url http://127.0.0.1:8083 stepfunctions list-state-machines`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f.waitCapFromFile = !c.Flags().Changed("wait-cap")
			return up(c.Context(), streams, pathOf(args), f)
		},
	}
	f.add(command)
	flags := command.Flags()
	flags.StringVar(&f.address, "address", "127.0.0.1:8083", "where to listen, host:port")
	flags.StringVar(&f.postgres, "postgres-address", "127.0.0.1:5439", "where PostgreSQL clients reach the warehouse; empty: nowhere")
	flags.StringVar(&f.keys, "keys", "", "a file of access keys")
	flags.StringVar(&f.users, "users", "", "a file of users for PostgreSQL clients")
	flags.StringVar(&f.cert, "cert", "", "the certificate for TLS, PEM")
	flags.StringVar(&f.key, "cert-key", "", "the certificate's key, PEM")
	flags.BoolVar(&f.allowUnsecured, "unencrypted", false, "serve another address than this machine's own without TLS")
	flags.BoolVar(&f.functions, "functions", false, "run functions although the address is not this machine's own")
	flags.BoolVar(&f.remove, "remove", false, "delete what has left the template, and make anew what cannot be changed")
	flags.BoolVar(&f.yes, "yes", false, "do not ask before something is deleted")
	flags.BoolVar(&f.watch, "watch", false, "apply the changes of the project's files while it is served")
	flags.DurationVar(&f.waitCap, "wait-cap", 0, "shorten every pause of Wait states and retries to this; 0 leaves them")
	return command
}

func up(ctx context.Context, streams Streams, path string, f upFlags) error {
	guests, err := readGuests(f)
	if err != nil {
		return err
	}
	p, err := ownProject(ctx, streams, path, f)
	if err != nil {
		return err
	}
	if f.waitCapFromFile {
		f.waitCap = p.Config.WaitCap
	}
	listener, err := listen(f.address, guests.tls)
	if err != nil {
		return err
	}
	defer listener.Close()
	postgres, err := listenPostgres(f)
	if err != nil {
		return err
	}
	if postgres != nil {
		defer postgres.Close()
	}
	l, err := open(context.WithoutCancel(ctx), p, f.waitCap)
	if err != nil {
		return err
	}
	defer l.close()
	l.url.Store(endpointURL(listener, f))
	if p, err = l.begin(ctx, streams, p, f); err != nil {
		return err
	}
	withdraw, err := announce(p.Data(), endpointURL(listener, f), postgres)
	if err != nil {
		return err
	}
	defer withdraw()
	// Listeners to events would keep the server from ending.
	defer context.AfterFunc(ctx, l.events.Close)()
	fmt.Fprintf(streams.Err, "serving %s on %s (Ctrl-C ends)\n", p.Name, endpointURL(listener, f))
	fmt.Fprintf(streams.Err, "console: open %s in a browser\n", reachable(endpointURL(listener, f)))
	if err := tellOutputs(streams.Err, p.Stack.Outputs); err != nil {
		return err
	}
	stopPostgres := servePostgres(streams, l, postgres, guests)
	changes := &follower{local: l, streams: streams, path: path, flags: f, served: p}
	stopFollowing, err := changes.follow(ctx)
	if err != nil {
		return errors.Join(err, stopPostgres())
	}
	pages := l.console(p, f, guests)
	defer pages.Close()
	err = serve(ctx, listener, l.handler(p, guests.keys, pages))
	return errors.Join(err, stopFollowing(), stopPostgres())
}

// ownProject loads a project that no other server owns, and makes its data.
func ownProject(ctx context.Context, streams Streams, path string, f upFlags) (*project.Project, error) {
	p, err := loadChecked(streams, path, f.projectFlags)
	if err != nil {
		return nil, err
	}
	if err := refuseOwned(p, ""); err != nil {
		return nil, err
	}
	return p, p.Prepare(ctx, streams.Err)
}

// begin makes what the project says and has everything go on. What custom resources lack is told, and the rest is served.
func (l *local) begin(ctx context.Context, streams Streams, p *project.Project, f upFlags) (*project.Project, error) {
	l.noFunctions.Store(!f.functions && !isLocal(f.address))
	p, err := l.make(ctx, p, streams.Err, f.removal(ctx, streams))
	if errors.As(err, new(unmade)) {
		fmt.Fprintf(streams.Err, "stepwell: %s\n", printable(err.Error(), "\n\t"))
	} else if err != nil {
		return nil, err
	}
	if err := l.functions.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	if _, err := l.engine.Recover(context.WithoutCancel(ctx)); err != nil {
		fmt.Fprintf(streams.Err, "stepwell: %v\n", err)
	}
	if err := l.buckets.watchNotified(ctx); err != nil {
		return nil, err
	}
	l.bus.begin(true)
	return p, nil
}

// removal says whether what would be deleted may be; nil where nothing is to be.
func (f upFlags) removal(ctx context.Context, streams Streams) func([]plan.Record) bool {
	if !f.remove {
		return nil
	}
	return func(doomed []plan.Record) bool { return f.yes || agrees(ctx, streams, doomed) }
}

// listenPostgres opens the PostgreSQL port; nil where none is wanted.
func listenPostgres(f upFlags) (net.Listener, error) {
	if f.postgres == "" {
		return nil, nil
	}
	return listenAs("--postgres-address", f.postgres)
}

// servePostgres answers PostgreSQL clients, if there is a port for them; what it returns closes it and waits for them to go.
func servePostgres(streams Streams, l *local, listener net.Listener, g guests) (stop func() error) {
	if listener == nil {
		return func() error { return nil }
	}
	fmt.Fprintf(streams.Err, "PostgreSQL clients: %s\n", listener.Addr())
	if at, ok := listener.Addr().(*net.TCPAddr); ok {
		l.site.Listen(at.IP.String(), int64(at.Port))
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- pgwire.Serve(ctx, listener, pgwire.Options{Warehouse: l.warehouse, Users: g.users, Temporary: l.temporaryUsers, TLS: g.tls, Log: l.logger})
	}()
	return func() error { cancel(); return <-ended }
}

// endpointURL is what clients give as --endpoint-url.
func endpointURL(listener net.Listener, f upFlags) string {
	scheme := "http"
	if f.cert != "" {
		scheme = "https"
	}
	return scheme + "://" + listener.Addr().String()
}

// guests are those whom a server lets in, and how it proves itself to them.
type guests struct {
	keys  []api.Key
	users map[string]pgwire.User
	tls   *tls.Config
}

// readGuests refuses to serve strangers without keys, users and TLS.
func readGuests(f upFlags) (g guests, err error) {
	if g.keys, err = readKeys(f.keys); err != nil {
		return g, err
	}
	if g.users, err = readUsers(f.users); err != nil {
		return g, err
	}
	if g.tls, err = readCertificate(f); err != nil {
		return g, err
	}
	return g, checkExposure(f, g)
}

// readCertificate is nil where the server has none.
func readCertificate(f upFlags) (*tls.Config, error) {
	if (f.cert == "") != (f.key == "") {
		return nil, usageError{errors.New("--cert and --cert-key go together")}
	}
	if f.cert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return nil, fault.Invalidf("read the certificate").Because(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// checkExposure refuses to serve strangers without keys, users and TLS.
func checkExposure(f upFlags, g guests) error {
	if _, _, err := net.SplitHostPort(f.address); err != nil {
		return usageError{fmt.Errorf("--address %q is not host:port", f.address)}
	}
	if f.postgres != "" && !isLocal(f.postgres) && (len(g.users) == 0 || g.tls == nil) {
		return usageError{fmt.Errorf("%s can be reached from other machines: give --users, --cert and --cert-key", f.postgres)}
	}
	if isLocal(f.address) {
		return nil
	}
	switch {
	case len(g.keys) == 0:
		return usageError{fmt.Errorf("%s can be reached from other machines: give --keys", f.address)}
	case g.tls == nil && !f.allowUnsecured:
		return usageError{fmt.Errorf("%s can be reached from other machines: give --cert and --cert-key, or --unencrypted behind a proxy that does TLS", f.address)}
	}
	return nil
}

// isLocal reports whether only programs of this machine reach an address.
func isLocal(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// listenAs opens a port at the address that a flag gives.
func listenAs(flag, address string) (net.Listener, error) {
	listener, err := listenOn(address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fault.New(fault.Conflict, "another program listens on %s: choose another address with %s", address, flag)
	}
	return listener, err
}

func listenOn(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fault.New(fault.Conflict, "listen on %s", address).Because(err)
	}
	return listener, nil
}

func listen(address string, secure *tls.Config) (net.Listener, error) {
	listener, err := listenAs("--address", address)
	if err != nil || secure == nil {
		return listener, err
	}
	return tls.NewListener(listener, secure), nil
}

// grace is how long requests under way may take to end once the server is told to.
const grace = 5 * time.Second

// serve answers until ctx ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := api.Server(handler)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		return server.Close()
	}
	return nil
}
