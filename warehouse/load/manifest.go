package load

import (
	"context"
	"io"
	"strings"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// source is one file to load.
type source struct{ bucket, key string }

func (s source) String() string { return "s3://" + s.bucket + "/" + s.key }

// parseSource splits s3://bucket/key.
func parseSource(url string) (source, bool) {
	rest, ok := strings.CutPrefix(url, "s3://")
	name, key, _ := strings.Cut(rest, "/")
	return source{bucket: name, key: key}, ok && name != ""
}

// maxManifest is the longest manifest that is read, in bytes.
const maxManifest = 64 << 20

// listed reads the manifest and returns the files that it names and that are there.
func (p *Plan) listed(ctx context.Context, store bucket.Store) ([]source, error) {
	text, err := p.manifestText(ctx, store)
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
	var found []source
	for i, entry := range entries.Items() {
		s, there, err := p.entry(ctx, store, i, entry)
		if err != nil {
			return nil, err
		}
		if there {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		return nil, p.badManifest("none of its files exists")
	}
	return found, nil
}

func (p *Plan) manifestText(ctx context.Context, store bucket.Store) (string, error) {
	object, err := store.Open(ctx, p.from.bucket, p.from.key)
	if err != nil {
		return "", p.missing(err)
	}
	defer object.Close()
	text, err := io.ReadAll(io.LimitReader(object, maxManifest))
	return string(text), err
}

// entry tells whether the file of an entry is there; one that is mandatory must be.
func (p *Plan) entry(ctx context.Context, store bucket.Store, i int, entry value.Value) (s source, there bool, err error) {
	url, _ := entry.Get("url")
	s, ok := parseSource(url.Str())
	if !ok || s.key == "" {
		return s, false, p.badManifest("entry %d needs a url of the form s3://bucket/key", i+1)
	}
	_, err = store.Head(ctx, s.bucket, s.key)
	if fault.KindOf(err) != fault.NotFound {
		return s, err == nil, err
	}
	if mandatory, ok := entry.Get("mandatory"); ok && mandatory.Truth() {
		return s, false, p.badManifest("the mandatory file %s does not exist", s)
	}
	return s, false, nil
}

func (p *Plan) badManifest(format string, args ...any) error {
	reason := fault.Invalidf(format, args...).Message
	return fault.Invalidf("The manifest %s is not valid: %s", p.from, reason).WithCode("XX000").At(p.statement.FromPosition)
}
