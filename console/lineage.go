package console

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

func (c *Console) lineageArea() area {
	return area{pages: []page{{"/console/lineage", c.lineage}}}
}

const (
	// drawnEdges is how many ways a picture has, and steps how far it goes from the place that it is about.
	drawnEdges = 120
	steps      = 2
)

func lineageURL(name string) string { return "/console/lineage?of=" + url.QueryEscape(name) }

// lineage draws where data came from and went to.
func (c *Console) lineage(r *request) (view.Page, error) {
	of := r.URL.Query().Get("of")
	all := gathered(c.Warehouse.Lineage())
	names := map[string]bool{}
	for _, e := range all {
		names[e.Source], names[e.Target] = true, true
	}
	content := view.Lineage{Of: of, Places: slices.Sorted(maps.Keys(names))}
	if of != "" {
		all = near(all, of)
	}
	if len(all) > drawnEdges {
		slices.SortStableFunc(all, func(a, b querylog.Edge) int { return b.At.Compare(a.At) })
		content.Hidden, all = len(all)-drawnEdges, all[:drawnEdges]
	}
	for _, e := range all {
		edge := edgeRow(e)
		edge.Source.URL, edge.Target.URL = lineageURL(e.Source), lineageURL(e.Target)
		content.Edges = append(content.Edges, edge)
	}
	p := view.Page{Title: "Lineage", Section: view.LineageSection, Live: "statement", Content: content}
	if of != "" {
		p.Crumbs = []view.Link{{Text: "Lineage", URL: "/console/lineage"}}
	}
	return p, nil
}

// gathered joins the ways from and to the files of one folder: a pipeline reads another file, or another day's folder, each time.
// The last statement stands for all.
func gathered(edges []querylog.Edge) []querylog.Edge {
	last := map[[2]string]querylog.Edge{}
	for _, e := range edges {
		e.Source, e.Target = folderOf(e.Source), folderOf(e.Target)
		way := [2]string{e.Source, e.Target}
		if known, ok := last[way]; !ok || e.At.After(known.At) {
			last[way] = e
		}
	}
	list := slices.Collect(maps.Values(last))
	slices.SortFunc(list, func(a, b querylog.Edge) int {
		return strings.Compare(a.Target+"\n"+a.Source, b.Target+"\n"+b.Source)
	})
	return list
}

// folderOf is the bucket with the first folder of an address; a table is itself.
func folderOf(name string) string {
	rest, is := strings.CutPrefix(name, "s3://")
	if !is {
		return name
	}
	bucket, key, _ := strings.Cut(rest, "/")
	folder, _, deeper := strings.Cut(key, "/")
	if !deeper {
		return "s3://" + bucket + "/"
	}
	return "s3://" + bucket + "/" + folder + "/"
}

// near are the ways that lead to a place, and from it on, some steps far.
func near(edges []querylog.Edge, of string) []querylog.Edge {
	keep := map[int]bool{}
	for _, up := range []bool{true, false} {
		edge := map[string]bool{of: true}
		for range steps {
			next := map[string]bool{}
			for i, e := range edges {
				from, to := e.Source, e.Target
				if up {
					from, to = to, from
				}
				if edge[from] {
					keep[i], next[to] = true, true
				}
			}
			edge = next
		}
	}
	var list []querylog.Edge
	for i, e := range edges {
		if keep[i] {
			list = append(list, e)
		}
	}
	return list
}
