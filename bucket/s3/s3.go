// Package s3 keeps buckets at S3 endpoints: AWS's own, or any server that speaks S3's protocol. It implements bucket.Store
// with the AWS SDK, which finds the credentials where it always does (environment, shared files, roles); none are in
// Stepwell's own files.
//
//	store, err := s3.Open(ctx, map[string]s3.Mount{"lake": {Region: "eu-central-1", Bucket: "company-lake", Prefix: "etl/"}})
//	r, err := store.Open(ctx, "lake", "2024/a.csv.gz")
//
// A read that breaks off goes on where it was, of the same object: one that was replaced meanwhile fails with the code
// PreconditionFailed. Objects of more than a few megabytes are written in parts, and appear when the last one is there.
// Tested against versitygw 1.8. Known weaknesses: the ETag of an object in parts is no MD5, Put does not tell when an object
// was modified, Head does not tell its tags, and keys that XML cannot hold are not listed.
package s3

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/stepwell/stepwell/bucket"
)

// Mount says where a bucket is.
type Mount struct {
	// Endpoint is the URL of a server that is not AWS; buckets are part of its paths then.
	Endpoint string
	// Region is the bucket's; default: the profile's or the environment's, us-east-1 with an Endpoint.
	Region string
	// Bucket is the name there; default: the same name.
	Bucket string
	// Prefix stands before every key there.
	Prefix string
	// Profile names a profile of the shared configuration files; default: AWS_PROFILE.
	Profile string
}

// Store is a set of buckets at S3 endpoints.
type Store struct{ places map[string]place }

// place is a bucket with the client that reaches it.
type place struct {
	name, bucket, prefix string
	client               *s3.Client
}

// attempts is how often a request is tried, with growing pauses up to maxPause, before its error is told.
const (
	attempts = 5
	maxPause = 2 * time.Second
)

func patient() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = attempts, maxPause })
}

// Open prepares clients for buckets by their names here. It asks no server; a fault tells of a profile or setting that is wrong.
func Open(ctx context.Context, mounts map[string]Mount) (*Store, error) {
	s := &Store{places: map[string]place{}}
	for name, m := range mounts {
		client, err := m.client(ctx)
		if err != nil {
			return nil, unusable(name, err)
		}
		p := place{name: name, bucket: m.Bucket, prefix: m.Prefix, client: client}
		if p.bucket == "" {
			p.bucket = name
		}
		s.places[name] = p
	}
	return s, nil
}

func (m Mount) client(ctx context.Context) (*s3.Client, error) {
	options := []func(*config.LoadOptions) error{config.WithRetryer(patient)}
	if m.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(m.Profile))
	}
	if m.Region != "" {
		options = append(options, config.WithRegion(m.Region))
	} else if m.Endpoint != "" {
		options = append(options, config.WithDefaultRegion("us-east-1"))
	}
	c, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, err
	}
	return s3.NewFromConfig(c, func(o *s3.Options) {
		// Many servers that speak S3 know no checksums in trailers.
		o.RequestChecksumCalculation, o.ResponseChecksumValidation = aws.RequestChecksumCalculationWhenRequired, aws.ResponseChecksumValidationWhenRequired
		if m.Endpoint != "" {
			o.BaseEndpoint, o.UsePathStyle = aws.String(m.Endpoint), true
		}
	}), nil
}

func (s *Store) place(name string) (place, error) {
	if p, ok := s.places[name]; ok {
		return p, nil
	}
	return place{}, bucket.NoSuchBucket(name)
}

// object returns the place of a key that an object can have.
func (s *Store) object(name, key string) (place, error) {
	p, err := s.place(name)
	if err == nil {
		err = bucket.CheckKey(key)
	}
	return p, err
}

func (p place) key(key string) *string { return aws.String(p.prefix + key) }

// Open returns the bytes of an object.
func (s *Store) Open(ctx context.Context, name, key string) (io.ReadCloser, error) {
	p, err := s.object(name, key)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, place: p, key: key}
	if err := r.open(); err != nil {
		return nil, p.failed(ctx, key, err)
	}
	return r, nil
}

// Head returns what is known about an object, with its ETag.
func (s *Store) Head(ctx context.Context, name, key string) (bucket.Object, error) {
	p, err := s.object(name, key)
	if err != nil {
		return bucket.Object{}, err
	}
	answer, err := p.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &p.bucket, Key: p.key(key)})
	if err != nil {
		return bucket.Object{}, p.failed(ctx, key, err)
	}
	return bucket.Object{Key: key, Size: aws.ToInt64(answer.ContentLength), LastModified: aws.ToTime(answer.LastModified).UTC(), ETag: bare(answer.ETag),
		Attributes: bucket.Attributes{ContentType: contentType(answer.ContentType), Metadata: answer.Metadata, KMSKeyID: aws.ToString(answer.SSEKMSKeyId)}}, nil
}

// bare is an ETag without its quotes.
func bare(etag *string) string { return strings.Trim(aws.ToString(etag), `"`) }

// contentType leaves out the type that S3 gives to objects without one.
func contentType(given *string) string {
	if t := aws.ToString(given); t != "binary/octet-stream" {
		return t
	}
	return ""
}

// List returns one page of objects in the order of their keys, always with ETags.
func (s *Store) List(ctx context.Context, name string, q bucket.Query) (bucket.Page, error) {
	p, err := s.place(name)
	if err != nil {
		return bucket.Page{}, err
	}
	input := &s3.ListObjectsV2Input{Bucket: &p.bucket, Prefix: p.key(q.Prefix)}
	if q.Delimiter != "" {
		input.Delimiter = &q.Delimiter
	}
	if q.MaxKeys > 0 {
		input.MaxKeys = aws.Int32(int32(min(q.MaxKeys, 1000)))
	}
	if q.StartAfter != "" {
		input.StartAfter = p.key(q.StartAfter)
	}
	if q.Next != "" {
		input.ContinuationToken, input.StartAfter = &q.Next, nil
	}
	answer, err := p.client.ListObjectsV2(ctx, input)
	if err != nil {
		return bucket.Page{}, p.failed(ctx, "", err)
	}
	return p.page(answer), nil
}

func (p place) page(answer *s3.ListObjectsV2Output) bucket.Page {
	var page bucket.Page
	for _, o := range answer.Contents {
		page.Objects = append(page.Objects, bucket.Object{Key: strings.TrimPrefix(aws.ToString(o.Key), p.prefix), Size: aws.ToInt64(o.Size),
			LastModified: aws.ToTime(o.LastModified).UTC(), ETag: bare(o.ETag)})
	}
	for _, c := range answer.CommonPrefixes {
		page.CommonPrefixes = append(page.CommonPrefixes, strings.TrimPrefix(aws.ToString(c.Prefix), p.prefix))
	}
	if aws.ToBool(answer.IsTruncated) {
		page.Next = aws.ToString(answer.NextContinuationToken)
	}
	return page
}

// Delete removes an object.
func (s *Store) Delete(ctx context.Context, name, key string) error {
	p, err := s.object(name, key)
	if err != nil {
		return err
	}
	if _, err := p.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &p.bucket, Key: p.key(key)}); err != nil {
		return p.failed(ctx, key, err)
	}
	return nil
}
