package s3rest

import (
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/bucket"
)

type listBucketResult struct {
	XMLName               xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name                  string
	Prefix                string
	Marker                *string
	NextMarker            string `xml:",omitempty"`
	Delimiter             string `xml:",omitempty"`
	StartAfter            string `xml:",omitempty"`
	ContinuationToken     string `xml:",omitempty"`
	NextContinuationToken string `xml:",omitempty"`
	KeyCount              *int
	MaxKeys               int
	EncodingType          string `xml:",omitempty"`
	IsTruncated           bool
	Contents              []objectEntry
	CommonPrefixes        []prefixEntry
}

type objectEntry struct {
	Key, LastModified, ETag string
	Size                    int64
	StorageClass            string
}

type prefixEntry struct{ Prefix string }

// maxKeys is the longest page of a listing.
const maxKeys = 1000

// listObjects answers both versions of the listing: list-type=2 asks for the newer one.
func (q *request) listObjects() error {
	limit, err := q.number("max-keys", maxKeys)
	if err != nil {
		return err
	}
	query := bucket.Query{
		Prefix: q.query.Get("prefix"), Delimiter: q.query.Get("delimiter"), StartAfter: q.query.Get("start-after"),
		MaxKeys: min(limit, maxKeys), ETag: true,
	}
	newer := q.query.Get("list-type") == "2"
	if err := q.resume(&query, newer); err != nil {
		return err
	}
	page, err := q.page(query)
	if err != nil {
		return err
	}
	name := q.naming()
	result := listBucketResult{
		Name: q.bucket, Prefix: name(query.Prefix), Delimiter: name(query.Delimiter), MaxKeys: query.MaxKeys,
		EncodingType: q.query.Get("encoding-type"), IsTruncated: page.Next != "",
	}
	result.entries(page, name)
	if newer {
		count := len(page.Objects) + len(page.CommonPrefixes)
		result.KeyCount, result.StartAfter, result.ContinuationToken = &count, name(query.StartAfter), q.query.Get("continuation-token")
		result.NextContinuationToken = base64.RawURLEncoding.EncodeToString([]byte(page.Next))
	} else {
		marker := name(q.query.Get("marker"))
		result.Marker, result.NextMarker = &marker, name(page.Next)
	}
	write(q.w, q.Request, http.StatusOK, result)
	return nil
}

// resume sets where a page goes on.
func (q *request) resume(query *bucket.Query, newer bool) error {
	if !newer {
		// A marker that is a common prefix stands for everything below it.
		marker := q.query.Get("marker")
		if query.StartAfter = marker; query.Delimiter != "" && strings.HasSuffix(marker, query.Delimiter) {
			query.Next = marker
		}
		return nil
	}
	next, err := base64.RawURLEncoding.DecodeString(q.query.Get("continuation-token"))
	if err != nil {
		return refuse("InvalidArgument", "The continuation token provided is incorrect")
	}
	query.Next = string(next)
	return nil
}

// page asks the store, except for a page of no keys, which only tells that the bucket exists.
func (q *request) page(query bucket.Query) (bucket.Page, error) {
	if query.MaxKeys > 0 {
		return q.h.store.List(q.Context(), q.bucket, query)
	}
	return bucket.Page{}, q.exists()
}

func (l *listBucketResult) entries(page bucket.Page, name func(string) string) {
	for _, o := range page.Objects {
		l.Contents = append(l.Contents, objectEntry{name(o.Key), isoTime(o.LastModified), quoted(o.ETag), o.Size, "STANDARD"})
	}
	for _, prefix := range page.CommonPrefixes {
		l.CommonPrefixes = append(l.CommonPrefixes, prefixEntry{name(prefix)})
	}
}

// naming is how the answer spells keys.
func (q *request) naming() func(string) string {
	if q.query.Get("encoding-type") == "url" {
		return encodedName
	}
	return plainName
}

func plainName(key string) string { return key }

// encodedName is a key that XML can hold, whatever is in it.
func encodedName(key string) string {
	return strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
}

func quoted(etag string) string { return `"` + etag + `"` }

// number reads a parameter that is a count.
func (q *request) number(name string, otherwise int) (int, error) {
	text := q.query.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, refuse("InvalidArgument", "Provided %s not an integer or within integer range", name)
	}
	return n, nil
}
