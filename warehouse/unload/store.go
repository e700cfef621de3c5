package unload

import (
	"context"
	"os"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// Store lets a data file that the backend has made go to the bucket; Close waits for it.
func (w *Writer) Store(f ParquetFile) error {
	if len(w.partitions) > 0 {
		row := make([]any, len(w.columns))
		for i, place := range w.partitions {
			row[place] = f.Partition[i]
		}
		if err := w.enter(w.folderOf(row)); err != nil {
			return err
		}
	}
	slice, part := w.turn%sliceCount, w.turn/sliceCount
	if !w.plan.o.parallel {
		slice, part = 0, w.turn
	}
	w.turn++
	key := w.plan.key(w.folder, slice, part)
	return w.begin(func(ctx context.Context) error {
		size, err := w.storeFile(ctx, key, f.Path)
		if err == nil {
			w.wrote(key, File{Name: w.plan.url(key), Slice: slice, Rows: f.Rows, Size: size})
		}
		return err
	})
}

// storeFile gives the store the file itself if it takes it, else its bytes.
func (w *Writer) storeFile(ctx context.Context, key, path string) (size int64, err error) {
	about := bucket.Attributes{KMSKeyID: w.plan.o.kmsKey}
	if taker, ok := w.store.(bucket.Adopting); ok {
		if o, ok, err := taker.Adopt(ctx, w.plan.bucket, key, path, about); ok || err != nil {
			return o.Size, err
		}
	}
	body, err := os.Open(path)
	if err != nil {
		return 0, fault.New(fault.Unavailable, "read what UNLOAD wrote").Because(err)
	}
	defer body.Close()
	o, err := w.store.Put(ctx, w.plan.bucket, key, body, about)
	return o.Size, err
}
