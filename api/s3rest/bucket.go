package s3rest

import (
	"context"
	"encoding/xml"
	"net/http"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// buckets is what a store may be able to do besides: hold more buckets or fewer.
type buckets interface {
	Make(name string) error
	// Remove deletes an empty bucket. Its fault for one that is not has the code BucketNotEmpty.
	Remove(ctx context.Context, name string) error
	Buckets(ctx context.Context) ([]bucket.Bucket, error)
}

func (q *request) buckets() (buckets, error) {
	b, ok := q.h.store.(buckets)
	if !ok {
		return nil, refuse("NotImplemented", "these buckets come from elsewhere: they cannot be listed, made or deleted here")
	}
	return b, nil
}

// isoTime is how S3 prints moments.
func isoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

type listAllMyBucketsResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
	Owner   struct{ ID, DisplayName string }
	Buckets struct{ Bucket []bucketEntry }
}

type bucketEntry struct{ Name, CreationDate string }

func (q *request) listBuckets() error {
	b, err := q.buckets()
	if err != nil {
		return err
	}
	all, err := b.Buckets(q.Context())
	if err != nil {
		return err
	}
	var result listAllMyBucketsResult
	result.Owner.ID, result.Owner.DisplayName = "stepwell", "stepwell"
	for _, one := range all {
		result.Buckets.Bucket = append(result.Buckets.Bucket, bucketEntry{one.Name, isoTime(one.Created)})
	}
	write(q.w, q.Request, http.StatusOK, result)
	return nil
}

// exists asks for the bucket.
func (q *request) exists() error {
	_, err := q.h.store.List(q.Context(), q.bucket, bucket.Query{MaxKeys: 1})
	return err
}

func (q *request) headBucket() error {
	if err := q.exists(); err != nil {
		return err
	}
	q.w.Header().Set("X-Amz-Bucket-Region", "us-east-1")
	q.w.WriteHeader(http.StatusOK)
	return nil
}

func (q *request) createBucket() error {
	b, err := q.buckets()
	if err != nil {
		return err
	}
	switch err := q.exists(); {
	case err == nil:
		return refuse("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
	case fault.CodeOf(err) != bucket.CodeNoSuchBucket:
		return err
	}
	if err := b.Make(q.bucket); err != nil {
		return err
	}
	q.w.Header().Set("Location", "/"+q.bucket)
	q.w.WriteHeader(http.StatusOK)
	return nil
}

func (q *request) deleteBucket() error {
	b, err := q.buckets()
	if err != nil {
		return err
	}
	if err := b.Remove(q.Context(), q.bucket); err != nil {
		return err
	}
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}
