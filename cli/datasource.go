package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/odbc"
)

// sourceTarget fills a target from a data source name. With IAM=1 it asks AWS for the user's password.
func sourceTarget(ctx context.Context, name string, t rsql.Target) (rsql.Target, error) {
	source, err := dataSource(name)
	here := os.Getenv(stepwellServer)
	if err != nil {
		if here != "" {
			return at(t, here), nil
		}
		return t, err
	}
	if key := source.Unsupported(); key != "" {
		return t, fault.New(fault.Unsupported, "the data source %s logs in through %s, which is not supported", name, key)
	}
	for into, value := range map[*string]string{&t.Host: source.Host(), &t.Port: source.Port(), &t.Database: source.Database(), &t.User: source.User()} {
		if *into == "" {
			*into = value
		}
	}
	if t.Password == "" {
		t.Password = source.Password()
	}
	switch {
	case here != "":
		return at(t, here), nil
	case source.IAM() && (source.Cluster() == "" || source.Region() == ""):
		return t, fault.Invalidf("the data source %s has IAM=1 and needs ClusterID and Region, or the Host of a cluster", name)
	case source.IAM():
		if t, err = clusterLogin(ctx, source, t); err != nil {
			return t, err
		}
	case t.Host == "":
		return t, fault.Invalidf("the data source %s names no Host", name)
	}
	if mode := source.SSLMode(); mode != "" {
		t.ConnInfo = "sslmode=" + mode + " dbname='" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(t.Database) + "'"
	}
	return t, nil
}

// dataSource finds a data source in the files that ODBC looks in.
func dataSource(name string) (odbc.Source, error) {
	var looked []string
	for _, file := range odbcFiles() {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		looked = append(looked, file)
		source, err := odbc.Find(string(text), file, name)
		if err == nil || fault.KindOf(err) != fault.NotFound {
			return source, err
		}
	}
	if len(looked) == 0 {
		return nil, fault.New(fault.NotFound, "the data source %s: there is no ODBC ini file; ODBCINI can name one", name)
	}
	return nil, fault.New(fault.NotFound, "the data source %s is not in %s", name, strings.Join(looked, ", "))
}

func odbcFiles() []string {
	var files []string
	if file := os.Getenv("ODBCINI"); file != "" {
		files = append(files, file)
	}
	if home, err := os.UserHomeDir(); err == nil {
		files = append(files, filepath.Join(home, ".odbc.ini"))
	}
	if folder := os.Getenv("ODBCSYSINI"); folder != "" {
		files = append(files, filepath.Join(folder, "odbc.ini"))
	}
	return append(files, "/etc/odbc.ini")
}

// askPassword asks on the terminal.
func (c *connector) askPassword(t *rsql.Target) error {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return fault.Invalidf("no password is given and there is no terminal to ask on")
	}
	defer terminal.Close()
	prompt := "Password: "
	if t.User != "" {
		prompt = "Password for user " + t.User + ": "
	}
	fmt.Fprint(terminal, prompt)
	password, err := term.ReadPassword(int(terminal.Fd()))
	fmt.Fprintln(terminal)
	t.Password = string(password)
	return err
}
