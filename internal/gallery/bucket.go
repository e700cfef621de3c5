package main

import "github.com/stepwell/stepwell/console/view"

func bucketEntries() []entry {
	crumbs := []view.Link{{Text: "Buckets", URL: "/console/buckets"}, {Text: "sales-data", URL: "/console/buckets/sales-data"}}
	page := func(title string, content view.Content) view.Page {
		return view.Page{Title: title, Section: view.BucketsSection, Crumbs: crumbs, Content: content}
	}
	object := view.Object{Address: "s3://sales-data/base/" + hostileTable, Name: hostileTable, DownloadURL: "/console/buckets/sales-data/download?key=x", Size: 39_738, Modified: at(8, 0, 0),
		ETag: "faa52b797f0710eb4ce7486ab8c495cf", ContentType: "application/gzip", Metadata: [][2]string{{"source", "crm"}}, Text: "1~small kettle <b>1</b>~80.18\n2~folding racket \u202e2~60.37\n", Unpacked: true}
	binary := view.Object{Address: "s3://sales-data/a.parquet", Name: "a.parquet", DownloadURL: "/console/buckets/sales-data/download?key=a.parquet", Size: 12, Modified: at(8, 0, 0), Note: "This is no text. Download it to look inside."}
	return []entry{
		{"buckets", view.Page{Title: "Buckets", Section: view.BucketsSection, Content: view.Buckets{List: []view.BucketRow{{Name: "sales-data", URL: "/console/buckets/sales-data", Created: at(7, 0, 0)}, {Name: "sales-scripts", URL: "/console/buckets/sales-scripts"}}}}},
		{"buckets-empty", view.Page{Title: "Buckets", Section: view.BucketsSection, Content: view.Buckets{}}},
		{"bucket", page("base", view.Bucket{Name: "sales-data", Prefix: "base/", Folders: []view.Link{{Text: "2026-03-02/", URL: "/console/buckets/sales-data?prefix=base/2026-03-02/"}},
			Objects: []view.ObjectRow{{Name: "item.gz", URL: "/console/buckets/sales-data/object?key=x", Size: 39_738, Modified: at(8, 0, 0)}, {Name: hostileTable, URL: "/console/buckets/sales-data/object?key=y", Modified: at(8, 0, 0)}},
			Pager:   view.Pager{Next: "/console/buckets/sales-data?next=x"}})},
		{"bucket-empty", page("sales-data", view.Bucket{Name: "sales-data"})},
		{"object", page("item.gz", object)},
		{"object-binary", page("a.parquet", binary)},
	}
}
