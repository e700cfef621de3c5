package querylog

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// The most that is remembered of each; the oldest are forgotten.
const (
	maxEdges   = 10_000
	maxWriters = 20_000
)

type path struct{ source, target string }

// lineage is the last statement for each table and for each way that data took. What changed has not been stored.
type lineage struct {
	writers        map[string]Writer
	edges          map[path]Edge
	writersChanged map[string]bool
	edgesChanged   map[path]bool
}

func newLineage(h History) lineage {
	l := lineage{writers: map[string]Writer{}, edges: map[path]Edge{}, writersChanged: map[string]bool{}, edgesChanged: map[path]bool{}}
	for _, w := range h.Writers {
		l.writers[w.Table] = w
	}
	for _, e := range h.Edges {
		l.edges[path{e.Source, e.Target}] = e
	}
	return l
}

// add notes what a committed statement did.
func (l *lineage) add(q Query, sources, targets []string) {
	for _, target := range targets {
		switch {
		case isAddress(target):
		case strings.HasPrefix(q.Kind, "DROP "):
			delete(l.writers, target)
			l.writersChanged[target] = true
		default:
			l.writers[target] = Writer{Table: target, Query: q.ID, Kind: q.Kind, Rows: q.Rows, At: q.Ended, Origin: q.Origin}
			l.writersChanged[target] = true
		}
		for _, source := range sources {
			if source == target {
				continue
			}
			way := path{source, target}
			l.edges[way] = Edge{Source: source, Target: target, Query: q.ID, Rows: q.Rows, At: q.Ended, Origin: q.Origin}
			l.edgesChanged[way] = true
		}
	}
	forgetOldest(l.writers, l.writersChanged, maxWriters, func(w Writer) time.Time { return w.At })
	forgetOldest(l.edges, l.edgesChanged, maxEdges, func(e Edge) time.Time { return e.At })
}

func isAddress(name string) bool { return strings.HasPrefix(name, "s3://") }

// forgetOldest makes room for a tenth when there is none left.
func forgetOldest[K comparable, V any](all map[K]V, changed map[K]bool, most int, at func(V) time.Time) {
	if len(all) <= most {
		return
	}
	keys := slices.SortedFunc(maps.Keys(all), func(a, b K) int { return at(all[a]).Compare(at(all[b])) })
	for _, k := range keys[:len(keys)-most+most/10] {
		delete(all, k)
		changed[k] = true
	}
}

// take moves what changed into a batch.
func (l *lineage) take(b *Batch) {
	for name := range l.writersChanged {
		if w, ok := l.writers[name]; ok {
			b.Writers = append(b.Writers, w)
		} else {
			b.GoneWriters = append(b.GoneWriters, name)
		}
	}
	for way := range l.edgesChanged {
		if e, ok := l.edges[way]; ok {
			b.Edges = append(b.Edges, e)
		} else {
			b.GoneEdges = append(b.GoneEdges, Edge{Source: way.source, Target: way.target})
		}
	}
	clear(l.writersChanged)
	clear(l.edgesChanged)
}

// putBack lets the next batch have what this one could not store.
func (l *lineage) putBack(b Batch) {
	for _, w := range b.Writers {
		l.writersChanged[w.Table] = true
	}
	for _, name := range b.GoneWriters {
		l.writersChanged[name] = true
	}
	for _, e := range slices.Concat(b.Edges, b.GoneEdges) {
		l.edgesChanged[path{e.Source, e.Target}] = true
	}
}

// Writers returns the last writer of each table, by name.
func (l *Log) Writers() []Writer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.SortedFunc(maps.Values(l.lineage.writers), func(a, b Writer) int { return cmp.Compare(a.Table, b.Table) })
}

// Edges returns the ways that data took, by target and source.
func (l *Log) Edges() []Edge {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.SortedFunc(maps.Values(l.lineage.edges), func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Source, b.Source))
	})
}
