package load

import (
	"context"
	"io"
	"strings"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// parseSource splits s3://bucket/key.
func parseSource(url string) (Object, bool) {
	rest, ok := strings.CutPrefix(url, "s3://")
	name, key, _ := strings.Cut(rest, "/")
	return Object{Bucket: name, Key: key, Size: -1}, ok && name != ""
}

// Files lists what FROM names: the objects of a prefix, without the marks of folders, or those of a manifest.
func (p *Plan) Files(ctx context.Context, store bucket.Store) ([]Object, error) {
	if p.o.manifest {
		return p.listed(ctx, store)
	}
	var found []Object
	for object, err := range bucket.All(ctx, store, p.from.Bucket, p.from.Key) {
		if err != nil {
			return nil, p.missing(p.from, err)
		}
		if object.Size > 0 || !strings.HasSuffix(object.Key, "/") {
			found = append(found, Object{Bucket: p.from.Bucket, Key: object.Key, Size: object.Size, ETag: object.ETag, Modified: object.LastModified})
		}
	}
	if len(found) == 0 {
		return nil, fault.New(fault.NotFound, "The specified S3 prefix '%s' does not exist", p.from.Key).WithCode("XX000").At(p.statement.FromPosition)
	}
	return found, nil
}

// missing says in Redshift's words what a store does not have.
func (p *Plan) missing(o Object, err error) error {
	switch fault.CodeOf(err) {
	case bucket.CodeNoSuchBucket:
		return fault.New(fault.NotFound, "The specified bucket does not exist: %s", o.Bucket).WithCode("XX000").At(p.statement.FromPosition)
	case bucket.CodeNoSuchKey:
		return fault.New(fault.NotFound, "The specified key does not exist: %s", o).WithCode("XX000").At(p.statement.FromPosition)
	}
	return err
}

// The longest manifest and JSONPaths file, in bytes.
const (
	maxManifest = 64 << 20
	maxPaths    = 1 << 20
)

// smallFile reads a file that says how to load.
func (p *Plan) smallFile(ctx context.Context, store bucket.Store, o Object, limit int64) (string, error) {
	file, err := store.Open(ctx, o.Bucket, o.Key)
	if err != nil {
		return "", p.missing(o, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fault.Invalidf("%s is longer than %d bytes", o, limit).WithCode("XX000").At(p.statement.FromPosition)
	}
	return string(text), err
}

// readPaths reads the JSONPaths file, if there is one.
func (p *Plan) readPaths(ctx context.Context, store bucket.Store) error {
	if p.o.pathsFile == nil {
		return nil
	}
	text, err := p.smallFile(ctx, store, *p.o.pathsFile, maxPaths)
	if err != nil {
		return err
	}
	paths, err := readPaths(text)
	switch {
	case err != nil:
		return fault.Invalidf("Invalid JSONPath file %s: %s", *p.o.pathsFile, err).WithCode("XX000").At(p.statement.Position)
	case paths != nil && len(paths) != len(p.columns):
		return fault.Invalidf("Number of jsonpaths and the number of columns should match. JSONPath size: %d, Number of columns in table or column list: %d",
			len(paths), len(p.columns)).WithCode("XX000").At(p.statement.Position)
	}
	p.o.paths = paths
	return nil
}

// listed reads the manifest and returns the files that it names and that are there.
func (p *Plan) listed(ctx context.Context, store bucket.Store) ([]Object, error) {
	text, err := p.smallFile(ctx, store, p.from, maxManifest)
	if err != nil {
		return nil, err
	}
	manifest, err := value.Parse(text)
	if err != nil {
		return nil, p.badManifest("%s", err.Error())
	}
	entries, ok := manifest.Get("entries")
	if !ok || entries.Kind() != value.Array {
		return nil, p.badManifest(`it has no list "entries"`)
	}
	var found []Object
	for i, entry := range entries.Items() {
		object, there, err := p.entry(ctx, store, i, entry)
		if err != nil {
			return nil, err
		}
		if there {
			found = append(found, object)
		}
	}
	if len(found) == 0 {
		return nil, p.badManifest("none of its files exists")
	}
	return found, nil
}

// entry tells whether the file of an entry is there; one that is mandatory must be.
func (p *Plan) entry(ctx context.Context, store bucket.Store, i int, entry value.Value) (o Object, there bool, err error) {
	url, _ := entry.Get("url")
	o, ok := parseSource(url.Str())
	if !ok || o.Key == "" {
		return o, false, p.badManifest("entry %d needs a url of the form s3://bucket/key (error code 8001)", i+1)
	}
	found, there, err := p.find(ctx, store, o)
	if err != nil {
		return o, false, err
	}
	mandatory, _ := entry.Get("mandatory")
	if !there && mandatory.Truth() {
		return o, false, p.badManifest("the mandatory file %s does not exist", o)
	}
	if there && p.o.format == parquetFormat {
		err = p.checkLength(entry, i, found)
	}
	return found, there, err
}

// find asks for one object. A listing costs less than Head, which may have to read the object for its ETag.
func (p *Plan) find(ctx context.Context, store bucket.Store, o Object) (found Object, there bool, err error) {
	page, err := store.List(ctx, o.Bucket, bucket.Query{Prefix: o.Key, MaxKeys: 1})
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return o, false, nil
	case err != nil || len(page.Objects) == 0 || page.Objects[0].Key != o.Key:
		return o, false, err
	}
	about := page.Objects[0]
	o.Size, o.ETag, o.Modified = about.Size, about.ETag, about.LastModified
	return o, true, nil
}

// checkLength compares the length that a manifest must give for a columnar file.
func (p *Plan) checkLength(entry value.Value, i int, o Object) error {
	meta, _ := entry.Get("meta")
	member, _ := meta.Get("content_length")
	length, ok := member.Int()
	switch {
	case !ok:
		return p.badManifest("entry %d needs meta.content_length for PARQUET", i+1)
	case length != o.Size:
		return p.badManifest("entry %d says that %s has %d bytes, it has %d", i+1, o, length, o.Size)
	}
	return nil
}

func (p *Plan) badManifest(format string, args ...any) error {
	reason := fault.Invalidf(format, args...).Message
	return fault.Invalidf("The manifest %s is not valid: %s", p.from, reason).WithCode("XX000").At(p.statement.FromPosition)
}
