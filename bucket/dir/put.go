package dir

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/bucket"
)

// Put writes an object beside its place and moves it there when it is whole and on disk.
func (s *Store) Put(ctx context.Context, name, key string, body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	root, err := s.root(name)
	if err != nil {
		return bucket.Object{}, err
	}
	defer root.Close()
	if err := checkKey(name, key); err != nil {
		return bucket.Object{}, err
	}
	object, err := s.put(root, name, key, body, about)
	if err != nil {
		return bucket.Object{}, failed("write", "s3://"+name+"/"+key, err)
	}
	s.tell(ctx, bucket.Change{Bucket: name, Object: object})
	return object, nil
}

// Adopt moves a file of the same file system to its place when it is on disk: it implements bucket.Adopting.
func (s *Store) Adopt(ctx context.Context, name, key, path string, about bucket.Attributes) (o bucket.Object, ok bool, err error) {
	root, err := s.root(name)
	if err != nil {
		return o, false, err
	}
	defer root.Close()
	if err := checkKey(name, key); err != nil {
		return o, false, err
	}
	part := newPart()
	if ok, err = moveIn(root, path, filepath.Join(s.path(name), part)); ok {
		o, err = s.place(root, part, key, about)
	}
	if err != nil {
		_ = root.Remove(part)
		return bucket.Object{}, ok, failed("write", "s3://"+name+"/"+key, err)
	}
	if ok {
		s.tell(ctx, bucket.Change{Bucket: name, Object: o})
	}
	return o, ok, nil
}

// moveIn syncs a file and makes a part of it; ok is false when the file is on another file system.
func moveIn(root *os.Root, path, part string) (ok bool, err error) {
	if err := root.MkdirAll(private, 0o755); err != nil {
		return false, err
	}
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return false, err
	}
	err = os.Rename(path, part)
	if errors.Is(err, syscall.EXDEV) {
		return false, nil
	}
	return err == nil, err
}

// newPart names a file that no reader looks at yet.
func newPart() string { return private + "/part-" + uuid.NewString() }

func (s *Store) put(root *os.Root, name, key string, body io.Reader, about bucket.Attributes) (bucket.Object, error) {
	part := newPart()
	etag, err := writePart(root, part, body)
	if err != nil {
		_ = root.Remove(part)
		return bucket.Object{}, err
	}
	object, err := s.place(root, part, key, about)
	if err != nil {
		_ = root.Remove(part)
		return bucket.Object{}, err
	}
	object.ETag = etag
	s.etags.keep(name, object)
	return object, nil
}

// place gives a written file its key and returns what is known about the object, without its ETag.
func (s *Store) place(root *os.Root, part, key string, about bucket.Attributes) (bucket.Object, error) {
	if err := settle(root, part, key, about); err != nil {
		return bucket.Object{}, err
	}
	info, err := root.Stat(key)
	if err != nil {
		return bucket.Object{}, err
	}
	object := objectOf(key, info)
	object.Attributes = about
	return object, nil
}

// writePart writes a file that no reader looks at yet and returns the MD5 of its bytes.
func writePart(root *os.Root, part string, body io.Reader) (etag string, err error) {
	if err := root.MkdirAll(private, 0o755); err != nil {
		return "", err
	}
	file, err := root.Create(part)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if etag, err = digest(file, body); err != nil {
		return "", err
	}
	return etag, file.Sync()
}

// settle gives a written file its key. Attributes go first: with the old bytes they do less harm than the new bytes
// without them.
func settle(root *os.Root, part, key string, about bucket.Attributes) error {
	if folder := parent(key); folder != "" {
		if err := root.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	if err := writeAttributes(root, key, about); err != nil {
		return err
	}
	return root.Rename(part, key)
}

func attributesFile(key string) string { return path.Join(private, "attributes", key+".json") }

func writeAttributes(root *os.Root, key string, about bucket.Attributes) error {
	file := attributesFile(key)
	if about.ContentType == "" && len(about.Metadata) == 0 && len(about.Tags) == 0 {
		if err := root.Remove(file); err != nil && !absent(err) {
			return err
		}
		return nil
	}
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	return replaceFile(root, file, text)
}

func readAttributes(root *os.Root, key string) (bucket.Attributes, error) {
	var about bucket.Attributes
	text, err := root.ReadFile(attributesFile(key))
	if absent(err) || errors.Is(err, fs.ErrNotExist) {
		return about, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &about)
	}
	return about, err
}

// etags remembers the MD5 of files as long as their size and time stay the same, so that a listing reads each file once.
type etags struct {
	mu    sync.Mutex
	known map[etagKey]string
}

type etagKey struct {
	bucket, key string
	size        int64
	modified    time.Time
}

// maxETags bounds the memory; beyond it, everything is read again.
const maxETags = 100_000

func (e *etags) keep(name string, o bucket.Object) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.known == nil || len(e.known) >= maxETags {
		e.known = map[etagKey]string{}
	}
	e.known[etagKey{name, o.Key, o.Size, o.LastModified}] = o.ETag
}

func (e *etags) of(root *os.Root, name string, o bucket.Object) (string, error) {
	e.mu.Lock()
	etag, ok := e.known[etagKey{name, o.Key, o.Size, o.LastModified}]
	e.mu.Unlock()
	if ok {
		return etag, nil
	}
	file, err := root.Open(o.Key)
	if err != nil {
		return "", failed("read", "s3://"+name+"/"+o.Key, err)
	}
	defer file.Close()
	sum := md5.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", failed("read", "s3://"+name+"/"+o.Key, err)
	}
	o.ETag = hex.EncodeToString(sum.Sum(nil))
	e.keep(name, o)
	return o.ETag, nil
}
