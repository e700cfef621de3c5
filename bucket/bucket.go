// Package bucket is the port to objects in buckets, as S3 has them: a flat space of keys per bucket, whole objects that
// appear at once or not at all, listings in key order. It is not a file system and knows no protocol: bucket/dir keeps
// objects in folders, service/s3 opens a Store to state machines, COPY reads from it.
//
//	object, err := store.Put(ctx, "sales", "2024/a.csv", body, bucket.Attributes{})
//	for object, err := range bucket.All(ctx, store, "sales", "2024/") { … }
package bucket

import (
	"context"
	"io"
	"iter"
	"time"
)

// Store holds buckets. Its errors are faults: NoSuchBucket and NoSuchKey for what is missing, kind Invalid for a name or
// key that the store cannot hold.
type Store interface {
	// Open returns the bytes of an object. The caller closes it; an object replaced meanwhile is read as it
	// was, or reading it ends with the code PreconditionFailed.
	Open(ctx context.Context, bucket, key string) (io.ReadCloser, error)
	// Head returns what is known about an object.
	Head(ctx context.Context, bucket, key string) (Object, error)
	// Put stores an object once the body ended without error; until then, and when it fails, readers see the old one.
	Put(ctx context.Context, bucket, key string, body io.Reader, about Attributes) (Object, error)
	// List returns one page of a bucket's objects, ordered by the bytes of their keys.
	List(ctx context.Context, bucket string, query Query) (Page, error)
	// Delete removes an object; to delete what is not there is no error.
	Delete(ctx context.Context, bucket, key string) error
}

// Bucket is what is known about a bucket.
type Bucket struct {
	Name    string
	Created time.Time
}

// Object is what is known about an object besides its bytes.
type Object struct {
	Key          string
	Size         int64 // bytes
	LastModified time.Time
	// ETag is the hexadecimal MD5 of the bytes, without quotes; an endpoint that has the object in parts makes another. Listings
	// may leave it empty unless asked for.
	ETag string
	Attributes
}

// Attributes is what a writer says about an object.
type Attributes struct {
	ContentType string            // empty: binary/octet-stream
	Metadata    map[string]string // x-amz-meta-…, without the prefix
	Tags        map[string]string `json:",omitempty"`
	// KMSKeyID is the key with which an S3 endpoint encrypts the object; empty is the bucket's default. Folders do not encrypt.
	KMSKeyID string `json:",omitempty"`
}

// Query selects the objects of a listing.
type Query struct {
	Prefix string
	// Delimiter, when set, folds the keys that have it behind the prefix into CommonPrefixes.
	Delimiter string
	// StartAfter is a key; the listing begins with the first key behind it. Next of a page wins over it.
	StartAfter string
	Next       string
	// MaxKeys bounds objects and common prefixes together; 0 and more than 1000 mean 1000.
	MaxKeys int
	// ETag asks for the objects' ETags, which may cost reading them.
	ETag bool
}

// Page is one page of a listing. Next continues it; it is empty on the last page.
type Page struct {
	Objects        []Object
	CommonPrefixes []string
	Next           string
}

// All returns every object whose key begins with prefix. It ends behind the first error.
func All(ctx context.Context, store Store, bucket, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		query := Query{Prefix: prefix}
		for {
			page, err := store.List(ctx, bucket, query)
			if err != nil {
				yield(Object{}, err)
				return
			}
			for _, object := range page.Objects {
				if !yield(object, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			query.Next = page.Next
		}
	}
}
