package s3rest

import (
	"encoding/xml"
	"io"
	"net/http"
)

type deletion struct {
	Quiet  bool
	Object []struct{ Key, VersionId string }
}

type deleteResult struct {
	XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ DeleteResult"`
	Deleted []struct{ Key string }
	Error   []deleteError
}

type deleteError struct{ Key, Code, Message string }

// maxDocument is the largest XML document of a request, in bytes.
const maxDocument = 2 << 20

// document reads the XML that a request carries.
func (q *request) document(into any) error {
	body, err := io.ReadAll(io.LimitReader(q.Body, maxDocument+1))
	if err != nil {
		return err
	}
	if len(body) > maxDocument || xml.Unmarshal(body, into) != nil {
		return malformedXML()
	}
	return nil
}

// deleteObjects deletes up to a thousand objects.
func (q *request) deleteObjects() error {
	var wanted deletion
	if err := q.document(&wanted); err != nil {
		return err
	}
	if len(wanted.Object) == 0 || len(wanted.Object) > maxKeys {
		return refuse("MalformedXML", "A request may delete from 1 to %d objects", maxKeys)
	}
	if err := q.exists(); err != nil {
		return err
	}
	var result deleteResult
	for _, o := range wanted.Object {
		err := q.deleteVersion(o.Key, o.VersionId)
		switch {
		case err != nil:
			code, message := describe(err)
			result.Error = append(result.Error, deleteError{o.Key, code, message})
		case !wanted.Quiet:
			result.Deleted = append(result.Deleted, struct{ Key string }{o.Key})
		}
	}
	write(q.w, q.Request, http.StatusOK, result)
	return nil
}

func (q *request) deleteVersion(key, version string) error {
	if version != "" && version != nullVersion {
		return noSuchVersion()
	}
	return q.h.store.Delete(q.Context(), q.bucket, key)
}

func (q *request) deleteObject() error {
	if err := q.h.store.Delete(q.Context(), q.bucket, q.key); err != nil {
		return err
	}
	q.w.WriteHeader(http.StatusNoContent)
	return nil
}
