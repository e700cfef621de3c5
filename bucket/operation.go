package bucket

import "context"

// Operation is how an object is written: the word that S3 has for it in its events.
type Operation string

// The operations that write objects.
const (
	PutOperation                     Operation = "Put"
	CopyOperation                    Operation = "Copy"
	CompleteMultipartUploadOperation Operation = "CompleteMultipartUpload"
)

type operationKey struct{}

// WithOperation says how objects are written with a context, for the one whom the store tells of them.
func WithOperation(ctx context.Context, o Operation) context.Context {
	return context.WithValue(ctx, operationKey{}, o)
}

// OperationOf returns how objects are written with a context: Put, if nobody said so.
func OperationOf(ctx context.Context) Operation {
	if o, ok := ctx.Value(operationKey{}).(Operation); ok {
		return o
	}
	return PutOperation
}
