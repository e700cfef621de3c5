package dir

import (
	"context"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/bucket"
)

const maxKeys = 1000

// List returns one page of objects in the order of their keys.
func (s *Store) List(ctx context.Context, name string, q bucket.Query) (bucket.Page, error) {
	root, err := s.root(name)
	if err != nil {
		return bucket.Page{}, err
	}
	defer root.Close()
	if q.MaxKeys <= 0 || q.MaxKeys > maxKeys {
		q.MaxKeys = maxKeys
	}
	if q.Next != "" {
		q.StartAfter = q.Next
	}
	p := pager{query: q}
	w := walker{root: root, fsys: root.FS(), prefix: q.Prefix, after: q.StartAfter}
	for object := range w.objects("") {
		if err := ctx.Err(); err != nil {
			return bucket.Page{}, err
		}
		if !p.add(object) {
			break
		}
	}
	if w.err != nil {
		return bucket.Page{}, failed("list", "s3://"+name, w.err)
	}
	if q.ETag {
		for i := range p.page.Objects {
			if p.page.Objects[i].ETag, err = s.etags.of(root, name, p.page.Objects[i]); err != nil {
				return bucket.Page{}, err
			}
		}
	}
	return p.page, nil
}

// pager folds objects into a page.
type pager struct {
	query bucket.Query
	page  bucket.Page
	last  string
}

// add takes the next object; it returns false when the page was full before.
func (p *pager) add(o bucket.Object) bool {
	entry := o.Key
	folded := false
	if p.query.Delimiter != "" {
		rest := o.Key[len(p.query.Prefix):]
		if at := strings.Index(rest, p.query.Delimiter); at >= 0 {
			entry = p.query.Prefix + rest[:at+len(p.query.Delimiter)]
			folded = true
		}
	}
	if folded && (entry == p.last || strings.HasPrefix(p.query.StartAfter, entry) && p.query.Next != "") {
		return true
	}
	if len(p.page.Objects)+len(p.page.CommonPrefixes) == p.query.MaxKeys {
		p.page.Next = p.last
		return false
	}
	p.last = entry
	if folded {
		p.page.CommonPrefixes = append(p.page.CommonPrefixes, entry)
	} else {
		p.page.Objects = append(p.page.Objects, o)
	}
	return true
}

// walker visits the files below a folder in the order of their keys, leaving out folders that have none of the wanted keys.
type walker struct {
	root          *os.Root
	fsys          fs.FS
	prefix, after string
	err           error
}

func (w *walker) objects(folder string) iter.Seq[bucket.Object] {
	return func(yield func(bucket.Object) bool) { w.visit(folder, yield) }
}

func (w *walker) visit(folder string, yield func(bucket.Object) bool) bool {
	for _, key := range w.children(folder) {
		if strings.HasSuffix(key, "/") {
			if w.mayHold(key) && !w.visit(key, yield) {
				return false
			}
			continue
		}
		if !strings.HasPrefix(key, w.prefix) || key <= w.after {
			continue
		}
		info, err := w.root.Stat(key)
		if err != nil || !info.Mode().IsRegular() { // gone meanwhile, or a link that leads out
			continue
		}
		if !yield(objectOf(key, info)) {
			return false
		}
	}
	return w.err == nil
}

// mayHold reports whether keys that begin with folder can be wanted.
func (w *walker) mayHold(folder string) bool {
	if !strings.HasPrefix(folder, w.prefix) && !strings.HasPrefix(w.prefix, folder) {
		return false
	}
	return folder > w.after || strings.HasPrefix(w.after, folder)
}

// children returns the keys in a folder, those of folders with a slash, in the order of the bytes: "a.txt" comes before "a/b".
func (w *walker) children(folder string) []string {
	name := strings.TrimSuffix(folder, "/")
	if name == "" {
		name = "."
	}
	entries, err := fs.ReadDir(w.fsys, name)
	if err != nil && !absent(err) {
		w.err = err
	}
	keys := make([]string, 0, len(entries))
	for _, entry := range entries {
		key := folder + entry.Name()
		if key == private {
			continue
		}
		if entry.IsDir() {
			key += "/"
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
