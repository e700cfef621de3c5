package s3rest

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

const (
	metaPrefix = "X-Amz-Meta-"
	// encryptionHeader says what S3 says of every object, although files here are not encrypted.
	encryptionHeader = "X-Amz-Server-Side-Encryption"
)

// overrides are the parameters of a GET that replace headers of its answer.
var overrides = map[string]string{
	"response-content-type": "Content-Type", "response-content-disposition": "Content-Disposition",
	"response-content-encoding": "Content-Encoding", "response-content-language": "Content-Language",
	"response-cache-control": "Cache-Control", "response-expires": "Expires",
}

// getObject answers GET and HEAD, with ranges and conditions.
func (q *request) getObject() error {
	about, err := q.h.store.Head(q.Context(), q.bucket, q.key)
	if err != nil {
		return err
	}
	if err := q.checkRange(about.Size); err != nil {
		return err
	}
	body, err := q.h.store.Open(q.Context(), q.bucket, q.key)
	if err != nil {
		return err
	}
	defer body.Close()
	q.describeObject(about)
	if file, ok := body.(io.ReadSeeker); ok {
		http.ServeContent(q.w, q.Request, "", about.LastModified, file)
		return nil
	}
	q.w.Header().Set("Content-Length", strconv.FormatInt(about.Size, 10))
	if q.Method != http.MethodHead {
		_, _ = io.Copy(q.w, body) // the headers are out: a broken connection is all that can tell
	}
	return nil
}

// checkRange refuses a range behind the end; S3 takes several ranges for none.
func (q *request) checkRange(size int64) error {
	given, ok := strings.CutPrefix(q.Header.Get("Range"), "bytes=")
	first, last, isRange := strings.Cut(given, "-")
	if !ok || !isRange || strings.Contains(given, ",") {
		q.Header.Del("Range")
		return nil
	}
	start, err := strconv.ParseInt(first, 10, 64)
	if err == nil && start >= size || first == "" && last == "0" {
		return refuse("InvalidRange", "The requested range is not satisfiable")
	}
	return nil
}

func (q *request) describeObject(o bucket.Object) {
	header := q.w.Header()
	header.Set("Etag", quoted(o.ETag))
	header.Set("Accept-Ranges", "bytes")
	// An object that is a page may not act as a page of this server.
	header.Set("Content-Security-Policy", "sandbox")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Type", o.ContentType)
	if o.ContentType == "" {
		header.Set("Content-Type", "binary/octet-stream")
	}
	for name, text := range o.Metadata {
		header[strings.ToLower(metaPrefix+name)] = []string{text} // as clients give it back to their users
	}
	header.Set(encryptionHeader, "AES256")
	showTags(header, o)
	for parameter, name := range overrides {
		if text := q.query.Get(parameter); text != "" {
			header.Set(name, text)
		}
	}
}

// attributes is what a writer says about an object.
func (q *request) attributes() (bucket.Attributes, error) {
	tags, err := q.headerTags()
	if err != nil {
		return bucket.Attributes{}, err
	}
	about := bucket.Attributes{ContentType: q.Header.Get("Content-Type"), Tags: tags}
	for name, values := range q.Header {
		if rest, ok := strings.CutPrefix(name, metaPrefix); ok {
			if about.Metadata == nil {
				about.Metadata = map[string]string{}
			}
			about.Metadata[strings.ToLower(rest)] = strings.Join(values, ",")
		}
	}
	return about, nil
}

// refused are headers that ask for what is not there.
var refused = []string{
	"X-Amz-Object-Lock-Mode", "X-Amz-Object-Lock-Legal-Hold", "X-Amz-Website-Redirect-Location",
	"X-Amz-Server-Side-Encryption-Customer-Algorithm",
}

func (q *request) putObject() error {
	if acl := q.Header.Get("X-Amz-Acl"); acl != "" && acl != "private" && !strings.HasPrefix(acl, "bucket-owner-") {
		return refuse("AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	for _, name := range refused {
		if q.Header.Get(name) != "" {
			return refuse("NotImplemented", "A header you provided implies functionality that is not implemented: %s", strings.ToLower(name))
		}
	}
	if err := q.precondition(); err != nil {
		return err
	}
	if q.Header.Get("X-Amz-Copy-Source") != "" {
		return q.copyObject()
	}
	body, err := q.body()
	if err != nil {
		return err
	}
	attributes, err := q.attributes()
	if err != nil {
		return err
	}
	o, err := q.put(body, attributes)
	if err != nil {
		return err
	}
	q.w.Header().Set(encryptionHeader, "AES256")
	q.w.Header().Set("Etag", quoted(o.ETag))
	q.w.WriteHeader(http.StatusOK)
	return nil
}

// precondition holds a conditional write against the object that is there.
func (q *request) precondition() error {
	absent, match := q.Header.Get("If-None-Match"), q.Header.Get("If-Match")
	if absent == "" && match == "" {
		return nil
	}
	o, err := q.h.store.Head(q.Context(), q.bucket, q.key)
	switch {
	case err != nil && fault.CodeOf(err) != bucket.CodeNoSuchKey:
		return err
	case err != nil && match == "":
		return nil
	case err != nil:
		return err
	case absent != "" || strings.Trim(match, `"`) != o.ETag:
		return refuse("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	}
	return nil
}

// put stores a body. The store wraps the body's own error, which says more.
func (q *request) put(body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	source := &source{from: body}
	o, err := q.h.store.Put(bucket.WithOperation(q.Context(), q.writing()), q.bucket, q.key, source, about)
	if source.err != nil {
		return bucket.Object{}, source.err
	}
	return o, err
}

// writing is how S3 calls what the request does to its object.
func (q *request) writing() bucket.Operation {
	switch {
	case q.Header.Get("X-Amz-Copy-Source") != "":
		return bucket.CopyOperation
	case q.query.Has("uploadId"):
		return bucket.CompleteMultipartUploadOperation
	}
	return bucket.PutOperation
}

// source remembers with which error a body ended.
type source struct {
	from io.Reader
	err  error
}

// Read reads the body.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

type copyObjectResult struct {
	XMLName      xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CopyObjectResult"`
	LastModified string
	ETag         string
}

func (q *request) copyObject() error {
	about, body, err := q.copySource()
	if err != nil {
		return err
	}
	defer body.Close()
	attributes, err := q.attributes()
	if err != nil {
		return err
	}
	if q.Header.Get("X-Amz-Metadata-Directive") != "REPLACE" {
		attributes.ContentType, attributes.Metadata = about.ContentType, about.Metadata
	}
	if q.Header.Get("X-Amz-Tagging-Directive") != "REPLACE" {
		attributes.Tags = about.Tags
	}
	o, err := q.put(body, attributes)
	if err != nil {
		return err
	}
	write(q.w, q.Request, http.StatusOK, copyObjectResult{LastModified: isoTime(o.LastModified), ETag: quoted(o.ETag)})
	return nil
}

// copySource opens the object that X-Amz-Copy-Source names.
func (q *request) copySource() (bucket.Object, io.ReadCloser, error) {
	text, err := url.PathUnescape(q.Header.Get("X-Amz-Copy-Source"))
	name, key, ok := strings.Cut(strings.TrimPrefix(text, "/"), "/")
	if err != nil || !ok || strings.Contains(q.Header.Get("X-Amz-Copy-Source"), "?versionId=") {
		return bucket.Object{}, nil, refuse("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
	}
	return q.open(q.Context(), name, key)
}

func (q *request) open(ctx context.Context, name, key string) (bucket.Object, io.ReadCloser, error) {
	about, err := q.h.store.Head(ctx, name, key)
	if err != nil {
		return bucket.Object{}, nil, err
	}
	body, err := q.h.store.Open(ctx, name, key)
	return about, body, err
}
