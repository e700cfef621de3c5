package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/embedded"
	"github.com/stepwell/stepwell/rsql/option"
	"github.com/stepwell/stepwell/rsql/shell"
	"github.com/stepwell/stepwell/warehouse"
)

// scriptStatus ends the process with a script's own exit status; everything has been said.
type scriptStatus int

func (s scriptStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// badConnection is the exit status of a script that has no server to run on.
const badConnection scriptStatus = 2

func clientCommand(streams Streams, dialect rsql.Dialect, short, long, example string) *cobra.Command {
	command := &cobra.Command{
		Use:                fmt.Sprintf("%s [OPTION…] [DBNAME [USERNAME]]", dialect),
		Short:              short,
		Long:               long + "\n\nOptions:\n" + option.Usage(dialect),
		Example:            example,
		DisableFlagParsing: true, DisableFlagsInUseLine: true,
		RunE: func(c *cobra.Command, args []string) error {
			f, err := option.Parse(dialect, args)
			switch {
			case err != nil:
				fmt.Fprintf(streams.Err, "%s: %s\n", dialect, err)
				return scriptStatus(1)
			case f.Help:
				return c.Help()
			case f.Version:
				fmt.Fprintf(streams.Out, "%s (stepwell %s)\n", dialect, version())
				return nil
			}
			return runClient(c.Context(), streams, f)
		},
	}
	command.Flags().Bool("help", false, "") // the options above have it
	command.Flags().Lookup("help").Hidden = true
	return command
}

func runClient(ctx context.Context, streams Streams, f *option.Options) error {
	if limit := f.TimeLimit; limit > 0 {
		limited, cancel := context.WithTimeoutCause(ctx, limit, fault.New(fault.Throttled, "the time limit of %s is over", limit))
		defer cancel()
		ctx = limited
	}
	connector := &connector{flags: f, streams: streams}
	defer connector.close()
	session, err := connector.connect(ctx, rsql.Target{})
	if err != nil {
		fmt.Fprintf(streams.Err, "%s: error: %s\n", f.Dialect, printable(err.Error(), "\n\t"))
		return badConnection
	}
	options := rsql.Options{
		Dialect: f.Dialect, Session: session, In: streams.In, Out: streams.Out, Err: streams.Err,
		Host:    &shell.Host{Context: ctx, Out: streams.Out, Err: streams.Err, Connector: connector.connect},
		Actions: f.Actions, Settings: f.Settings, Format: f.Format, Echo: f.Echo, Quiet: f.Quiet,
		SingleTransaction: f.Single, SingleLine: f.SingleLine, Output: f.Output, Limits: rsql.Limits{Statements: f.Statements},
	}
	if f.ListDatabases {
		options.Actions = []rsql.Action{{Kind: rsql.Command, Text: `\l`}}
	}
	if f.Log != "" {
		log, err := os.OpenFile(f.Log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			fmt.Fprintf(streams.Err, "%s: error: could not open log file %q: %s\n", f.Dialect, f.Log, errors.Unwrap(err))
			return errors.Join(scriptStatus(1), session.Close())
		}
		defer log.Close()
		options.Log = log
	}
	status, _ := rsql.Run(options)
	if status == 0 {
		return nil
	}
	return scriptStatus(status)
}

// connector opens the sessions of one run. The project's warehouse is opened once, when a session on it is first asked for.
type connector struct {
	flags   *option.Options
	streams Streams
	local   *local
}

func (c *connector) close() {
	if c.local != nil {
		_ = c.local.close()
	}
}

// connect opens a session where the target says; what it leaves out comes from the command line.
func (c *connector) connect(ctx context.Context, t rsql.Target) (rsql.Session, error) {
	for into, value := range map[*string]string{&t.Database: c.flags.Database, &t.User: c.flags.User, &t.Host: c.flags.Host, &t.Port: c.flags.Port} {
		if *into == "" {
			*into = value
		}
	}
	if t.ConnInfo == "" && isConnInfo(t.Database) {
		t.ConnInfo = t.Database
	}
	if c.flags.Dialect == rsql.RSQL && t.Password == "" {
		t.Password = os.Getenv("RSPASSWORD")
	}
	here := os.Getenv(stepwellServer)
	switch {
	case here != "" && (t.ConnInfo == "" || t.ConnInfo == t.Database) && isCluster(t.Host) && c.flags.DSN == "":
		return c.server(ctx, at(t, here))
	case t.ConnInfo != "":
		return c.server(ctx, t)
	case c.flags.DSN != "":
		var err error
		if t, err = sourceTarget(ctx, c.flags.DSN, t); err != nil {
			return nil, err
		}
		return c.server(ctx, t)
	case t.Host != "" || c.flags.Dialect == rsql.PSQL && environment("PGHOST", "PGHOSTADDR", "PGSERVICE") != "":
		return c.server(ctx, t)
	}
	if here != "" {
		return c.server(ctx, at(t, here))
	}
	return c.warehouse(ctx, t)
}

// stepwellServer is the variable that names a running Stepwell's PostgreSQL port as HOST:PORT. Scripts that name no host, or
// a cluster or a data source, run there. The password for it is that of stepwellPassword, if it is set.
const (
	stepwellServer   = "STEPWELL_POSTGRES"
	stepwellPassword = "STEPWELL_PASSWORD"
)

func at(t rsql.Target, address string) rsql.Target {
	host, port, _ := strings.Cut(address, ":")
	t.Host, t.Port, t.ConnInfo = host, port, ""
	if secret := os.Getenv(stepwellPassword); secret != "" {
		t.Password = secret
	}
	return t
}

// isCluster reports whether a host is that of a cluster or workgroup, or the name that templates give for one.
func isCluster(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".redshift.amazonaws.com") || strings.HasSuffix(host, ".redshift-serverless.amazonaws.com")
}

func isConnInfo(text string) bool {
	return strings.Contains(text, "=") || strings.Contains(text, "://")
}

func (c *connector) warehouse(ctx context.Context, t rsql.Target) (rsql.Session, error) {
	if c.local == nil {
		p, err := project.Bare(c.flags.Project)
		if err != nil {
			return nil, err
		}
		owner, err := announced(p)
		if err != nil {
			return nil, err
		}
		if owner != nil && owner.Postgres != "" {
			t.User = cmp.Or(t.User, jobUser)
			return c.server(ctx, at(t, owner.Postgres))
		}
		if c.local, err = openWarehouse(context.WithoutCancel(ctx), p); err != nil {
			return nil, err
		}
	}
	ctx = origin.With(ctx, origin.Origin{Client: "stepwell " + string(c.flags.Dialect)})
	session, err := embedded.Open(ctx, c.local.warehouse, warehouse.SessionConfig{User: t.User, Database: t.Database})
	if err != nil {
		return nil, err
	}
	return session, nil
}

// server connects to a server and asks for a password where one is needed and somebody is there.
func (c *connector) server(ctx context.Context, t rsql.Target) (rsql.Session, error) {
	if c.flags.AlwaysPrompt && t.Password == "" {
		if err := c.askPassword(&t); err != nil {
			return nil, err
		}
	}
	session, err := connectServer(ctx, connectionString(c.flags.Dialect, t))
	if err != nil && t.Password == "" && !c.flags.NeverPrompt && needsPassword(err) && c.streams.Size != nil {
		if err := c.askPassword(&t); err != nil {
			return nil, err
		}
		session, err = connectServer(ctx, connectionString(c.flags.Dialect, t))
	}
	return session, err
}

func needsPassword(err error) bool { return strings.Contains(err.Error(), "password") }

// connectionString writes a target for libpq's readers.
func connectionString(dialect rsql.Dialect, t rsql.Target) string {
	if strings.Contains(t.ConnInfo, "://") {
		return t.ConnInfo
	}
	parts := []string{}
	if t.ConnInfo != "" {
		parts = append(parts, t.ConnInfo)
	}
	port := t.Port
	if port == "" && dialect == rsql.RSQL && t.ConnInfo == "" {
		port = "5439"
	}
	database := t.Database
	if t.ConnInfo != "" {
		database = ""
	}
	for _, one := range [][2]string{{"host", t.Host}, {"port", port}, {"user", t.User}, {"dbname", database}, {"password", t.Password}} {
		if one[1] != "" {
			parts = append(parts, one[0]+"='"+strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(one[1])+"'")
		}
	}
	return strings.Join(parts, " ")
}

// environment returns the first of some variables that is set.
func environment(names ...string) string {
	for _, name := range names {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}
