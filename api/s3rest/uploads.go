package s3rest

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
)

type listMultipartUploadsResult struct {
	XMLName     xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListMultipartUploadsResult"`
	Bucket      string
	KeyMarker   string
	Prefix      string `xml:",omitempty"`
	MaxUploads  int
	IsTruncated bool
	Upload      []uploadEntry
}

type uploadEntry struct {
	Key, UploadId, Initiated string
	StorageClass             string
}

// listUploads lists all uploads to the bucket that were neither completed nor aborted, on one page.
func (q *request) listUploads() error {
	if err := q.exists(); err != nil {
		return err
	}
	root, err := q.uploads()
	if err != nil {
		return err
	}
	defer root.Close()
	all, err := q.openUploads(root)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b uploadEntry) int { return strings.Compare(a.Key+"\x00"+a.Initiated, b.Key+"\x00"+b.Initiated) })
	write(q.w, q.Request, http.StatusOK, listMultipartUploadsResult{
		Bucket: q.bucket, Prefix: q.query.Get("prefix"), MaxUploads: max(maxKeys, len(all)), Upload: all,
	})
	return nil
}

func (q *request) openUploads(root *os.Root) ([]uploadEntry, error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var all []uploadEntry
	for _, entry := range entries {
		text, err := root.ReadFile(entry.Name() + promiseFile)
		if errors.Is(err, fs.ErrNotExist) { // it ended meanwhile, or has only begun
			continue
		}
		var p promise
		if err := errors.Join(err, json.Unmarshal(text, &p)); err != nil {
			return nil, err
		}
		about, err := root.Stat(entry.Name() + promiseFile)
		if err == nil && p.Bucket == q.bucket && strings.HasPrefix(p.Key, q.query.Get("prefix")) {
			all = append(all, uploadEntry{p.Key, entry.Name(), isoTime(about.ModTime()), "STANDARD"})
		}
	}
	return all, nil
}
