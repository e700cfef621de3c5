// Package odbc reads data source names out of the ini files of ODBC, as `rsql -D NAME` does. It connects to nothing.
package odbc

import (
	"bufio"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Source is one data source: its keys in lower case.
type Source map[string]string

// Find returns the data source of a name in the text of an ini file. Names and keys have no case.
func Find(text, file, name string) (Source, error) {
	sources, err := parse(text, file)
	if err != nil {
		return nil, err
	}
	found, ok := sources[strings.ToLower(name)]
	if !ok {
		return nil, fault.New(fault.NotFound, "the data source %s is not in %s", name, file)
	}
	return found, nil
}

func parse(text, file string) (map[string]Source, error) {
	sources := map[string]Source{}
	var current Source
	lines := bufio.NewScanner(strings.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		at := fault.Position{File: file, Line: number, Column: 1}
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[':
			name, closed := strings.CutSuffix(line[1:], "]")
			if !closed {
				return nil, fault.Invalidf("the name of a section is not closed by ]").At(at)
			}
			current = Source{}
			sources[strings.ToLower(strings.TrimSpace(name))] = current
		default:
			key, value, ok := strings.Cut(line, "=")
			if !ok || current == nil {
				return nil, fault.Invalidf("a line of a data source is KEY=VALUE below a [NAME]").At(at)
			}
			current[strings.ToLower(strings.TrimSpace(key))] = unbraced(strings.TrimSpace(value))
		}
	}
	return sources, lines.Err()
}

// unbraced takes away the braces that protect a value with special characters.
func unbraced(value string) string {
	if strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
		return strings.ReplaceAll(value[1:len(value)-1], "}}", "}")
	}
	return value
}

// first returns the value of the first of some keys that has one.
func (s Source) first(keys ...string) string {
	for _, key := range keys {
		if s[key] != "" {
			return s[key]
		}
	}
	return ""
}

// Host is the server's name; empty when the cluster is named instead.
func (s Source) Host() string { return s.first("host", "server", "servername") }

// Port is the server's port, empty for the default.
func (s Source) Port() string { return s["port"] }

// Database is the name of the database.
func (s Source) Database() string { return s.first("database", "dbname") }

// User is the database user; with IAM it is the one to ask credentials for.
func (s Source) User() string {
	if s.IAM() {
		return s.first("dbuser", "uid", "user")
	}
	return s.first("uid", "user", "username")
}

// Password is the user's password.
func (s Source) Password() string { return s.first("pwd", "password") }

// SSLMode is libpq's word for how the connection is secured; empty is the default.
func (s Source) SSLMode() string { return strings.ToLower(s["sslmode"]) }

// IAM reports whether temporary credentials are asked from AWS.
func (s Source) IAM() bool { return isOn(s["iam"]) }

func isOn(value string) bool {
	switch strings.ToLower(value) {
	case "1", "true", "yes":
		return true
	}
	return false
}

// Cluster is the identifier of the cluster that credentials are asked for; the host names it where the source does not.
func (s Source) Cluster() string {
	if id := s["clusterid"]; id != "" {
		return id
	}
	id, _ := s.endpoint()
	return id
}

// Region is the AWS region of the cluster, or that of its host.
func (s Source) Region() string {
	if region := s["region"]; region != "" {
		return region
	}
	_, region := s.endpoint()
	return region
}

// endpoint reads CLUSTER.ACCOUNT.REGION.redshift.amazonaws.com.
func (s Source) endpoint() (cluster, region string) {
	parts := strings.SplitN(s.Host(), ".", 4)
	if len(parts) < 4 || !strings.HasPrefix(parts[3], "redshift.amazonaws.com") {
		return "", ""
	}
	return parts[0], parts[2]
}

// InstanceProfile reports whether the keys are those of the machine's instance profile.
func (s Source) InstanceProfile() bool { return isOn(s["instanceprofile"]) }

// Profile is the AWS profile whose keys are used; empty is the default chain.
func (s Source) Profile() string { return s["profile"] }

// Unsupported returns the first key that asks for something that cannot be had here, empty when there is none.
func (s Source) Unsupported() string { return s.first("plugin_name", "idp_host") }
