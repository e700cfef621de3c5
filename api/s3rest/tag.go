package s3rest

import (
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/stepwell/stepwell/bucket"
)

// S3's limits for tags.
const (
	bucketTags  = 50
	objectTags  = 10
	maxTagKey   = 128
	maxTagValue = 256
)

// tagging is the document of tags, of a bucket or of an object.
type tagging struct {
	XMLName xml.Name `xml:"Tagging"`
	TagSet  struct{ Tag []tag }
	limit   int
}

type tag struct{ Key, Value string }

func (t *tagging) check() error {
	if len(t.TagSet.Tag) > t.limit {
		return refuse("BadRequest", "Object tags cannot be greater than %d", t.limit)
	}
	for i, one := range t.TagSet.Tag {
		switch {
		case one.Key == "" || len([]rune(one.Key)) > maxTagKey:
			return refuse("InvalidTag", "The TagKey you have provided is invalid")
		case len([]rune(one.Value)) > maxTagValue:
			return refuse("InvalidTag", "The TagValue you have provided is invalid")
		case slices.ContainsFunc(t.TagSet.Tag[:i], func(other tag) bool { return other.Key == one.Key }):
			return refuse("InvalidTag", "Cannot provide multiple Tags with the same key")
		}
	}
	return nil
}

// mapped returns the tags of a checked document.
func (t *tagging) mapped() map[string]string {
	tags := map[string]string{}
	for _, one := range t.TagSet.Tag {
		tags[one.Key] = one.Value
	}
	return tags
}

func taggingOf(tags map[string]string) *tagging {
	t := &tagging{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		t.TagSet.Tag = append(t.TagSet.Tag, tag{key, tags[key]})
	}
	return t
}

// headerTags reads the tags that come with an object: team=data&day=1.
func (q *request) headerTags() (map[string]string, error) {
	text := q.Header.Get("X-Amz-Tagging")
	if text == "" {
		return nil, nil
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, refuse("InvalidArgument", "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
	}
	t := tagging{limit: objectTags}
	for key, values := range form {
		for _, value := range values {
			t.TagSet.Tag = append(t.TagSet.Tag, tag{key, value})
		}
	}
	return t.mapped(), t.check()
}

func (q *request) getObjectTags() error {
	o, err := q.h.store.Head(q.Context(), q.bucket, q.key)
	if err != nil {
		return err
	}
	write(q.w, q.Request, http.StatusOK, taggingOf(o.Tags))
	return nil
}

func (q *request) putObjectTags() error {
	t := tagging{limit: objectTags}
	if err := q.document(&t); err != nil {
		return err
	}
	if err := t.check(); err != nil {
		return err
	}
	if err := q.retag(t.mapped()); err != nil {
		return err
	}
	q.w.WriteHeader(http.StatusOK)
	return nil
}

func (q *request) deleteObjectTags() error {
	if err := q.retag(nil); err != nil {
		return err
	}
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}

func (q *request) retag(tags map[string]string) error {
	store, ok := q.h.store.(bucket.Describable)
	if !ok {
		return refuse("NotImplemented", "these buckets come from elsewhere: their objects cannot be tagged here")
	}
	o, err := q.h.store.Head(q.Context(), q.bucket, q.key)
	if err != nil {
		return err
	}
	o.Attributes.Tags = tags
	return store.Describe(q.Context(), q.bucket, q.key, o.Attributes)
}

// showTags tells how many tags an object has.
func showTags(header http.Header, o bucket.Object) {
	if len(o.Tags) > 0 {
		header.Set("X-Amz-Tagging-Count", strconv.Itoa(len(o.Tags)))
	}
}
