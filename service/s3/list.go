package s3

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

type listObjectsV2Request struct {
	Bucket            string `aws:"required"`
	Prefix            string
	Delimiter         string
	StartAfter        string
	ContinuationToken string
	MaxKeys           *int64 `aws:"min=0"`
}

type listObjectsV2Response struct {
	CommonPrefixes        []commonPrefix
	Contents              []content
	ContinuationToken     string
	Delimiter             string
	IsTruncated           bool
	KeyCount              int64
	MaxKeys               int64
	Name                  string
	NextContinuationToken string
	Prefix                string `aws:"always"`
	StartAfter            string
}

type content struct {
	ETag         string
	Key          string
	LastModified time.Time
	Size         int64
	StorageClass string
}

type commonPrefix struct{ Prefix string }

const maxKeys = 1000

func (s objects) listObjectsV2(ctx context.Context, r *listObjectsV2Request) (*listObjectsV2Response, error) {
	query := bucket.Query{Prefix: r.Prefix, Delimiter: r.Delimiter, StartAfter: r.StartAfter, MaxKeys: limit(r.MaxKeys), ETag: true}
	next, err := base64.RawURLEncoding.DecodeString(r.ContinuationToken)
	if err != nil {
		return nil, fault.Invalidf("The continuation token provided is incorrect").WithCode("InvalidArgument")
	}
	query.Next = string(next)
	page, err := s.page(ctx, r.Bucket, query)
	if err != nil {
		return nil, err
	}
	response := &listObjectsV2Response{
		Name: r.Bucket, Prefix: r.Prefix, Delimiter: r.Delimiter, StartAfter: r.StartAfter, ContinuationToken: r.ContinuationToken,
		MaxKeys: int64(query.MaxKeys), IsTruncated: page.Next != "", KeyCount: int64(len(page.Objects) + len(page.CommonPrefixes)),
		NextContinuationToken: base64.RawURLEncoding.EncodeToString([]byte(page.Next)),
	}
	response.Contents, response.CommonPrefixes = contents(page)
	return response, nil
}

func contents(page bucket.Page) (objects []content, prefixes []commonPrefix) {
	for _, o := range page.Objects {
		objects = append(objects, content{quoted(o.ETag), o.Key, o.LastModified.Truncate(time.Second), o.Size, "STANDARD"})
	}
	for _, prefix := range page.CommonPrefixes {
		prefixes = append(prefixes, commonPrefix{prefix})
	}
	return objects, prefixes
}

type listObjectsRequest struct {
	Bucket    string `aws:"required"`
	Prefix    string
	Delimiter string
	Marker    string
	MaxKeys   *int64 `aws:"min=0"`
}

type listObjectsResponse struct {
	CommonPrefixes []commonPrefix
	Contents       []content
	Delimiter      string
	IsTruncated    bool
	Marker         string `aws:"always"`
	MaxKeys        int64
	Name           string
	NextMarker     string
	Prefix         string `aws:"always"`
}

// listObjects is the older form: a page goes on behind a key that the caller names.
func (s objects) listObjects(ctx context.Context, r *listObjectsRequest) (*listObjectsResponse, error) {
	query := bucket.Query{Prefix: r.Prefix, Delimiter: r.Delimiter, StartAfter: r.Marker, MaxKeys: limit(r.MaxKeys), ETag: true}
	page, err := s.page(ctx, r.Bucket, query)
	if err != nil {
		return nil, err
	}
	response := &listObjectsResponse{
		Name: r.Bucket, Prefix: r.Prefix, Delimiter: r.Delimiter, Marker: r.Marker, MaxKeys: int64(query.MaxKeys), IsTruncated: page.Next != "",
	}
	if r.Delimiter != "" { // without one, the last key tells it
		response.NextMarker = page.Next
	}
	response.Contents, response.CommonPrefixes = contents(page)
	return response, nil
}

func limit(given *int64) int {
	if given != nil && *given < maxKeys {
		return int(*given)
	}
	return maxKeys
}

// page asks the store, except for a page of no keys, which only tells that the bucket exists.
func (s objects) page(ctx context.Context, name string, query bucket.Query) (bucket.Page, error) {
	if query.MaxKeys > 0 {
		return s.store.List(ctx, name, query)
	}
	query.MaxKeys = 1
	query.ETag = false
	_, err := s.store.List(ctx, name, query)
	return bucket.Page{}, err
}
