package s3rest

import (
	"cmp"
	"net/http"
	"slices"
)

// Operation is a row of the protocol's table: one operation of the API.
type Operation struct {
	Name string // GetObject
	// Differs says what is otherwise than on AWS; empty: nothing that we know of.
	Differs string
	do      func(*request) error
}

const (
	fresh      = "answers as a bucket that nobody configured; it cannot be set"
	noVersions = "there are no versions: every object is its version null"
	mayRead    = "every key may read everything; there are no grants"
)

// operations are what a method does on the service, a bucket or an object, with the query parameter that makes it another one.
var operations = map[string]map[string]Operation{
	"service": {http.MethodGet: {Name: "ListBuckets", do: (*request).listBuckets}},
	"bucket": {
		http.MethodGet:            {Name: "ListObjects, ListObjectsV2", do: (*request).listObjects},
		http.MethodHead:           {Name: "HeadBucket", do: (*request).headBucket},
		http.MethodPut:            {Name: "CreateBucket", do: (*request).createBucket, Differs: "the region is always that of the server"},
		http.MethodDelete:         {Name: "DeleteBucket", do: (*request).deleteBucket, Differs: "a bucket that is a folder of the project is not deleted"},
		"POST delete":             {Name: "DeleteObjects", do: (*request).deleteObjects},
		"GET versions":            {Name: "ListObjectVersions", do: (*request).listVersions, Differs: noVersions},
		"GET uploads":             {Name: "ListMultipartUploads", do: (*request).listUploads},
		"GET accelerate":          {Name: "GetBucketAccelerateConfiguration", do: readDocument("accelerate"), Differs: fresh},
		"GET acl":                 {Name: "GetBucketAcl", do: readDocument("acl"), Differs: mayRead},
		"PUT acl":                 {Name: "PutBucketAcl", do: (*request).noACL, Differs: "answers as a bucket without ACLs, which fresh buckets are"},
		"GET analytics":           {Name: "ListBucketAnalyticsConfigurations", do: readDocument("analytics"), Differs: fresh},
		"GET cors":                {Name: "GetBucketCors", do: readDocument("cors"), Differs: fresh},
		"GET encryption":          {Name: "GetBucketEncryption", do: readDocument("encryption"), Differs: "the files are not encrypted"},
		"PUT encryption":          {Name: "PutBucketEncryption", do: writeDocument("encryption"), Differs: "AES256 only; the files are not encrypted"},
		"DELETE encryption":       {Name: "DeleteBucketEncryption", do: deleteDocument("encryption")},
		"GET intelligent-tiering": {Name: "ListBucketIntelligentTieringConfigurations", do: readDocument("intelligent-tiering"), Differs: fresh},
		"GET inventory":           {Name: "ListBucketInventoryConfigurations", do: readDocument("inventory"), Differs: fresh},
		"GET lifecycle":           {Name: "GetBucketLifecycleConfiguration", do: readDocument("lifecycle"), Differs: fresh},
		"GET location":            {Name: "GetBucketLocation", do: readDocument("location")},
		"GET logging":             {Name: "GetBucketLogging", do: readDocument("logging"), Differs: fresh},
		"GET metrics":             {Name: "ListBucketMetricsConfigurations", do: readDocument("metrics"), Differs: fresh},
		"GET notification":        {Name: "GetBucketNotificationConfiguration", do: readDocument("notification")},
		"PUT notification": {
			Name: "PutBucketNotificationConfiguration", do: writeDocument("notification"),
			Differs: "to topics, functions and EventBridge; queues are refused; the destinations are not asked, and there is no s3:TestEvent",
		},
		"GET object-lock":          {Name: "GetObjectLockConfiguration", do: readDocument("object-lock"), Differs: fresh},
		"GET ownershipControls":    {Name: "GetBucketOwnershipControls", do: readDocument("ownershipControls")},
		"PUT ownershipControls":    {Name: "PutBucketOwnershipControls", do: writeDocument("ownershipControls"), Differs: "kept; all objects have one owner"},
		"DELETE ownershipControls": {Name: "DeleteBucketOwnershipControls", do: deleteDocument("ownershipControls"), Differs: "gives back the default"},
		"GET policy":               {Name: "GetBucketPolicy", do: readDocument("policy"), Differs: fresh},
		"GET policyStatus":         {Name: "GetBucketPolicyStatus", do: readDocument("policyStatus"), Differs: fresh},
		"GET publicAccessBlock":    {Name: "GetPublicAccessBlock", do: readDocument("publicAccessBlock")},
		"PUT publicAccessBlock":    {Name: "PutPublicAccessBlock", do: writeDocument("publicAccessBlock"), Differs: "kept; there is no public access in any case"},
		"DELETE publicAccessBlock": {Name: "DeletePublicAccessBlock", do: deleteDocument("publicAccessBlock"), Differs: "gives back the default"},
		"GET replication":          {Name: "GetBucketReplication", do: readDocument("replication"), Differs: fresh},
		"GET requestPayment":       {Name: "GetBucketRequestPayment", do: readDocument("requestPayment"), Differs: fresh},
		"GET tagging":              {Name: "GetBucketTagging", do: readDocument("tagging")},
		"PUT tagging":              {Name: "PutBucketTagging", do: writeDocument("tagging")},
		"DELETE tagging":           {Name: "DeleteBucketTagging", do: deleteDocument("tagging")},
		"GET versioning":           {Name: "GetBucketVersioning", do: readDocument("versioning")},
		"PUT versioning":           {Name: "PutBucketVersioning", do: writeDocument("versioning"), Differs: "Suspended only: versions of objects are not kept"},
		"GET website":              {Name: "GetBucketWebsite", do: readDocument("website"), Differs: fresh},
	},
	"object": {
		http.MethodGet:    {Name: "GetObject", do: (*request).getObject},
		http.MethodHead:   {Name: "HeadObject", do: (*request).getObject},
		http.MethodPut:    {Name: "PutObject, CopyObject", do: (*request).putObject, Differs: "keys with empty parts, . or .. cannot be files, and are refused"},
		http.MethodDelete: {Name: "DeleteObject", do: (*request).deleteObject},
		"GET acl":         {Name: "GetObjectAcl", do: (*request).getObjectACL, Differs: mayRead},
		"PUT acl":         {Name: "PutObjectAcl", do: (*request).noACL, Differs: "answers as a bucket without ACLs, which fresh buckets are"},
		"GET attributes":  {Name: "GetObjectAttributes", do: (*request).getObjectAttributes, Differs: "checksums and parts are not told"},
		"GET tagging":     {Name: "GetObjectTagging", do: (*request).getObjectTags},
		"PUT tagging":     {Name: "PutObjectTagging", do: (*request).putObjectTags},
		"DELETE tagging":  {Name: "DeleteObjectTagging", do: (*request).deleteObjectTags},
		"POST uploads":    {Name: "CreateMultipartUpload", do: (*request).createUpload},
		"PUT uploadId":    {Name: "UploadPart, UploadPartCopy", do: (*request).uploadPart},
		"GET uploadId":    {Name: "ListParts", do: (*request).listParts},
		"DELETE uploadId": {Name: "AbortMultipartUpload", do: (*request).abortUpload},
		"POST uploadId": {
			Name: "CompleteMultipartUpload", do: (*request).completeUpload, Differs: "the ETag is the MD5 of the whole object, without a number of parts",
		},
	},
}

// Operations returns the protocol's operations, ordered by name.
func Operations() []Operation {
	var all []Operation
	for _, level := range operations {
		for _, row := range level {
			all = append(all, row)
		}
	}
	slices.SortFunc(all, func(a, b Operation) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// subresources are the query parameters that make a request another operation.
var subresources = []string{
	"accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "intelligent-tiering", "inventory", "legal-hold",
	"lifecycle", "location", "logging", "metrics", "notification", "object-lock", "ownershipControls", "policy", "policyStatus",
	"publicAccessBlock", "replication", "requestPayment", "restore", "retention", "select", "tagging", "torrent", "uploadId",
	"uploads", "versioning", "versions", "website",
}

func (q *request) operation() (Operation, error) {
	level := "object"
	switch {
	case q.bucket == "":
		level = "service"
	case q.key == "":
		level = "bucket"
	}
	name := q.Method
	for _, sub := range subresources {
		if q.query.Has(sub) {
			name += " " + sub
			break
		}
	}
	row, ok := operations[level][name]
	if !ok {
		return row, refuse("NotImplemented", "A header or parameter you provided implies functionality that is not implemented: %s of the %s", name, level)
	}
	return row, nil
}
