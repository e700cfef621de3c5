package cli

import (
	"context"
	"log/slog"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/arrival"
)

// tellArrivals has those told of changed objects told of files, too, that other programs drop into the folders of buckets. It is
// for the time before the first call; no bucket is watched before watchNotified.
func (b *buckets) tellArrivals(watcher bucket.Watcher, changed func(context.Context, bucket.Change), log *slog.Logger) {
	b.arrivals = arrival.Start(arrival.Options{Watcher: watcher, Buckets: b.folders, Tell: changed, Log: log})
	b.log = log
}

// watchNotified watches the buckets that tell somebody of their objects, now and when others come to do so.
func (b *buckets) watchNotified(ctx context.Context) error {
	b.watching.Store(true)
	all, err := b.Buckets(ctx)
	if err != nil {
		return err
	}
	for _, one := range all {
		if b.away[one.Name] {
			continue
		}
		document, err := b.folders.Configuration(ctx, one.Name, notificationDocument)
		if err != nil {
			return err
		}
		b.watchAsConfigured(one.Name, document)
	}
	return nil
}

// watchAsConfigured watches a bucket, or not, as the document about its notifications wants it.
func (b *buckets) watchAsConfigured(name string, document []byte) {
	if !b.watching.Load() {
		return
	}
	if len(document) == 0 {
		b.arrivals.Unwatch(name)
		return
	}
	if err := b.arrivals.Watch(name); err != nil {
		b.log.Warn("files that are dropped into a bucket are not noticed", "bucket", name, "error", err)
	}
}

// writing notes that an object of a folder is written by the store itself.
func (b *buckets) writing(name, key string) func(bucket.Object) {
	if b.arrivals == nil {
		return func(bucket.Object) {}
	}
	return b.arrivals.Writing(name, key)
}
