package cli

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/arrival"
	"github.com/stepwell/stepwell/fault"
)

// buckets are those of a project: folders, and beside them the ones at S3 endpoints, whose names win.
type buckets struct {
	folders
	remote bucket.Store
	// away has the names of the buckets at endpoints.
	away map[string]bool

	arrivals *arrival.Arrivals // nil where nobody is told of objects
	watching atomic.Bool
	log      *slog.Logger
}

// folders is what bucket/dir does.
type folders interface {
	bucket.Store
	bucket.Describable
	bucket.Configurable
	bucket.Growing
	bucket.Adopting
	Buckets(ctx context.Context) ([]bucket.Bucket, error)
	Make(name string) error
	Remove(ctx context.Context, name string) error
	Folder(name string) string
	Tell(changed func(context.Context, bucket.Change))
}

func (b *buckets) of(name string) bucket.Store {
	if b.away[name] {
		return b.remote
	}
	return b.folders
}

func (b *buckets) Open(ctx context.Context, name, key string) (io.ReadCloser, error) {
	return b.of(name).Open(ctx, name, key)
}

func (b *buckets) Head(ctx context.Context, name, key string) (bucket.Object, error) {
	return b.of(name).Head(ctx, name, key)
}

func (b *buckets) Put(ctx context.Context, name, key string, body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	done := b.writing(name, key)
	o, err := b.of(name).Put(ctx, name, key, body, about)
	done(o)
	return o, err
}

// Adopt takes a file into a bucket that is a folder.
func (b *buckets) Adopt(ctx context.Context, name, key, path string, about bucket.Attributes) (bucket.Object, bool, error) {
	if b.away[name] {
		return bucket.Object{}, false, nil
	}
	done := b.writing(name, key)
	o, ok, err := b.folders.Adopt(ctx, name, key, path, about)
	done(o)
	return o, ok, err
}

func (b *buckets) List(ctx context.Context, name string, q bucket.Query) (bucket.Page, error) {
	return b.of(name).List(ctx, name, q)
}

func (b *buckets) Delete(ctx context.Context, name, key string) error {
	return b.of(name).Delete(ctx, name, key)
}

// Buckets returns all buckets; nobody knows here when those at endpoints were made.
func (b *buckets) Buckets(ctx context.Context) ([]bucket.Bucket, error) {
	all, err := b.folders.Buckets(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(one bucket.Bucket) bool { return b.away[one.Name] })
	for name := range b.away {
		all = append(all, bucket.Bucket{Name: name})
	}
	slices.SortFunc(all, func(a, b bucket.Bucket) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// Make leaves a bucket at an endpoint to whoever made it there.
func (b *buckets) Make(name string) error {
	if b.away[name] {
		return nil
	}
	return b.folders.Make(name)
}

// Remove deletes an empty bucket that is a folder.
func (b *buckets) Remove(ctx context.Context, name string) error {
	if b.away[name] {
		return elsewhere(name, "it is not deleted here")
	}
	return b.folders.Remove(ctx, name)
}

// Describe changes what is known about an object in a folder.
func (b *buckets) Describe(ctx context.Context, name, key string, about bucket.Attributes) error {
	if b.away[name] {
		return elsewhere(name, "the attributes of its objects are changed there")
	}
	return b.folders.Describe(ctx, name, key, about)
}

// Configuration is that of a bucket in a folder.
func (b *buckets) Configuration(ctx context.Context, name, document string) ([]byte, error) {
	if b.away[name] {
		return nil, elsewhere(name, "it is configured there")
	}
	return b.folders.Configuration(ctx, name, document)
}

// Configure configures a bucket in a folder.
func (b *buckets) Configure(ctx context.Context, name, document string, text []byte) error {
	if b.away[name] {
		return elsewhere(name, "it is configured there")
	}
	if err := b.folders.Configure(ctx, name, document, text); err != nil {
		return err
	}
	if document == notificationDocument {
		b.watchAsConfigured(name, text)
	}
	return nil
}

// Look returns an object and whether it grows; those at endpoints are whole when they appear.
func (b *buckets) Look(ctx context.Context, name, key string) (bucket.Object, bucket.Growth, error) {
	if !b.away[name] {
		return b.folders.Look(ctx, name, key)
	}
	o, err := b.remote.Head(ctx, name, key)
	return o, bucket.GrowthClosed, err
}

func elsewhere(name, what string) error {
	return fault.New(fault.Unsupported, "the bucket %s is at an S3 endpoint: %s", name, what).WithCode("NotImplemented")
}

// Folder returns the folder of a bucket, none for one at an endpoint.
func (b *buckets) Folder(name string) string {
	if b.away[name] {
		return ""
	}
	return b.folders.Folder(name)
}
