package console

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/console/view"
)

func (c *Console) bucketArea() area {
	return area{
		pages: []page{{bucketsPath, c.buckets}, {bucketsPath + "/{name}", c.bucket}, {bucketsPath + "/{name}/object", c.object}},
		raws:  []raw{{bucketsPath + "/{name}/download", api.Read, c.download}},
	}
}

const bucketsPath = "/console/buckets"

// bucketURL leads to an address s3://bucket/prefix.
func bucketURL(address string) string {
	name, prefix, _ := strings.Cut(strings.TrimPrefix(address, "s3://"), "/")
	to := bucketsPath + "/" + url.PathEscape(name)
	if prefix != "" {
		to += "?prefix=" + url.QueryEscape(prefix)
	}
	return to
}

// objectURL leads to an object s3://bucket/key.
func objectURL(address string) string {
	name, key, _ := strings.Cut(strings.TrimPrefix(address, "s3://"), "/")
	return bucketsPath + "/" + url.PathEscape(name) + "/object?key=" + url.QueryEscape(key)
}

func (c *Console) buckets(r *request) (view.Page, error) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	found, err := c.Buckets.Buckets(ctx)
	if err != nil {
		return view.Page{}, err
	}
	var content view.Buckets
	for _, b := range found {
		content.List = append(content.List, view.BucketRow{Name: b.Name, URL: bucketsPath + "/" + url.PathEscape(b.Name), Created: b.Created})
	}
	return view.Page{Title: "Buckets", Section: view.BucketsSection, Content: content}, nil
}

// bucketPage is how many objects and folders a listing shows.
const bucketPage = 200

// bucket lists what stands under a prefix: folders, which are the parts of keys up to the next slash, and objects.
func (c *Console) bucket(r *request) (view.Page, error) {
	name, prefix, next := r.PathValue("name"), r.URL.Query().Get("prefix"), r.URL.Query().Get("next")
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	listing, err := c.Buckets.List(ctx, name, bucket.Query{Prefix: prefix, Delimiter: "/", Next: next, MaxKeys: bucketPage})
	if err != nil {
		return view.Page{}, err
	}
	folder := prefix[:strings.LastIndexByte(prefix, '/')+1]
	content := view.Bucket{Name: name, Prefix: prefix}
	for _, p := range listing.CommonPrefixes {
		content.Folders = append(content.Folders, view.Link{Text: strings.TrimPrefix(p, folder), URL: bucketURL("s3://" + name + "/" + p)})
	}
	for _, o := range listing.Objects {
		content.Objects = append(content.Objects, view.ObjectRow{Name: strings.TrimPrefix(o.Key, folder), URL: objectURL("s3://" + name + "/" + o.Key),
			Size: o.Size, Modified: o.LastModified})
	}
	if listing.Next != "" {
		content.Pager.Next = with(r.URL, "next", listing.Next)
	}
	if next != "" {
		content.Pager.First = with(r.URL, "next", "")
	}
	crumbs := prefixCrumbs(name, folder)
	title := name
	if prefix != "" {
		title = path.Base(prefix)
	}
	return view.Page{Title: title, Section: view.BucketsSection, Crumbs: crumbs, Content: content}, nil
}

// prefixCrumbs lead from the list of buckets to a folder.
func prefixCrumbs(name, folder string) []view.Link {
	crumbs := []view.Link{{Text: "Buckets", URL: bucketsPath}, {Text: name, URL: bucketsPath + "/" + url.PathEscape(name)}}
	at := 0
	for part := range strings.SplitAfterSeq(folder, "/") {
		if part == "" {
			continue
		}
		at += len(part)
		crumbs = append(crumbs, view.Link{Text: strings.TrimSuffix(part, "/"), URL: bucketURL("s3://" + name + "/" + folder[:at])})
	}
	return crumbs
}

// previewSize is how many bytes of an object's text a page shows.
const previewSize = 64 << 10

// object is one object with its beginning.
func (c *Console) object(r *request) (view.Page, error) {
	name, key := r.PathValue("name"), r.URL.Query().Get("key")
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if err := bucket.CheckKey(key); err != nil {
		return view.Page{}, err
	}
	about, err := c.Buckets.Head(ctx, name, key)
	if err != nil {
		return view.Page{}, err
	}
	folder := key[:strings.LastIndexByte(key, '/')+1]
	content := view.Object{
		Address: "s3://" + name + "/" + key, Name: strings.TrimPrefix(key, folder), Size: about.Size, Modified: about.LastModified, ETag: about.ETag,
		ContentType: about.ContentType, DownloadURL: bucketsPath + "/" + url.PathEscape(name) + "/download?key=" + url.QueryEscape(key),
	}
	for _, member := range slices.Sorted(maps.Keys(about.Metadata)) {
		content.Metadata = append(content.Metadata, [2]string{member, about.Metadata[member]})
	}
	if err := c.preview(ctx, name, key, &content); err != nil {
		content.Note = "The object cannot be shown: " + err.Error()
	}
	return view.Page{Title: content.Name, Section: view.BucketsSection, Crumbs: prefixCrumbs(name, folder), Content: content}, nil
}

// preview reads the beginning of an object, unpacked when it is compressed by gzip.
func (c *Console) preview(ctx context.Context, name, key string, content *view.Object) error {
	body, err := c.Buckets.Open(ctx, name, key)
	if err != nil {
		return err
	}
	defer body.Close()
	begin := make([]byte, previewSize+1)
	n, err := io.ReadFull(body, begin)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	begin, content.Whole = begin[:n], n <= previewSize
	if bytes.HasPrefix(begin, []byte{0x1f, 0x8b}) {
		begin, content.Whole, content.Unpacked = unpack(begin, content.Whole)
	}
	begin = begin[:min(len(begin), previewSize)]
	text, ok := textOf(begin, content.Whole)
	if !ok {
		content.Note = "This is no text. Download it to look inside."
	}
	content.Text = text
	return nil
}

// unpack decompresses what it can of the beginning of a gzip file, at most as much as is shown.
func unpack(packed []byte, all bool) (plain []byte, whole, ok bool) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return packed, all, false
	}
	plain, err = io.ReadAll(io.LimitReader(reader, previewSize+1)) // what was read before an error is good
	return plain, err == nil && len(plain) <= previewSize, true
}

// textOf is what is shown of an object, if it is text in UTF-8. The last character may be cut.
func textOf(begin []byte, whole bool) (string, bool) {
	if !whole {
		for cut := 0; cut < utf8.UTFMax && len(begin) > 0 && !utf8.Valid(begin); cut++ {
			begin = begin[:len(begin)-1]
		}
	}
	if !utf8.Valid(begin) || bytes.IndexByte(begin, 0) >= 0 {
		return "", false
	}
	return string(begin), true
}

// download sends an object as a file, never as something that a browser shows.
func (c *Console) download(w http.ResponseWriter, r *request) error {
	name, key := r.PathValue("name"), r.URL.Query().Get("key")
	if err := bucket.CheckKey(key); err != nil {
		return err
	}
	body, err := c.Buckets.Open(r.Context(), name, key)
	if err != nil {
		return err
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(key)}))
	if _, err := io.Copy(w, body); err != nil {
		panic(http.ErrAbortHandler) // only a broken connection tells that the file is not whole
	}
	return nil
}
