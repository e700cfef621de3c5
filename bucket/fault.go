package bucket

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// The codes of the faults that every Store uses, in S3's names.
const (
	CodeNoSuchBucket      = "NoSuchBucket"
	CodeNoSuchKey         = "NoSuchKey"
	CodeInvalidBucketName = "InvalidBucketName"
	CodeKeyTooLong        = "KeyTooLongError"
)

// maxKey is the longest key of S3, in bytes.
const maxKey = 1024

// NoSuchBucket says that a bucket does not exist, in S3's words. Its cause names the bucket.
func NoSuchBucket(bucket string) *fault.Fault {
	return fault.New(fault.NotFound, "The specified bucket does not exist").WithCode(CodeNoSuchBucket).
		Because(&Missing{Bucket: bucket})
}

// NoSuchKey says that an object does not exist, in S3's words. Its cause names bucket and key.
func NoSuchKey(bucket, key string) *fault.Fault {
	return fault.New(fault.NotFound, "The specified key does not exist.").WithCode(CodeNoSuchKey).
		Because(&Missing{Bucket: bucket, Key: key})
}

// Missing is the cause of NoSuchBucket and NoSuchKey: it names what S3's words leave out.
type Missing struct{ Bucket, Key string }

// Error returns the s3:// address of what is missing.
func (m *Missing) Error() string {
	if m.Key == "" {
		return "s3://" + m.Bucket
	}
	return "s3://" + m.Bucket + "/" + m.Key
}

// CheckName says whether S3 could have a bucket of that name; the fault has S3's code InvalidBucketName.
func CheckName(bucket string) error {
	if len(bucket) < 3 || len(bucket) > 63 || strings.Contains(bucket, "..") ||
		strings.Trim(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" || !alphanumeric(bucket[0]) || !alphanumeric(bucket[len(bucket)-1]) {
		return fault.Invalidf("The specified bucket is not valid: %q", bucket).WithCode(CodeInvalidBucketName)
	}
	return nil
}

func alphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// CheckKey says whether S3 could have an object of that key.
func CheckKey(key string) error {
	switch {
	case key == "":
		return fault.Invalidf("an object key may not be empty").WithCode(CodeNoSuchKey)
	case len(key) > maxKey:
		return fault.Invalidf("Your key is too long: %d bytes, at most %d", len(key), maxKey).WithCode(CodeKeyTooLong)
	}
	return nil
}
