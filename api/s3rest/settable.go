package s3rest

import (
	"encoding/xml"
	"slices"

	"github.com/stepwell/stepwell/service/s3"
)

// notifications tells whom S3 notifies of what. It is kept and read; delivery is the business of whoever reads it. Queues are
// refused.
type notifications struct{ s3.NotificationConfiguration }

func (n *notifications) check() error { return n.Check() }

// versioning can say that versions are not kept, and nothing else.
type versioning struct {
	XMLName xml.Name `xml:"VersioningConfiguration"`
	Status  string   `xml:",omitempty"`
}

func (v *versioning) check() error {
	switch v.Status {
	case "Suspended":
		return nil
	case "Enabled":
		return refuse("NotImplemented", "A header or parameter you provided implies functionality that is not implemented: versions of objects")
	}
	return malformedXML()
}

// encryption can name the algorithm that every answer names anyway. The files of a bucket are not encrypted.
type encryption struct {
	XMLName xml.Name `xml:"ServerSideEncryptionConfiguration"`
	Rule    []struct {
		ApplyServerSideEncryptionByDefault struct {
			SSEAlgorithm   string
			KMSMasterKeyID string `xml:",omitempty"`
		}
		BucketKeyEnabled bool
	}
}

func (e *encryption) check() error {
	if len(e.Rule) != 1 {
		return malformedXML()
	}
	if by := e.Rule[0].ApplyServerSideEncryptionByDefault; by.SSEAlgorithm != "AES256" || by.KMSMasterKeyID != "" {
		return refuse("NotImplemented", "A header or parameter you provided implies functionality that is not implemented: encryption with %s", by.SSEAlgorithm)
	}
	return nil
}

// publicAccess is about strangers, whom this endpoint never serves.
type publicAccess struct {
	XMLName               xml.Name `xml:"PublicAccessBlockConfiguration"`
	BlockPublicAcls       bool
	IgnorePublicAcls      bool
	BlockPublicPolicy     bool
	RestrictPublicBuckets bool
}

func (*publicAccess) check() error { return nil }

// ownership is about objects of other accounts, of which there are none.
type ownership struct {
	XMLName xml.Name `xml:"OwnershipControls"`
	Rule    []struct{ ObjectOwnership string }
}

func (o *ownership) check() error {
	if len(o.Rule) != 1 || !slices.Contains([]string{"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"}, o.Rule[0].ObjectOwnership) {
		return malformedXML()
	}
	return nil
}
