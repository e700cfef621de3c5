package s3rest

import (
	"encoding/xml"
	"net/http"
	"strings"
)

// noACL answers as a bucket does whose owner owns everything in it.
func (q *request) noACL() error {
	if err := q.exists(); err != nil {
		return err
	}
	return refuse("AccessControlListNotSupported", "The bucket does not allow ACLs")
}

func (q *request) getObjectACL() error {
	if _, err := q.h.store.Head(q.Context(), q.bucket, q.key); err != nil {
		return err
	}
	return readDocument("acl")(q)
}

type objectAttributes struct {
	XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ GetObjectAttributesOutput"`
	ETag         string   `xml:",omitempty"`
	StorageClass string   `xml:",omitempty"`
	ObjectSize   *int64
}

// getObjectAttributes answers with those attributes of an object that the request names.
func (q *request) getObjectAttributes() error {
	o, err := q.h.store.Head(q.Context(), q.bucket, q.key)
	if err != nil {
		return err
	}
	var out objectAttributes
	wanted := strings.Join(q.Header.Values("X-Amz-Object-Attributes"), ",")
	if wanted == "" {
		return refuse("InvalidArgument", "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty")
	}
	for name := range strings.SplitSeq(wanted, ",") {
		switch strings.TrimSpace(name) {
		case "ETag":
			out.ETag = o.ETag
		case "StorageClass":
			out.StorageClass = "STANDARD"
		case "ObjectSize":
			out.ObjectSize = &o.Size
		case "Checksum", "ObjectParts": // of which nothing is kept
		default:
			return refuse("InvalidArgument", "Invalid attribute name specified.")
		}
	}
	q.w.Header().Set("Last-Modified", o.LastModified.Format(http.TimeFormat))
	write(q.w, q.Request, http.StatusOK, out)
	return nil
}
