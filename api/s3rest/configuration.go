package s3rest

import (
	"encoding/xml"
	"net/http"

	"github.com/stepwell/stepwell/bucket"
)

// document is one thing that a bucket can be asked about: a query parameter such as ?tagging.
type document struct {
	// root and fresh are the element that a bucket without the document answers, and what is in it.
	root, fresh string
	// missing and message are the error that such a bucket answers instead.
	missing, message string
	// form makes what a PUT is read into, and refuses what cannot be kept; nil: the document cannot be set.
	form func() settable
}

// settable is a document that can be set.
type settable interface {
	// check says why the document cannot be kept.
	check() error
}

const everybody = `<Owner><ID>stepwell</ID><DisplayName>stepwell</DisplayName></Owner><AccessControlList><Grant>` +
	`<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>stepwell</ID><DisplayName>stepwell</DisplayName></Grantee>` +
	`<Permission>FULL_CONTROL</Permission></Grant></AccessControlList>`

// documents are what buckets are asked about, with the answers of a bucket that nobody configured.
var documents = map[string]document{
	"accelerate": {root: "AccelerateConfiguration"},
	"acl":        {root: "AccessControlPolicy", fresh: everybody},
	"analytics":  {root: "ListBucketAnalyticsConfigurationResult", fresh: "<IsTruncated>false</IsTruncated>"},
	"cors":       {missing: "NoSuchCORSConfiguration", message: "The CORS configuration does not exist"},
	"encryption": {
		root: "ServerSideEncryptionConfiguration",
		fresh: "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>" +
			"<BucketKeyEnabled>false</BucketKeyEnabled></Rule>",
		form: func() settable { return &encryption{} },
	},
	"intelligent-tiering": {root: "ListBucketIntelligentTieringConfigurationsOutput", fresh: "<IsTruncated>false</IsTruncated>"},
	"inventory":           {root: "ListInventoryConfigurationsResult", fresh: "<IsTruncated>false</IsTruncated>"},
	"lifecycle":           {missing: "NoSuchLifecycleConfiguration", message: "The lifecycle configuration does not exist"},
	"location":            {root: "LocationConstraint"},
	"logging":             {root: "BucketLoggingStatus"},
	"metrics":             {root: "ListMetricsConfigurationsResult", fresh: "<IsTruncated>false</IsTruncated>"},
	"notification":        {root: "NotificationConfiguration", form: func() settable { return &notifications{} }},
	"object-lock":         {missing: "ObjectLockConfigurationNotFoundError", message: "Object Lock configuration does not exist for this bucket"},
	"ownershipControls": {
		root: "OwnershipControls", fresh: "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>",
		form: func() settable { return &ownership{} },
	},
	"policy":       {missing: "NoSuchBucketPolicy", message: "The bucket policy does not exist"},
	"policyStatus": {missing: "NoSuchBucketPolicy", message: "The bucket policy does not exist"},
	"publicAccessBlock": {
		root: "PublicAccessBlockConfiguration",
		fresh: "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>" +
			"<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets>",
		form: func() settable { return &publicAccess{} },
	},
	"replication":    {missing: "ReplicationConfigurationNotFoundError", message: "The replication configuration was not found"},
	"requestPayment": {root: "RequestPaymentConfiguration", fresh: "<Payer>BucketOwner</Payer>"},
	"tagging":        {missing: "NoSuchTagSet", message: "The TagSet does not exist", form: func() settable { return &tagging{limit: bucketTags} }},
	"versioning":     {root: "VersioningConfiguration", form: func() settable { return &versioning{} }},
	"website":        {missing: "NoSuchWebsiteConfiguration", message: "The specified bucket does not have a website configuration"},
}

// readDocument answers with what was set, or as a bucket does for which nothing was.
func readDocument(name string) func(*request) error {
	d := documents[name]
	return func(q *request) error {
		if err := q.exists(); err != nil {
			return err
		}
		text, err := q.stored(name, d)
		switch {
		case err != nil:
			return err
		case text != nil:
			q.send(string(text))
		case d.root == "":
			return refuse(d.missing, "%s", d.message)
		default:
			q.send("<" + d.root + ` xmlns="` + namespace + `">` + d.fresh + "</" + d.root + ">")
		}
		return nil
	}
}

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

func (q *request) stored(name string, d document) ([]byte, error) {
	kept, ok := q.h.store.(bucket.Configurable)
	if d.form == nil || !ok {
		return nil, nil
	}
	return kept.Configuration(q.Context(), q.bucket, name)
}

func (q *request) configurable() (bucket.Configurable, error) {
	kept, ok := q.h.store.(bucket.Configurable)
	if !ok {
		return nil, refuse("NotImplemented", "these buckets come from elsewhere: they cannot be configured here")
	}
	return kept, q.exists()
}

// writeDocument keeps what the request says, in the form in which it was understood.
func writeDocument(name string) func(*request) error {
	return func(q *request) error {
		kept, err := q.configurable()
		if err != nil {
			return err
		}
		form := documents[name].form()
		if err := q.document(form); err != nil {
			return err
		}
		if err := form.check(); err != nil {
			return err
		}
		text, err := xml.Marshal(form)
		if err != nil {
			return err
		}
		if err := kept.Configure(q.Context(), q.bucket, name, text); err != nil {
			return err
		}
		q.w.WriteHeader(http.StatusOK)
		return nil
	}
}

// deleteDocument gives the bucket back what it had when it was made.
func deleteDocument(name string) func(*request) error {
	return func(q *request) error {
		kept, err := q.configurable()
		if err != nil {
			return err
		}
		if err := kept.Configure(q.Context(), q.bucket, name, nil); err != nil {
			return err
		}
		q.w.WriteHeader(http.StatusNoContent)
		return nil
	}
}
