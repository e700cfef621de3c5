// Package mapitem lets distributed Maps reach buckets: it reads the items that an ItemReader names and writes the files of a
// ResultWriter. How a file is taken apart is asl/item's matter, what becomes of the items the engine's.
//
//	e := engine.Open(store, tasks, engine.Options{Items: mapitem.New(buckets)})
package mapitem

import (
	"context"
	"errors"
	"io"
	"iter"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Items implements engine.Items over buckets.
type Items struct{ store bucket.Store }

// New returns the items of a store's buckets.
func New(store bucket.Store) *Items { return &Items{store} }

// Read yields items as it reads them; an object is not read further than its items are wanted.
func (i *Items) Read(ctx context.Context, r *machine.ItemReader) iter.Seq2[item.Item, error] {
	return func(yield func(item.Item, error) bool) {
		where, err := placeOf(r)
		switch {
		case err != nil:
			yield(item.Item{}, err)
		case r.Manifest != "":
			i.manifest(ctx, r, where, yield)
		case r.Resource == asl.GetObject:
			i.object(ctx, r, where.bucket, where.key, yield)
		case r.Flatten:
			i.flatten(ctx, r, where, yield)
		default:
			i.list(ctx, where, yield)
		}
	}
}

// place is what the parameters of the request to S3 say.
type place struct{ bucket, key, prefix string }

func placeOf(r *machine.ItemReader) (p place, err error) {
	fields := map[string]*string{"Bucket": &p.bucket, "Prefix": &p.prefix}
	if r.Resource == asl.GetObject {
		fields = map[string]*string{"Bucket": &p.bucket, "Key": &p.key}
	}
	for _, m := range r.Parameters.Members() {
		field := fields[m.Key]
		switch {
		case m.Key == "ExpectedBucketOwner":
		case field == nil:
			return p, fault.New(fault.Unsupported, "The parameter %s of ItemReader is not supported.", m.Key)
		case m.Value.Kind() != value.String:
			return p, fault.Invalidf("The parameter %s of ItemReader must be a string.", m.Key)
		default:
			*field = m.Value.Str()
		}
	}
	if p.bucket == "" || r.Resource == asl.GetObject && p.key == "" {
		return p, fault.Invalidf("ItemReader requires the parameters Bucket and Key, or Bucket for a listing.")
	}
	return p, nil
}

// open opens an object and hands on what is in it.
func (i *Items) open(ctx context.Context, bucketName, key string) (file io.ReadCloser, plain io.Reader, err error) {
	if file, err = i.store.Open(ctx, bucketName, key); err != nil {
		return nil, nil, err
	}
	if plain, err = decompressed(key, file); err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, plain, nil
}

// object yields the items of one object. It reports whether more are wanted.
func (i *Items) object(ctx context.Context, r *machine.ItemReader, bucketName, key string, yield func(item.Item, error) bool) bool {
	if r.InputType == "PARQUET" {
		return i.parquet(ctx, bucketName, key, yield)
	}
	file, plain, err := i.open(ctx, bucketName, key)
	if err != nil {
		yield(item.Item{}, err)
		return false
	}
	defer file.Close()
	source := "s3://" + bucketName + "/" + key
	for it, err := range decode(r, plain) {
		if it.Source = source; !yield(it, err) || err != nil {
			return false
		}
	}
	return true
}

var delimiters = map[string]byte{"COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

func decode(r *machine.ItemReader, file io.Reader) iter.Seq2[item.Item, error] {
	switch r.InputType {
	case "CSV":
		return item.CSV(file, item.CSVOptions{Delimiter: delimiters[r.CSVDelimiter], Headers: r.CSVHeaders})
	case "JSON":
		return item.JSON(file, r.ItemsPointer)
	}
	return item.Lines(file)
}

func (i *Items) flatten(ctx context.Context, r *machine.ItemReader, where place, yield func(item.Item, error) bool) {
	for object, err := range bucket.All(ctx, i.store, where.bucket, where.prefix) {
		if err != nil {
			yield(item.Item{}, err)
			return
		}
		if object.Size > 0 && !i.object(ctx, r, where.bucket, object.Key, yield) {
			return
		}
	}
}

// list yields the objects themselves.
func (i *Items) list(ctx context.Context, where place, yield func(item.Item, error) bool) {
	query := bucket.Query{Prefix: where.prefix, ETag: true}
	for {
		page, err := i.store.List(ctx, where.bucket, query)
		if err != nil {
			yield(item.Item{}, err)
			return
		}
		for _, object := range page.Objects {
			if !yield(item.Item{Value: listed(object), Source: "s3://" + where.bucket + "/" + object.Key}, nil) {
				return
			}
		}
		if query.Next = page.Next; page.Next == "" {
			return
		}
	}
}

func listed(o bucket.Object) value.Value {
	return value.OfMembers(
		value.Member{Key: "Etag", Value: value.OfString(`"` + o.ETag + `"`)},
		value.Member{Key: "Key", Value: value.OfString(o.Key)},
		value.Member{Key: "LastModified", Value: value.OfInt(o.LastModified.Unix())},
		value.Member{Key: "Size", Value: value.OfInt(o.Size)},
		value.Member{Key: "StorageClass", Value: value.OfString("STANDARD")},
	)
}

// Create makes an object of what write writes, as it writes.
func (i *Items) Create(ctx context.Context, bucketName, key string, write func(io.Writer) error) (int64, error) {
	r, w := io.Pipe()
	go func() { w.CloseWithError(write(w)) }()
	object, err := i.store.Put(ctx, bucketName, key, r, bucket.Attributes{})
	r.CloseWithError(io.ErrClosedPipe) // the writer ends also when Put did not read everything
	return object.Size, err
}
