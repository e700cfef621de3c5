package s3rest

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/bucket"
)

// upload is a multipart upload: a folder with what its first request said and a file per part, named NUMBER-MD5.
type upload struct {
	root *os.Root // of all uploads
	id   string
}

// promise is what the first request said.
type promise struct {
	Bucket, Key string
	Attributes  bucket.Attributes
}

const promiseFile = "/promise.json"

// maxParts is how many parts an upload may have.
const maxParts = 10_000

func (q *request) uploads() (*os.Root, error) {
	if q.h.uploads == "" {
		return nil, refuse("NotImplemented", "this server has no folder for multipart uploads")
	}
	if err := os.MkdirAll(q.h.uploads, 0o700); err != nil {
		return nil, err
	}
	return os.OpenRoot(q.h.uploads)
}

// within runs f on the upload that the request names.
func (q *request) within(f func(u upload, p promise) error) error {
	root, err := q.uploads()
	if err != nil {
		return err
	}
	defer root.Close()
	u := upload{root, q.query.Get("uploadId")}
	gone := refuse("NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
	if _, err := uuid.Parse(u.id); err != nil || len(u.id) != len(uuid.Nil.String()) {
		return gone
	}
	text, err := root.ReadFile(u.id + promiseFile)
	if errors.Is(err, fs.ErrNotExist) {
		return gone
	}
	var p promise
	if err := errors.Join(err, json.Unmarshal(text, &p)); err != nil {
		return err
	}
	if p.Bucket != q.bucket || p.Key != q.key {
		return gone
	}
	return f(u, p)
}

type initiateMultipartUploadResult struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ InitiateMultipartUploadResult"`
	Bucket   string
	Key      string
	UploadId string
}

func (q *request) createUpload() error {
	root, err := q.uploads()
	if err != nil {
		return err
	}
	defer root.Close()
	if err := errors.Join(q.exists(), bucket.CheckKey(q.key)); err != nil {
		return err
	}
	attributes, err := q.attributes()
	if err != nil {
		return err
	}
	id := uuid.NewString()
	text, err := json.Marshal(promise{q.bucket, q.key, attributes})
	if err := errors.Join(err, root.Mkdir(id, 0o700), root.WriteFile(id+promiseFile, text, 0o600)); err != nil {
		return err
	}
	write(q.w, q.Request, http.StatusOK, initiateMultipartUploadResult{Bucket: q.bucket, Key: q.key, UploadId: id})
	return nil
}

func (q *request) uploadPart() error {
	number, err := q.number("partNumber", 0)
	if err != nil || number < 1 || number > maxParts {
		return refuse("InvalidArgument", "Part number must be an integer between 1 and %d, inclusive", maxParts)
	}
	return q.within(func(u upload, _ promise) error {
		copied := q.Header.Get("X-Amz-Copy-Source") != ""
		body, err := q.partBody(copied)
		if err != nil {
			return err
		}
		defer body.Close()
		etag, err := u.write(number, body)
		if err != nil {
			return err
		}
		if copied {
			write(q.w, q.Request, http.StatusOK, copyPartResult{ETag: quoted(etag)})
			return nil
		}
		q.w.Header().Set("Etag", quoted(etag))
		q.w.WriteHeader(http.StatusOK)
		return nil
	})
}

type copyPartResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CopyPartResult"`
	ETag    string
}

// partBody is what the request sends, or the bytes of the object that it names.
func (q *request) partBody(copied bool) (io.ReadCloser, error) {
	if !copied {
		body, err := q.body()
		return io.NopCloser(body), err
	}
	_, body, err := q.copySource()
	if err != nil {
		return nil, err
	}
	text, ok := strings.CutPrefix(q.Header.Get("X-Amz-Copy-Source-Range"), "bytes=")
	if !ok {
		return body, nil
	}
	first, last, _ := strings.Cut(text, "-")
	from, err1 := strconv.ParseInt(first, 10, 64)
	to, err2 := strconv.ParseInt(last, 10, 64)
	if errors.Join(err1, err2) != nil || from < 0 || to < from {
		body.Close()
		return nil, refuse("InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last")
	}
	if _, err := io.CopyN(io.Discard, body, from); err != nil {
		body.Close()
		return nil, refuse("InvalidRange", "The requested range is not satisfiable")
	}
	return cut{io.LimitReader(body, to-from+1), body}, nil
}

// cut is a part of a body.
type cut struct {
	io.Reader
	io.Closer
}

// completion is the list of parts that make the object.
type completion struct {
	Part []struct {
		PartNumber int
		ETag       string
	}
}

type completeMultipartUploadResult struct {
	XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
	Location string
	Bucket   string
	Key      string
	ETag     string
}

// completeUpload joins the parts. The object's ETag is the MD5 of its bytes, not S3's hash of hashes.
func (q *request) completeUpload() error {
	var wanted completion
	if err := q.document(&wanted); err != nil {
		return err
	}
	if len(wanted.Part) == 0 {
		return refuse("MalformedXML", "You must specify at least one part")
	}
	if err := q.precondition(); err != nil {
		return err
	}
	return q.within(func(u upload, p promise) error {
		names, err := u.choose(wanted)
		if err != nil {
			return err
		}
		joined := &parts{root: u.root, names: names}
		defer joined.close()
		o, err := q.put(joined, p.Attributes)
		if err != nil {
			return err
		}
		if err := u.root.RemoveAll(u.id); err != nil {
			return err
		}
		write(q.w, q.Request, http.StatusOK, completeMultipartUploadResult{
			Location: "/" + q.bucket + "/" + q.key, Bucket: q.bucket, Key: q.key, ETag: quoted(o.ETag),
		})
		return nil
	})
}

func (q *request) abortUpload() error {
	return q.within(func(u upload, _ promise) error {
		if err := u.root.RemoveAll(u.id); err != nil {
			return err
		}
		q.w.WriteHeader(http.StatusNoContent)
		return nil
	})
}

type listPartsResult struct {
	XMLName     xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListPartsResult"`
	Bucket      string
	Key         string
	UploadId    string
	IsTruncated bool
	Part        []partEntry
}

type partEntry struct {
	PartNumber int
	ETag       string
	Size       int64
}

func (q *request) listParts() error {
	return q.within(func(u upload, _ promise) error {
		all, err := u.parts()
		if err != nil {
			return err
		}
		slices.SortFunc(all, func(a, b part) int { return a.number - b.number })
		result := listPartsResult{Bucket: q.bucket, Key: q.key, UploadId: u.id}
		for _, one := range all {
			result.Part = append(result.Part, partEntry{one.number, quoted(one.etag), one.size})
		}
		write(q.w, q.Request, http.StatusOK, result)
		return nil
	})
}
