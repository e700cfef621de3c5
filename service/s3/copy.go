package s3

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

type copyObjectRequest struct {
	Bucket            string `aws:"required"`
	ContentType       string
	CopySource        string `aws:"required"`
	Key               string `aws:"required,min=1"`
	Metadata          map[string]string
	MetadataDirective string `enum:"COPY|REPLACE"`
	Tagging           string
	TaggingDirective  string `enum:"COPY|REPLACE"`
}

type copyObjectResponse struct {
	CopyObjectResult     copyResult
	ServerSideEncryption string
}

type copyResult struct {
	ETag         string
	LastModified time.Time
}

const replace = "REPLACE"

func (s objects) copyObject(ctx context.Context, r *copyObjectRequest) (*copyObjectResponse, error) {
	text, err := url.PathUnescape(r.CopySource)
	name, key, ok := strings.Cut(strings.TrimPrefix(text, "/"), "/")
	if err != nil || !ok {
		return nil, fault.Invalidf("Copy Source must mention the source bucket and key: sourcebucket/sourcekey").WithCode("InvalidArgument")
	}
	about, err := s.store.Head(ctx, name, key)
	if err != nil {
		return nil, err
	}
	attributes := about.Attributes
	if r.MetadataDirective == replace {
		attributes.ContentType, attributes.Metadata = r.ContentType, r.Metadata
	}
	if r.TaggingDirective == replace {
		if attributes.Tags, err = tagsIn(r.Tagging); err != nil {
			return nil, err
		}
	}
	body, err := s.store.Open(ctx, name, key)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	o, err := s.store.Put(bucket.WithOperation(ctx, bucket.CopyOperation), r.Bucket, r.Key, body, attributes)
	if err != nil {
		return nil, err
	}
	return &copyObjectResponse{copyResult{quoted(o.ETag), o.LastModified.Truncate(time.Second)}, encryption}, nil
}
