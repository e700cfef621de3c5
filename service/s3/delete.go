package s3

import (
	"context"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

type deleteObjectRequest struct {
	Bucket string `aws:"required"`
	Key    string `aws:"required,min=1"`
}

type nothing struct{}

func (s objects) deleteObject(ctx context.Context, r *deleteObjectRequest) (*nothing, error) {
	return &nothing{}, s.store.Delete(ctx, r.Bucket, r.Key)
}

type deleteObjectsRequest struct {
	Bucket string   `aws:"required"`
	Delete deletion `aws:"required"`
}

type deletion struct {
	Objects []objectKey `aws:"required,min=1,max=1000"`
	Quiet   bool
}

type objectKey struct {
	Key string `aws:"required,min=1"`
}

type deleteObjectsResponse struct {
	Deleted []objectKey
	Errors  []deleteFailure
}

type deleteFailure struct{ Code, Key, Message string }

// deleteObjects goes on behind a key that cannot be deleted, and names it.
func (s objects) deleteObjects(ctx context.Context, r *deleteObjectsRequest) (*deleteObjectsResponse, error) {
	if err := s.exists(ctx, r.Bucket); err != nil {
		return nil, err
	}
	response := &deleteObjectsResponse{}
	for _, o := range r.Delete.Objects {
		err := s.store.Delete(ctx, r.Bucket, o.Key)
		switch {
		case err != nil:
			response.Errors = append(response.Errors, deleteFailure{fault.CodeOf(err), o.Key, err.Error()})
		case !r.Delete.Quiet:
			response.Deleted = append(response.Deleted, o)
		}
	}
	return response, nil
}

func (s objects) exists(ctx context.Context, name string) error {
	_, err := s.store.List(ctx, name, bucket.Query{MaxKeys: 1})
	return err
}
