package project

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Warehouse has the names of the warehouse for clients of Redshift's services. Where a list is empty, every name will do;
// a name that is not in a list is refused as AWS refuses a cluster that does not exist.
type Warehouse struct {
	Clusters   []string // identifiers of clusters
	Workgroups []string // names of serverless workgroups
}

var (
	clusterIdentifier = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	workgroupName     = regexp.MustCompile(`^[a-z0-9-]{3,63}$`)
)

func (r *reader) warehouse(n *yaml.Node) Warehouse {
	var w Warehouse
	r.members(n, func(key, value *yaml.Node) {
		switch key.Value {
		case "clusters":
			w.Clusters = r.warehouseNames(value, "cluster", clusterIdentifier)
		case "workgroups":
			w.Workgroups = r.warehouseNames(value, "workgroup", workgroupName)
		default:
			r.add(key, "unknown key %q: warehouse has clusters and workgroups", key.Value)
		}
	})
	return w
}

func (r *reader) warehouseNames(n *yaml.Node, kind string, form *regexp.Regexp) []string {
	var all []string
	for _, item := range r.list(n) {
		name := r.text(item)
		if len(name) > 63 || !form.MatchString(name) {
			r.add(item, "%q is not the name of a %s: %s", name, kind, strings.Trim(form.String(), "^$"))
		}
		all = append(all, name)
	}
	return all
}
