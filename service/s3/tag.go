package s3

import (
	"context"
	"maps"
	"net/url"
	"slices"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

type tag struct {
	Key   string `aws:"required,min=1,max=128"`
	Value string `aws:"required,max=256,always"`
}

// maxTags is how many tags an object may have.
const maxTags = 10

// tagsIn reads tags as headers spell them: team=data&day=1.
func tagsIn(text string) (map[string]string, error) {
	form, err := url.ParseQuery(text)
	if err != nil || len(form) > maxTags {
		return nil, fault.Invalidf("the tags %q are not at most %d pairs, written as in a URL", text, maxTags).WithCode("InvalidArgument")
	}
	tags := map[string]string{}
	for key := range form {
		tags[key] = form.Get(key)
	}
	return tags, nil
}

type objectTaggingRequest struct {
	Bucket string `aws:"required"`
	Key    string `aws:"required,min=1"`
}

type getObjectTaggingResponse struct{ TagSet []tag }

func (s objects) getObjectTagging(ctx context.Context, r *objectTaggingRequest) (*getObjectTaggingResponse, error) {
	o, err := s.store.Head(ctx, r.Bucket, r.Key)
	if err != nil {
		return nil, err
	}
	response := &getObjectTaggingResponse{TagSet: []tag{}}
	for _, key := range slices.Sorted(maps.Keys(o.Tags)) {
		response.TagSet = append(response.TagSet, tag{key, o.Tags[key]})
	}
	return response, nil
}

type putObjectTaggingRequest struct {
	Bucket  string  `aws:"required"`
	Key     string  `aws:"required,min=1"`
	Tagging tagging `aws:"required"`
}

type tagging struct {
	TagSet []tag `aws:"required,max=10"`
}

func (s objects) putObjectTagging(ctx context.Context, r *putObjectTaggingRequest) (*nothing, error) {
	tags := map[string]string{}
	for _, t := range r.Tagging.TagSet {
		if _, twice := tags[t.Key]; twice {
			return nil, fault.Invalidf("Cannot provide multiple Tags with the same key").WithCode("InvalidTag")
		}
		tags[t.Key] = t.Value
	}
	return s.retag(ctx, r.Bucket, r.Key, tags)
}

func (s objects) deleteObjectTagging(ctx context.Context, r *objectTaggingRequest) (*nothing, error) {
	return s.retag(ctx, r.Bucket, r.Key, nil)
}

func (s objects) retag(ctx context.Context, name, key string, tags map[string]string) (*nothing, error) {
	store, ok := s.store.(bucket.Describable)
	if !ok {
		return nil, fault.New(fault.Unsupported, "the objects of the bucket %s come from elsewhere and cannot be tagged here", name)
	}
	o, err := s.store.Head(ctx, name, key)
	if err != nil {
		return nil, err
	}
	o.Attributes.Tags = tags
	return &nothing{}, store.Describe(ctx, name, key, o.Attributes)
}
