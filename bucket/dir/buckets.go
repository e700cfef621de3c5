package dir

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Buckets returns all buckets, ordered by name.
func (s *Store) Buckets(_ context.Context) ([]bucket.Bucket, error) {
	entries, err := os.ReadDir(s.folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, failed("list", "the buckets", err)
	}
	names := slices.Collect(maps.Keys(s.mounts))
	for _, entry := range entries {
		if _, mounted := s.mounts[entry.Name()]; !mounted && bucket.CheckName(entry.Name()) == nil {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	var all []bucket.Bucket
	for _, name := range names {
		if info, err := os.Stat(s.path(name)); err == nil && info.IsDir() {
			all = append(all, bucket.Bucket{Name: name, Created: info.ModTime().UTC()})
		}
	}
	return all, nil
}

// Remove deletes an empty bucket. Its faults: BucketNotEmpty for one with objects, kind Denied for a folder elsewhere,
// which is the user's.
func (s *Store) Remove(ctx context.Context, name string) error {
	page, err := s.List(ctx, name, bucket.Query{MaxKeys: 1})
	switch {
	case err != nil:
		return err
	case len(page.Objects) > 0:
		return fault.New(fault.Conflict, "The bucket you tried to delete is not empty").WithCode("BucketNotEmpty")
	}
	if _, mounted := s.mounts[name]; mounted {
		return fault.New(fault.Denied, "the bucket %s is a folder of the project and is not deleted here", name).WithCode("AccessDenied")
	}
	// Nobody else's files go: RemoveAll takes only what belongs to no key.
	if err := os.RemoveAll(filepath.Join(s.path(name), private)); err != nil {
		return failed("delete bucket", "s3://"+name, err)
	}
	if err := os.Remove(s.path(name)); err != nil {
		return failed("delete bucket", "s3://"+name, err)
	}
	return nil
}
