// Package dir keeps buckets in folders: an object is a file, the slashes of its key are folders, so people can put files
// into a bucket with any tool and see what a pipeline wrote. It implements bucket.Store.
//
//	store := dir.New(filepath.Join(data, "buckets"), map[string]string{"etl-scripts": "examples/sales/buckets/etl-scripts"})
//	err := store.Make("sales")
//
// A key that no file can have (an empty part, "." or "..", a folder's name) is refused; a symbolic link is followed only
// inside the bucket's folder. Content types and metadata that a writer gave are kept in the folder .stepwell of the
// bucket, which is no part of it. The package is tested on file systems that tell upper from lower case; on others, keys
// that differ only in case are one object.
package dir

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Store is a set of buckets in folders.
type Store struct {
	folder string
	mounts map[string]string
	etags  etags
	// told are called behind every change that goes through the store.
	told []func(context.Context, bucket.Change)
}

// New returns the buckets that are folders in folder, and those that mounts maps to folders elsewhere, which win.
func New(folder string, mounts map[string]string) *Store {
	return &Store{folder: folder, mounts: maps.Clone(mounts)}
}

// Make makes a bucket; one that exists stays as it is.
func (s *Store) Make(name string) error {
	if err := bucket.CheckName(name); err != nil {
		return err
	}
	if err := os.MkdirAll(s.path(name), 0o755); err != nil {
		return failed("make bucket", "s3://"+name, err)
	}
	return nil
}

func (s *Store) path(name string) string {
	if folder, ok := s.mounts[name]; ok {
		return folder
	}
	return filepath.Join(s.folder, name)
}

// root opens the folder of a bucket so that no path leads out of it.
func (s *Store) root(name string) (*os.Root, error) {
	if bucket.CheckName(name) != nil {
		return nil, bucket.NoSuchBucket(name)
	}
	root, err := os.OpenRoot(s.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, bucket.NoSuchBucket(name)
	case err != nil:
		return nil, failed("open bucket", "s3://"+name, err)
	}
	return root, nil
}

// private is the folder in a bucket's folder that is not part of the bucket.
const private = ".stepwell"

// checkKey says whether a file can have the key as its path.
func checkKey(name, key string) error {
	if err := bucket.CheckKey(key); err != nil {
		return err
	}
	if !filepath.IsLocal(filepath.FromSlash(key)) || filepath.ToSlash(filepath.Clean(filepath.FromSlash(key))) != key ||
		strings.ContainsAny(key, "\x00\\") || key == private || strings.HasPrefix(key, private+"/") || key == "." {
		return fault.Invalidf("the key %q of bucket %s cannot be a file in the bucket's folder", key, name).WithCode("InvalidArgument")
	}
	return nil
}

// stat finds the file of an object.
func stat(root *os.Root, name, key string) (fs.FileInfo, error) {
	if checkKey(name, key) != nil {
		return nil, bucket.NoSuchKey(name, key)
	}
	info, err := root.Stat(key)
	switch {
	case absent(err) || err == nil && !info.Mode().IsRegular():
		return nil, bucket.NoSuchKey(name, key)
	case err != nil:
		return nil, failed("read", "s3://"+name+"/"+key, err)
	}
	return info, nil
}

func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ENAMETOOLONG)
}

// Open returns the bytes of an object.
func (s *Store) Open(_ context.Context, name, key string) (io.ReadCloser, error) {
	root, err := s.root(name)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if _, err := stat(root, name, key); err != nil {
		return nil, err
	}
	file, err := root.Open(key)
	if err != nil {
		return nil, failed("read", "s3://"+name+"/"+key, err)
	}
	return object{file}, nil
}

// object is the file of an object that is read.
type object struct{ *os.File }

// Size returns how many bytes the object has.
func (o object) Size() (int64, error) {
	info, err := o.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Head returns what is known about an object, with its ETag.
func (s *Store) Head(_ context.Context, name, key string) (bucket.Object, error) {
	root, err := s.root(name)
	if err != nil {
		return bucket.Object{}, err
	}
	defer root.Close()
	info, err := stat(root, name, key)
	if err != nil {
		return bucket.Object{}, err
	}
	object := objectOf(key, info)
	if object.Attributes, err = readAttributes(root, key); err != nil {
		return bucket.Object{}, failed("read the attributes of", "s3://"+name+"/"+key, err)
	}
	object.ETag, err = s.etags.of(root, name, object)
	return object, err
}

func objectOf(key string, info fs.FileInfo) bucket.Object {
	return bucket.Object{Key: key, Size: info.Size(), LastModified: info.ModTime().UTC()}
}

// Delete removes an object and the folders that it leaves empty.
func (s *Store) Delete(ctx context.Context, name, key string) error {
	root, err := s.root(name)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := stat(root, name, key); err != nil {
		if bucket.CodeNoSuchKey == fault.CodeOf(err) {
			return nil
		}
		return err
	}
	if err := root.Remove(key); err != nil && !absent(err) {
		return failed("delete", "s3://"+name+"/"+key, err)
	}
	_ = root.Remove(attributesFile(key))
	for folder := parent(key); folder != ""; folder = parent(folder) {
		if root.Remove(folder) != nil { // not empty
			break
		}
	}
	s.tell(ctx, bucket.Change{Bucket: name, Object: bucket.Object{Key: key}, Deleted: true})
	return nil
}

func parent(key string) string {
	return key[:max(strings.LastIndexByte(key, '/'), 0)]
}

// failed turns an error of the operating system into a fault.
func failed(operation, object string, err error) error {
	kind := fault.Internal
	switch {
	case errors.Is(err, fs.ErrPermission):
		kind = fault.Denied
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EMFILE):
		kind = fault.Unavailable
	case errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENOTEMPTY), errors.Is(err, fs.ErrExist):
		kind = fault.Conflict
	}
	// The paths in these errors are ours; the object says it in the user's terms.
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fault.New(kind, "%s %s", operation, object).Because(err)
}
