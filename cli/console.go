package cli

import (
	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/pgwire"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service/target"
)

// console are the pages of the server.
func (l *local) console(p *project.Project, f upFlags, g guests) *console.Console {
	o := console.Options{
		Project: p.Name, Services: l.services, Engine: l.engine, Warehouse: l.warehouse, Ledger: l.ledger, Buckets: l.buckets, Events: l.events, Log: l.logger,
		Plans:    func() []target.Plan { return append(l.bus.events.Plans(), l.bus.schedules.Plans()...) },
		Outcomes: l.bus.courier.Last, Data: p.Data(), Backups: l.backups(p.Data(), l.store.Backup),
		Settings: func() []view.SettingGroup { return l.settings(p, f, g) },
		Users:    map[string]console.User{},
	}
	for name, user := range g.users {
		o.Users[name] = console.User{Knows: user.Knows, Role: roleOf(user)}
	}
	if len(o.Users) == 0 && (len(g.keys) > 0 || !isLocal(f.address)) {
		o.Closed = "The console of this server is closed: start it with --users, a file of who may log in."
	}
	return console.New(o)
}

func roleOf(u pgwire.User) api.Role {
	switch {
	case u.Superuser:
		return api.Admin
	case u.ReadOnly:
		return api.Read
	}
	return api.Run
}
