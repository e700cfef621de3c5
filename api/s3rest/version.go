package s3rest

import (
	"encoding/xml"
	"net/http"

	"github.com/stepwell/stepwell/bucket"
)

// nullVersion is the only version of an object in a bucket that keeps none.
const nullVersion = "null"

// checkVersion refuses a version that cannot be there.
func (q *request) checkVersion() error {
	if version := q.query.Get("versionId"); q.query.Has("versionId") && version != nullVersion {
		return noSuchVersion()
	}
	return nil
}

func noSuchVersion() error { return refuse("NoSuchVersion", "The specified version does not exist.") }

type listVersionsResult struct {
	XMLName             xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListVersionsResult"`
	Name                string
	Prefix              string
	KeyMarker           string
	VersionIdMarker     string
	NextKeyMarker       string `xml:",omitempty"`
	NextVersionIdMarker string `xml:",omitempty"`
	Delimiter           string `xml:",omitempty"`
	MaxKeys             int
	EncodingType        string `xml:",omitempty"`
	IsTruncated         bool
	Version             []versionEntry
	CommonPrefixes      []prefixEntry
}

type versionEntry struct {
	objectEntry
	VersionId string
	IsLatest  bool
}

// listVersions lists every object as its own only version.
func (q *request) listVersions() error {
	limit, err := q.number("max-keys", maxKeys)
	if err != nil {
		return err
	}
	query := bucket.Query{
		Prefix: q.query.Get("prefix"), Delimiter: q.query.Get("delimiter"), Next: q.query.Get("key-marker"), MaxKeys: min(limit, maxKeys), ETag: true,
	}
	page, err := q.page(query)
	if err != nil {
		return err
	}
	name := q.naming()
	result := listVersionsResult{
		Name: q.bucket, Prefix: name(query.Prefix), KeyMarker: name(query.Next), VersionIdMarker: q.query.Get("version-id-marker"),
		Delimiter: name(query.Delimiter), MaxKeys: query.MaxKeys, EncodingType: q.query.Get("encoding-type"),
		IsTruncated: page.Next != "", NextKeyMarker: name(page.Next),
	}
	if page.Next != "" {
		result.NextVersionIdMarker = nullVersion
	}
	var listed listBucketResult
	listed.entries(page, name)
	for _, entry := range listed.Contents {
		result.Version = append(result.Version, versionEntry{entry, nullVersion, true})
	}
	result.CommonPrefixes = listed.CommonPrefixes
	write(q.w, q.Request, http.StatusOK, result)
	return nil
}
