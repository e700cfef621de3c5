package s3rest

import (
	"encoding/xml"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/arn"
)

// notifications tells whom S3 notifies of what. It is kept and read; delivery is the business of whoever reads it.
type notifications struct {
	XMLName                    xml.Name               `xml:"NotificationConfiguration"`
	TopicConfiguration         []notification         `xml:",omitempty"`
	QueueConfiguration         []notification         `xml:",omitempty"`
	CloudFunctionConfiguration []notification         `xml:",omitempty"`
	EventBridgeConfiguration   *struct{ Any *string } `xml:",omitempty"`
}

type notification struct {
	ID            string        `xml:"Id"`
	Topic         string        `xml:",omitempty"`
	Queue         string        `xml:",omitempty"`
	CloudFunction string        `xml:",omitempty"`
	Event         []string      `xml:"Event"`
	Filter        *notifyFilter `xml:",omitempty"`
}

type notifyFilter struct {
	S3Key struct {
		FilterRule []struct{ Name, Value string }
	}
}

func (n *notifications) check() error {
	for service, list := range map[string][]notification{
		"sns": n.TopicConfiguration, "sqs": n.QueueConfiguration, "lambda": n.CloudFunctionConfiguration,
	} {
		for i := range list {
			if err := list[i].check(service); err != nil {
				return err
			}
		}
	}
	return nil
}

// check looks at a notification to something of a service.
func (n *notification) check(service string) error {
	if to, err := arn.Parse(n.Topic + n.Queue + n.CloudFunction); err != nil || to.Service != service {
		return refuse("InvalidArgument", "The ARN could not be parsed: %q is none of %s", n.Topic+n.Queue+n.CloudFunction, service)
	}
	if n.ID == "" {
		n.ID = uuid.NewString() // S3 names what the caller did not
	}
	for _, event := range n.Event {
		if !strings.HasPrefix(event, "s3:") {
			return refuse("InvalidArgument", "The event '%s' is not supported for notifications", event)
		}
	}
	if len(n.Event) == 0 {
		return malformedXML()
	}
	if n.Filter == nil {
		return nil
	}
	for _, rule := range n.Filter.S3Key.FilterRule {
		if name := strings.ToLower(rule.Name); name != "prefix" && name != "suffix" {
			return refuse("InvalidArgument", "filter rule name must be either prefix or suffix")
		}
	}
	return nil
}

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
