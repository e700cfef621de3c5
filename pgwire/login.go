package pgwire

import (
	"context"
	"crypto/tls"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

// maxLogin is the longest message in bytes before the login is done.
const maxLogin = 8 << 10

// login leads a client to its session. It reports false where there is none: a refusal, or a cancel request.
func (c *connection) login(ctx context.Context) bool {
	if err := c.socket.SetReadDeadline(time.Now().Add(c.server.limits.startup)); err != nil || ctx.Err() != nil {
		return false
	}
	start, err := c.start(ctx)
	if start == nil && err == nil {
		return false
	}
	if err == nil {
		err = c.enter(ctx, start)
	}
	switch f := (*fault.Fault)(nil); {
	case err == nil:
		return c.greet()
	case errors.As(err, &f):
		c.fatal(fault.CodeOf(err), message(f))
	case !isEnd(err):
		c.fatal("08P01", err.Error())
	}
	if c.session != nil {
		_ = c.session.Close()
	}
	return false
}

// start reads up to the startup message: a client may ask for encryption before. It returns nil where the client wants no
// session.
func (c *connection) start(ctx context.Context) (*pgproto3.StartupMessage, error) {
	for range 3 {
		message, err := c.backend.ReceiveStartupMessage()
		if err != nil {
			return nil, err
		}
		switch m := message.(type) {
		case *pgproto3.StartupMessage:
			return m, nil
		case *pgproto3.CancelRequest:
			c.server.cancel(m)
			return nil, nil
		case *pgproto3.SSLRequest:
			err = c.secure(ctx)
		case *pgproto3.GSSEncRequest:
			_, err = c.socket.Write([]byte("N"))
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, protocolError("there is no startup message")
}

// secure goes over to TLS, or tells the client that there is none.
func (c *connection) secure(ctx context.Context) error {
	if _, encrypted := c.socket.(*tls.Conn); encrypted || c.server.TLS == nil {
		_, err := c.socket.Write([]byte("N"))
		return err
	}
	if _, err := c.socket.Write([]byte("S")); err != nil {
		return err
	}
	encrypted := tls.Server(c.socket, c.server.TLS)
	c.attach(encrypted)
	return encrypted.HandshakeContext(ctx)
}

// enter checks who the client is and opens its session.
func (c *connection) enter(ctx context.Context, start *pgproto3.StartupMessage) error {
	given := maps.Clone(start.Parameters)
	user := given["user"]
	if user == "" {
		return fault.Invalidf("no PostgreSQL user name specified in startup packet").WithCode("28000")
	}
	c.user = sessionName(user)
	if _, encrypted := c.socket.(*tls.Conn); c.server.public && !encrypted {
		return fault.New(fault.Denied, "connections without TLS are not allowed").WithCode("28000")
	}
	who := everybody
	var err error
	if len(c.server.Users) > 0 {
		if who, err = c.authenticate(user); err != nil {
			return err
		}
	}
	c.superuser, c.origin = who.Superuser, who.Origin
	c.origin.Address = c.socket.RemoteAddr().String()
	database := given["database"]
	if database == user {
		database = "" // what clients send whose user named none: any will do
	}
	c.session, err = c.server.Warehouse.Session(ctx, warehouse.SessionConfig{User: c.user, Database: database, ReadOnly: who.ReadOnly})
	if err != nil {
		return err
	}
	c.pid = uint32(c.session.PID())
	return c.configure(ctx, given)
}

// unset are startup parameters that are no settings: the protocol's own, and what Redshift's drivers tell about themselves.
var unset = map[string]bool{"user": true, "database": true, "options": true, "replication": true, "client_protocol_version": true,
	"driver_version": true, "os_version": true, "plugin_name": true, "idp_type": true}

// configure gives the session the settings of the startup message.
func (c *connection) configure(ctx context.Context, given map[string]string) error {
	for _, option := range settings(given["options"]) {
		name, value, _ := strings.Cut(option, "=")
		given[name] = value
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if unset[name] || strings.HasPrefix(name, "_pq_.") {
			continue
		}
		set := "set " + quoteName(strings.ToLower(name)) + " to " + quote(given[name])
		if err := c.session.Run(ctx, set, warehouse.Run{Unrecorded: true}, &warehouse.Collector{}); err != nil {
			return err
		}
	}
	return nil
}

// settings reads -c name=value and --name=value out of the options of a startup message.
func settings(options string) []string {
	var found []string
	fields := strings.Fields(options)
	for i, field := range fields {
		switch {
		case field == "-c" && i+1 < len(fields):
			found = append(found, fields[i+1])
		case strings.HasPrefix(field, "-c") && len(field) > 2:
			found = append(found, field[2:])
		case strings.HasPrefix(field, "--"):
			found = append(found, strings.ReplaceAll(field[2:], "-", "_"))
		}
	}
	return found
}

// statuses are the parameters that Redshift reports, with the settings that some of them follow. It does not report
// standard_conforming_strings, from which clients learn to double backslashes. server_encoding is what psycopg understands.
var statuses = []struct{ name, setting, value string }{
	{name: "application_name", setting: "application_name"},
	{name: "client_encoding", setting: "client_encoding"},
	{name: "DateStyle", setting: "datestyle"},
	{name: "integer_datetimes", value: "on"},
	{name: "is_superuser", setting: "is_superuser"},
	{name: "server_encoding", value: "UTF8"},
	{name: "server_version", value: "8.0.2"},
	{name: "session_authorization", setting: "session_authorization"},
	{name: "TimeZone", setting: "timezone"},
	{name: "padb_version", value: "1.0.0"},
}

// greet tells the client what it must know and that it may begin.
func (c *connection) greet() bool {
	c.server.register(c)
	c.backend.Send(&pgproto3.AuthenticationOk{})
	for _, s := range statuses {
		if s.setting == "" {
			c.backend.Send(&pgproto3.ParameterStatus{Name: s.name, Value: s.value})
		}
	}
	c.report()
	c.backend.Send(&pgproto3.BackendKeyData{ProcessID: c.pid, SecretKey: c.secret})
	return c.ready()
}

// report tells the client of the settings that have another value than it was told before.
func (c *connection) report() {
	for _, s := range statuses {
		value, _ := c.session.Setting(s.setting)
		switch {
		case s.setting == "is_superuser":
			value = map[bool]string{true: "on", false: "off"}[c.superuser]
		case s.setting == "session_authorization" && value == "":
			value = c.user
		}
		if told, ok := c.told[s.name]; s.setting == "" || ok && told == value {
			continue
		}
		c.told[s.name] = value
		c.backend.Send(&pgproto3.ParameterStatus{Name: s.name, Value: value})
	}
}
