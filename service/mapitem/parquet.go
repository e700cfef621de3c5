package mapitem

import (
	"context"

	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/asl/item/parquet"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// parquet yields the rows of a Parquet file, which is compressed inside if at all. It reports whether more are wanted.
func (i *Items) parquet(ctx context.Context, bucketName, key string, yield func(item.Item, error) bool) bool {
	source := "s3://" + bucketName + "/" + key
	file, err := i.store.Open(ctx, bucketName, key)
	if err != nil {
		yield(item.Item{}, err)
		return false
	}
	defer file.Close()
	ranged, ok := file.(bucket.Ranged)
	if !ok {
		yield(item.Item{}, fault.New(fault.Unsupported, "Parquet files cannot be read from the bucket %s, which reads objects only from front to end.", bucketName))
		return false
	}
	size, err := ranged.Size()
	if err != nil {
		yield(item.Item{}, err)
		return false
	}
	for row, err := range parquet.Rows(ranged, size) {
		if !yield(item.Item{Value: row, Source: source}, err) || err != nil {
			return false
		}
	}
	return true
}
