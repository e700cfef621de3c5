// Package s3 is the Amazon S3 service over a bucket.Store as state machines call it: objects, their tags, listings. It holds
// no objects and speaks no REST.
//
//	table := s3.Table(store)
package s3

import (
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/service"
)

// Table returns the service's operations on a store.
func Table(store bucket.Store) *service.Service {
	s := objects{store}
	return &service.Service{
		Name:              "s3",
		SDK:               "S3",
		Protocol:          service.Protocol{ContentType: "application/xml", Endpoint: "s3"},
		ExtendedRequestID: true,
		Errors: []service.Error{
			{Code: bucket.CodeNoSuchBucket, Status: 404},
			{Code: bucket.CodeNoSuchKey, Status: 404},
			{Code: "InvalidObjectState", Status: 403},
		},
		Operations: s.operations(),
	}
}

func (s objects) operations() []service.Operation {
	noBucket := []string{bucket.CodeNoSuchBucket}
	noObject := []string{bucket.CodeNoSuchBucket, bucket.CodeNoSuchKey}
	const script = `{"Bucket": "etl-scripts", "Key": "load.sql"`
	return []service.Operation{
		{Name: "GetObject", Behaviour: service.Do(s.getObject), Errors: noObject, Example: script + `}`},
		{Name: "HeadObject", Behaviour: service.Do(s.headObject), Errors: []string{bucket.CodeNoSuchKey}, Example: script + `}`},
		{
			Name: "ListObjects", Behaviour: service.Do(s.listObjects), Errors: noBucket,
			Example: `{"Bucket": "etl-scripts", "Prefix": "lo"}`,
		}, {
			Name: "ListObjectsV2", Behaviour: service.Do(s.listObjectsV2), Errors: noBucket,
			Example: `{"Bucket": "etl-scripts", "Prefix": "lo", "MaxKeys": 10}`,
		}, {
			Name: "PutObject", Behaviour: service.Do(s.putObject), Errors: noBucket,
			Example: `{"Bucket": "etl-scripts", "Key": "result.json", "Body": {"rows": 5}}`,
		}, {
			Name: "CopyObject", Behaviour: service.Do(s.copyObject), Errors: noObject,
			Example: `{"Bucket": "etl-scripts", "Key": "done/load.sql", "CopySource": "etl-scripts/load.sql"}`,
		}, {
			Name: "PutObjectTagging", Behaviour: service.Do(s.putObjectTagging), Errors: noObject,
			Example: script + `, "Tagging": {"TagSet": [{"Key": "loaded", "Value": "yes"}]}}`,
		},
		{Name: "GetObjectTagging", Behaviour: service.Do(s.getObjectTagging), Errors: noObject, Example: script + `}`},
		{Name: "DeleteObjectTagging", Behaviour: service.Do(s.deleteObjectTagging), Errors: noObject, Example: script + `}`},
		{Name: "HeadBucket", Behaviour: service.Do(s.headBucket), Errors: noBucket, Example: `{"Bucket": "etl-scripts"}`},
		{Name: "ListBuckets", Behaviour: service.Do(s.listBuckets), Errors: noBucket, Example: `{}`},
		{
			Name: "DeleteObjects", Behaviour: service.Do(s.deleteObjects), Errors: noBucket,
			Example: `{"Bucket": "etl-scripts", "Delete": {"Objects": [{"Key": "done/load.sql"}]}}`,
		},
		{Name: "DeleteObject", Behaviour: service.Do(s.deleteObject), Errors: noBucket, Example: script + `}`},
	}
}

type objects struct{ store bucket.Store }

const (
	defaultType = "binary/octet-stream"
	encryption  = "AES256"
)

// described is what GetObject and HeadObject tell about an object.
type described struct {
	AcceptRanges         string
	ContentLength        int64
	ContentType          string
	ETag                 string
	LastModified         time.Time
	Metadata             map[string]string
	ServerSideEncryption string
}

func describe(o bucket.Object) described {
	d := described{
		AcceptRanges: "bytes", ContentLength: o.Size, ContentType: o.ContentType, ETag: quoted(o.ETag),
		LastModified: o.LastModified.Truncate(time.Second), Metadata: o.Metadata, ServerSideEncryption: encryption,
	}
	if d.ContentType == "" {
		d.ContentType = defaultType
	}
	if d.Metadata == nil {
		d.Metadata = map[string]string{}
	}
	return d
}

// quoted gives an ETag the quotes that it has in HTTP.
func quoted(etag string) string { return `"` + etag + `"` }
