package cli

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
)

// serverFile is what stands in server.json of a data folder while a server owns the folder.
type serverFile struct {
	Process  int    `json:"process"`
	URL      string `json:"url"`
	Postgres string `json:"postgres,omitempty"` // host:port
}

func serverFileIn(data string) string { return filepath.Join(data, "server.json") }

// announce tells other commands on the folder where its server answers, PostgreSQL clients too unless their listener is nil; what
// it returns takes that back.
func announce(data, address string, postgres net.Listener) (withdraw func() error, err error) {
	file := serverFile{Process: os.Getpid(), URL: reachable(address)}
	if postgres != nil {
		file.Postgres = strings.TrimPrefix(reachable("tcp://"+postgres.Addr().String()), "tcp://")
	}
	text, err := json.Marshal(file)
	if err != nil {
		return nil, err
	}
	name := serverFileIn(data)
	// A reader must not see half of it.
	if err := os.WriteFile(name+".new", append(text, '\n'), 0o644); err != nil {
		return nil, fault.New(fault.Unavailable, "write %s", name).Because(err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return nil, fault.New(fault.Unavailable, "write %s", name).Because(err)
	}
	return func() error { return os.Remove(name) }, nil
}

// reachable is an address under which this machine reaches a server that listens on all of its addresses.
func reachable(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsUnspecified() {
		u.Host = net.JoinHostPort("127.0.0.1", u.Port())
	}
	return u.String()
}

// announced reads what the server that owns a project's data folder says of itself, nil when none does. A file that a killed
// server left is not believed: the process in it must be the one that holds the lock.
func announced(p *project.Project) (*serverFile, error) {
	text, err := os.ReadFile(serverFileIn(p.Data()))
	if err != nil {
		return nil, nil // the folder's lock tells whether somebody else owns it
	}
	var file serverFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fault.New(fault.Internal, "read %s", serverFileIn(p.Data())).Because(err)
	}
	if process, ok := ownerOf(p.Data()); !ok || process != file.Process {
		return nil, nil
	}
	return &file, nil
}

// serverOf returns the server that owns a project's data folder, nil when none does.
func serverOf(p *project.Project) (*remote, error) {
	file, err := announced(p)
	if err != nil || file == nil {
		return nil, err
	}
	r := newRemote(file.URL)
	if u, err := url.Parse(file.URL); err != nil || !isLocal(u.Host) && !r.signs() {
		return nil, fault.New(fault.Denied, "another stepwell owns %s, it answers on %s: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to one of its keys",
			p.Data(), file.URL)
	}
	return r, nil
}

// serverAt returns the server that owns the data folder of the project at a path, nil when none does.
func serverAt(path string) (*remote, error) {
	p, err := ranProject(path)
	if err != nil {
		return nil, err
	}
	return serverOf(p)
}

// refuseOwned is the error of a command that needs the folder for itself while a server owns it; advice says what to do.
func refuseOwned(p *project.Project, advice string) error {
	r, err := serverOf(p)
	if err == nil && r != nil {
		err = fault.New(fault.Conflict, "another stepwell owns %s, it answers on %s%s", p.Data(), r.url, advice)
	}
	return err
}
