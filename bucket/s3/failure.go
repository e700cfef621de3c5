package s3

import (
	"context"
	"errors"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// kinds are those of AWS's codes whose status does not tell.
var kinds = map[string]fault.Kind{"SlowDown": fault.Throttled, "Throttling": fault.Throttled, "RequestTimeout": fault.Unavailable,
	"ExpiredToken": fault.Denied, "InvalidToken": fault.Denied}

// failed turns an error of the SDK into a fault about an object, or the bucket when key is empty.
func (p place) failed(ctx context.Context, key string, err error) error {
	name := "s3://" + p.name
	if key != "" {
		name += "/" + key
	}
	var answered smithy.APIError
	if !errors.As(err, &answered) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, missing := p.client.Options().Credentials.Retrieve(ctx); missing != nil {
			return fault.New(fault.Denied, "%s: there are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile", name)
		}
		return fault.New(fault.Unavailable, "%s does not answer", name).Because(rootOf(err))
	}
	code := answered.ErrorCode()
	switch code {
	case bucket.CodeNoSuchBucket:
		return bucket.NoSuchBucket(p.name)
	case bucket.CodeNoSuchKey:
		return bucket.NoSuchKey(p.name, key)
	case "NotFound": // HEAD has no body that would tell which of them is missing
		if p.exists(ctx) {
			return bucket.NoSuchKey(p.name, key)
		}
		return bucket.NoSuchBucket(p.name)
	case "PreconditionFailed":
		return fault.New(fault.Conflict, "%s was replaced while it was read", name).WithCode(code)
	}
	message := answered.ErrorMessage()
	if message == "" {
		message = code
	}
	return fault.New(kindOf(code, err), "%s: %s", name, message).WithCode(code)
}

func (p place) exists(ctx context.Context) bool {
	_, err := p.client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &p.bucket})
	return err == nil
}

func kindOf(code string, err error) fault.Kind {
	if kind, ok := kinds[code]; ok {
		return kind
	}
	var response *awshttp.ResponseError
	if !errors.As(err, &response) {
		return fault.Unavailable
	}
	switch status := response.HTTPStatusCode(); {
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fault.Denied
	case status == http.StatusTooManyRequests:
		return fault.Throttled
	case status == http.StatusConflict:
		return fault.Conflict
	case status >= http.StatusInternalServerError:
		return fault.Unavailable
	}
	return fault.Invalid
}

// rootOf is the error below the SDK's own words about operations, request numbers and attempts.
func rootOf(err error) error {
	var sent *smithy.OperationError
	if errors.As(err, &sent) {
		err = sent.Err
	}
	for {
		var response *awshttp.ResponseError
		next := errors.Unwrap(err)
		if next == nil || !errors.As(err, &response) {
			return err
		}
		err = next
	}
}

func unusable(name string, err error) error {
	return fault.Invalidf("bucket %s", name).Because(err)
}
