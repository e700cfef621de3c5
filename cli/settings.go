package cli

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/project"
)

// settings are what the console shows of the server and of stepwell.yaml. There are no secrets in it: these come from the environment.
func (l *local) settings(p *project.Project, f upFlags, g guests) []view.SettingGroup {
	url, _ := l.url.Load().(string)
	server := view.SettingGroup{Title: "Server", Pairs: []view.Pair{
		{Name: "Project", Value: p.Folder}, {Name: "Version", Value: version()}, {Name: "APIs and console", Value: url}, {Name: "PostgreSQL", Value: orNowhere(l.postgresAddress())},
		{Name: "Access keys", Value: orEverybody(len(g.keys), f.address)}, {Name: "Users", Value: orEverybody(len(g.users), f.address)},
	}}
	return append([]view.SettingGroup{server}, configured(p)...)
}

// postgresAddress is where PostgreSQL clients are answered, empty where nowhere.
func (l *local) postgresAddress() string {
	host, port := l.site.Address()
	if port == 0 {
		return ""
	}
	return net.JoinHostPort(host, fmt.Sprint(port))
}

func orNowhere(address string) string {
	if address == "" {
		return "nowhere"
	}
	return address
}

func orEverybody(number int, address string) string {
	switch {
	case number > 0:
		return fmt.Sprint(number)
	case isLocal(address):
		return "none: everybody on this machine may do everything"
	}
	return "none"
}

// configured is what stepwell.yaml says.
func configured(p *project.Project) []view.SettingGroup {
	c := p.Config
	groups := []view.SettingGroup{
		{Title: "Buckets", Note: "Other buckets are folders of the data folder.", Pairs: bucketPairs(p)},
		{Title: "Parameters of the template", Pairs: pairsOf(c.Parameters)},
		{Title: "Imported values", Pairs: pairsOf(c.Imports)},
		{Title: "Warehouse", Note: "Under which names clients know the warehouse. Where none is set, every name will do.", Pairs: listed("Clusters", c.Warehouse.Clusters, "Workgroups", c.Warehouse.Workgroups)},
		{Title: "Jobs", Note: "How jobs of container images are run: the first that fits counts; others as scripts here, or in Docker.", Pairs: imagePairs(c.Jobs)},
		{Title: "Connections of HTTP tasks", Pairs: connectionPairs(c.Connections)},
	}
	if m := c.Mail; m != nil {
		groups = append(groups, view.SettingGroup{Title: "Mail", Pairs: []view.Pair{{Name: "Server", Value: m.Server}, {Name: "From", Value: m.From}, {Name: "User", Value: m.User}}})
	} else {
		groups = append(groups, view.SettingGroup{Title: "Mail", Note: "No server is set: mails go to the file logs/mailbox of the data folder."})
	}
	if c.WaitCap > 0 {
		groups = append(groups, view.SettingGroup{Title: "Waits", Pairs: []view.Pair{{Name: "At most", Value: c.WaitCap.String()}}})
	}
	return slices.DeleteFunc(groups, func(g view.SettingGroup) bool { return len(g.Pairs) == 0 && g.Title != "Mail" })
}

func pairsOf(values map[string]string) []view.Pair {
	var pairs []view.Pair
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, view.Pair{Name: name, Value: values[name]})
	}
	return pairs
}

func listed(pairs ...any) []view.Pair {
	var all []view.Pair
	for i := 0; i < len(pairs); i += 2 {
		if names := pairs[i+1].([]string); len(names) > 0 {
			all = append(all, view.Pair{Name: pairs[i].(string), Value: strings.Join(names, ", ")})
		}
	}
	return all
}

func bucketPairs(p *project.Project) []view.Pair {
	var pairs []view.Pair
	for _, name := range slices.Sorted(maps.Keys(p.Config.Buckets)) {
		b := p.Config.Buckets[name]
		where := "folder " + b.Folder
		if b.S3 != nil {
			where = strings.Join(slices.DeleteFunc([]string{"S3", b.S3.Endpoint, b.S3.Region, b.S3.Bucket, b.S3.Prefix}, func(s string) bool { return s == "" }), " ")
		}
		pairs = append(pairs, view.Pair{Name: name, Value: where})
	}
	return pairs
}

func imagePairs(images []project.Image) []view.Pair {
	var pairs []view.Pair
	for _, i := range images {
		pairs = append(pairs, view.Pair{Name: i.Name, Value: strings.TrimSpace(i.Runner + " " + strings.Join(i.Entrypoint, " "))})
	}
	return pairs
}

// connectionPairs name the variables that hold secrets, and nothing of what is sent.
func connectionPairs(connections map[string]project.Connection) []view.Pair {
	var pairs []view.Pair
	for _, name := range slices.Sorted(maps.Keys(connections)) {
		c := connections[name]
		pairs = append(pairs, view.Pair{Name: name, Value: c.Type + ", secret from " + c.SecretFrom})
	}
	return pairs
}
