package mapitem

import (
	"context"
	"strings"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/asl/machine"
)

// manifest yields the items of the files that a manifest names.
func (i *Items) manifest(ctx context.Context, r *machine.ItemReader, where place, yield func(item.Item, error) bool) {
	files, reader, err := i.named(ctx, r, where)
	if err != nil {
		yield(item.Item{}, err)
		return
	}
	for _, file := range files {
		if !i.object(ctx, reader, file.bucket, file.key, yield) {
			return
		}
	}
}

// named returns the files that a manifest names, and how they are read.
func (i *Items) named(ctx context.Context, r *machine.ItemReader, where place) (files []place, reader *machine.ItemReader, err error) {
	file, plain, err := i.open(ctx, where.bucket, where.key)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	if r.Manifest == asl.AthenaData {
		uris, err := item.URIs(plain)
		for _, uri := range uris {
			bucketName, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
			files = append(files, place{bucket: bucketName, key: key})
		}
		return files, r, err
	}
	inventory, err := item.ReadInventory(plain)
	for _, key := range inventory.Keys {
		files = append(files, place{bucket: inventory.Bucket, key: key})
	}
	return files, &machine.ItemReader{ItemReader: &asl.ItemReader{InputType: "CSV", CSVHeaders: inventory.Columns}}, err
}
