package unload

import (
	"context"
	"errors"
	"strings"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// notEmpty is Redshift's answer when objects would be replaced.
const notEmpty = "Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, " +
	"or using the ALLOWOVERWRITE option."

// claim makes sure that the destination may be written: it is free, may be replaced, or is cleaned now.
func (p *Plan) claim(ctx context.Context, store bucket.Store) error {
	err := p.prepare(ctx, store)
	if fault.CodeOf(err) == bucket.CodeNoSuchBucket {
		return fault.New(fault.NotFound, "The specified bucket does not exist: %s", p.bucket).WithCode("XX000").At(p.at)
	}
	return err
}

func (p *Plan) prepare(ctx context.Context, store bucket.Store) error {
	switch {
	case p.o.cleanPath && len(p.o.partitions) == 0:
		return p.clear(ctx, store, p.prefix)
	case p.o.allowOverwrite, p.o.cleanPath:
		_, err := store.List(ctx, p.bucket, bucket.Query{MaxKeys: 1})
		return err
	}
	targets := p.targets()
	for object, err := range bucket.All(ctx, store, p.bucket, p.prefix) {
		if err != nil {
			return err
		}
		if targets.MatchString(strings.TrimPrefix(object.Key, p.prefix)) {
			return fault.New(fault.Conflict, notEmpty).WithCode("XX000").At(p.at).Because(errors.New(p.url(object.Key) + " exists"))
		}
	}
	return nil
}

// clean empties the folder of a partition that is about to be written.
func (p *Plan) clean(ctx context.Context, store bucket.Store, folder string) error {
	if !p.o.cleanPath {
		return nil
	}
	return p.clear(ctx, store, p.prefix+folder)
}

func (p *Plan) clear(ctx context.Context, store bucket.Store, prefix string) error {
	var keys []string
	for object, err := range bucket.All(ctx, store, p.bucket, prefix) {
		if err != nil {
			return err
		}
		keys = append(keys, object.Key)
	}
	for _, key := range keys {
		if err := store.Delete(ctx, p.bucket, key); err != nil {
			return err
		}
	}
	return nil
}
