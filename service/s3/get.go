package s3

import (
	"context"
	"io"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// maxBody bounds what GetObject reads into memory: a state's output holds far less.
const maxBody = 1 << 20

type getObjectRequest struct {
	Bucket string `aws:"required"`
	Key    string `aws:"required,min=1"`
}

type getObjectResponse struct {
	described
	Body []byte `aws:"stream"`
}

func (s objects) getObject(ctx context.Context, r *getObjectRequest) (*getObjectResponse, error) {
	o, err := s.store.Head(ctx, r.Bucket, r.Key)
	if err != nil {
		return nil, err
	}
	if o.Size > maxBody {
		return nil, fault.Invalidf("the object s3://%s/%s has %d bytes; a state machine can read at most %d", r.Bucket, r.Key, o.Size, maxBody)
	}
	reader, err := s.store.Open(ctx, r.Bucket, r.Key)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	body, err := io.ReadAll(io.LimitReader(reader, maxBody))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "read s3://%s/%s", r.Bucket, r.Key).Because(err)
	}
	return &getObjectResponse{describe(o), body}, nil
}

type headObjectRequest struct {
	Bucket string `aws:"required"`
	Key    string `aws:"required,min=1"`
}

type headObjectResponse struct {
	described
}

// headObject answers for what is missing as S3 does: a HEAD has no body that could carry a message or tell which of the
// two is missing.
func (s objects) headObject(ctx context.Context, r *headObjectRequest) (*headObjectResponse, error) {
	o, err := s.store.Head(ctx, r.Bucket, r.Key)
	if fault.KindOf(err) == fault.NotFound {
		return nil, fault.New(fault.NotFound, "null").WithCode(bucket.CodeNoSuchKey)
	}
	if err != nil {
		return nil, err
	}
	return &headObjectResponse{describe(o)}, nil
}
