package rsql

import (
	"strings"

	"github.com/stepwell/stepwell/rsql/syntax"
)

// describeConnection sets the variables that name the connection.
func (r *interpreter) describeConnection() {
	if r.session == nil {
		return
	}
	p := r.session.Peer()
	for name, value := range map[string]string{"DBNAME": p.Database, "USER": p.User, "HOST": p.Host, "PORT": p.Port,
		"ENCODING": "UTF8", "SERVER_VERSION_NAME": p.Version, "SERVER_VERSION_NUM": versionNumber(p.Version)} {
		r.variables.note(name, value)
	}
}

// versionNumber writes 15.18 as 150018 and 8.0.2 as 80002.
func versionNumber(version string) string {
	var parts []string
	for _, part := range strings.Split(strings.TrimPrefix(version, "PostgreSQL "), ".") {
		digits := part[:len(part)-len(strings.TrimLeft(part, "0123456789"))]
		if digits == "" {
			break
		}
		parts = append(parts, digits)
		if len(digits) < len(part) {
			break
		}
	}
	if len(parts) == 2 && len(parts[0]) == 2 {
		parts = []string{parts[0], "00", parts[1]}
	}
	for i := 1; i < len(parts); i++ {
		if len(parts[i]) == 1 {
			parts[i] = "0" + parts[i]
		}
	}
	return strings.Join(parts, "")
}

// connect is \connect and \logon: {[DBNAME|- USER|- HOST|- PORT|- [PASSWORD]] | conninfo}. A dash keeps what is.
func (r *interpreter) connect(in *input) outcome {
	words := r.remaining(in, syntax.Normal)
	if len(words) > 5 || len(words) > 4 && r.Dialect == PSQL {
		r.complain(`\connect: too many arguments`)
		return failed
	}
	t := r.target(words)
	named := t.Host != "" || t.ConnInfo != ""
	next, err := r.Host.Connect(t)
	if err != nil {
		r.refused(err)
		return failed
	}
	if r.session != nil {
		_ = r.session.Close()
	}
	r.session = next
	if t.ConnInfo == "" {
		r.lastHost, r.lastPort = t.Host, t.Port
	}
	r.describeConnection()
	r.welcome(named)
	return done
}

// refused tells why a connection failed; a script does not go on with the one before.
func (r *interpreter) refused(err error) {
	prefix := `\connect: `
	if r.Dialect == RSQL {
		prefix = ""
	}
	r.complain("%s%s", prefix, err)
	if r.session != nil {
		_ = r.session.Close()
		r.session = nil
	}
}

// target fills what the arguments leave out from the connection before.
func (r *interpreter) target(words []string) Target {
	if len(words) > 0 && (strings.Contains(words[0], "=") || strings.Contains(words[0], "://")) {
		return Target{ConnInfo: words[0]}
	}
	var p Peer
	if r.session != nil {
		p = r.session.Peer()
	}
	t := Target{Database: p.Database, User: p.User, Host: r.lastHost, Port: r.lastPort}
	for i, into := range []*string{&t.Database, &t.User, &t.Host, &t.Port, &t.Password} {
		if i < len(words) && words[i] != "-" {
			*into = words[i]
		}
	}
	return t
}

func (r *interpreter) welcome(hostNamed bool) {
	if r.variables.isOn("QUIET") {
		return
	}
	p := r.session.Peer()
	if r.Dialect == RSQL {
		r.print(banner(p))
	}
	r.print(`You are now connected to database "`, p.Database, `" as user "`, p.User, `"`)
	if hostNamed && p.Host != "" {
		r.print(` on host "`, p.Host, `" at port "`, p.Port, `"`)
	}
	r.print(".\n")
}

// banner returns the lines that RSQL prints when a connection is made.
func banner(p Peer) string {
	name := "PostgreSQL"
	if p.Redshift {
		name = "Amazon Redshift"
	}
	return "DBMS Name: " + name + "\nDriver Name: Stepwell\nDriver Version: " + p.Version + "\nRsql Version: 1.1.2\n"
}

func (r *interpreter) connectionInfo(*input) outcome {
	if r.session == nil {
		r.print("You are currently not connected to a database.\n")
		return done
	}
	p := r.session.Peer()
	r.print(`You are connected to database "`, p.Database, `" as user "`, p.User, `"`)
	switch {
	case strings.HasPrefix(p.Host, "/"):
		r.print(` via socket in "`, p.Host, `" at port "`, p.Port, `"`)
	case p.Host != "":
		r.print(` on host "`, p.Host, `" at port "`, p.Port, `"`)
	}
	r.print(".\n")
	return done
}
