package bucket

import (
	"context"
	"io"
)

// Adopting is what a Store may be able to do besides: take a file as it is, instead of copying its bytes.
type Adopting interface {
	// Adopt makes an object of the file at path, which is gone then, as Put does of a body. It returns the object without its
	// ETag. ok is false, and the file stays, when the store cannot take it from there.
	Adopt(ctx context.Context, bucket, key, path string, about Attributes) (o Object, ok bool, err error)
}

// Describable is what a Store may be able to do besides: change what a writer said about an object, and leave its bytes.
type Describable interface {
	// Describe replaces the attributes of an object. Its faults are those of Head.
	Describe(ctx context.Context, bucket, key string, about Attributes) error
}

// Configurable is what a Store may be able to do besides: keep documents about a bucket, such as its tags. What is in them is
// the business of whoever keeps them.
type Configurable interface {
	// Configuration returns the document of that name, nil when there is none.
	Configuration(ctx context.Context, bucket, name string) ([]byte, error)
	// Configure keeps a document; nil takes it away.
	Configure(ctx context.Context, bucket, name string, text []byte) error
}

// Ranged is what the reader of a Store's Open may be able to do besides: read any part of its object.
type Ranged interface {
	io.ReaderAt
	// Size returns how many bytes the object has.
	Size() (int64, error)
}

// Change tells that an object was written or deleted through its store.
type Change struct {
	Bucket string
	// Object is as it is now; of a deleted one, only the key is left.
	Object  Object
	Deleted bool
	// Operation is how it was written; of a deleted one, it says nothing.
	Operation Operation
}
