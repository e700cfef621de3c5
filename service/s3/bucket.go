package s3

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

type headBucketRequest struct {
	Bucket string `aws:"required"`
}

type headBucketResponse struct {
	AccessPointAlias bool
	BucketRegion     string
}

// headBucket answers for a missing bucket as S3 does: a HEAD has no body that could carry a message.
func (s objects) headBucket(ctx context.Context, r *headBucketRequest) (*headBucketResponse, error) {
	err := s.exists(ctx, r.Bucket)
	if fault.KindOf(err) == fault.NotFound {
		err = fault.New(fault.NotFound, "null").WithCode(bucket.CodeNoSuchBucket)
	}
	if err != nil {
		return nil, err
	}
	return &headBucketResponse{BucketRegion: "us-east-1"}, nil
}

type listBucketsRequest struct{}

type listBucketsResponse struct {
	Buckets []bucketEntry
	Owner   owner
}

type bucketEntry struct {
	CreationDate time.Time
	Name         string
}

type owner struct{ DisplayName, ID string }

func (s objects) listBuckets(ctx context.Context, _ *listBucketsRequest) (*listBucketsResponse, error) {
	store, ok := s.store.(interface {
		Buckets(ctx context.Context) ([]bucket.Bucket, error)
	})
	if !ok {
		return nil, fault.New(fault.Unsupported, "these buckets come from elsewhere and cannot be listed here")
	}
	all, err := store.Buckets(ctx)
	if err != nil {
		return nil, err
	}
	response := &listBucketsResponse{Buckets: []bucketEntry{}, Owner: owner{"stepwell", "stepwell"}}
	for _, b := range all {
		response.Buckets = append(response.Buckets, bucketEntry{b.Created.Truncate(time.Second), b.Name})
	}
	return response, nil
}
