package dir

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/stepwell/stepwell/bucket"
)

// Folder returns the folder of a bucket, whether there is such a bucket or not.
func (s *Store) Folder(name string) string { return s.path(name) }

// Look returns an object without its ETag and says whether a program has its file open for writing, if the file may be read.
func (s *Store) Look(_ context.Context, name, key string) (o bucket.Object, growth bucket.Growth, err error) {
	root, err := s.root(name)
	if err != nil {
		return bucket.Object{}, bucket.GrowthUnknown, err
	}
	defer root.Close()
	info, err := stat(root, name, key)
	if err != nil {
		return bucket.Object{}, bucket.GrowthUnknown, err
	}
	file, err := root.Open(key)
	if errors.Is(err, fs.ErrPermission) {
		return objectOf(key, info), bucket.GrowthUnknown, nil
	}
	if err != nil {
		return bucket.Object{}, bucket.GrowthUnknown, failed("read", "s3://"+name+"/"+key, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return look(file, name, key)
}

// look asks for the writers first: what the file is behind that answer is what the last of them has left.
func look(file *os.File, name, key string) (bucket.Object, bucket.Growth, error) {
	growth := growthOf(file)
	info, err := file.Stat()
	if err != nil {
		return bucket.Object{}, growth, failed("read", "s3://"+name+"/"+key, err)
	}
	return objectOf(key, info), growth, nil
}
