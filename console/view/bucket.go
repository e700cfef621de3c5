package view

import "time"

// Buckets is the list of buckets.
type Buckets struct {
	List []BucketRow
	Note string
}

// Template names the page's file.
func (Buckets) Template() string { return "buckets" }

// BucketRow is one bucket.
type BucketRow struct {
	Name, URL string
	Created   time.Time
}

// Bucket is what stands in a bucket under a prefix.
type Bucket struct {
	Name, Prefix string
	Folders      []Link
	Objects      []ObjectRow
	Pager        Pager
}

// Template names the page's file.
func (Bucket) Template() string { return "bucket" }

// ObjectRow is one object of a listing.
type ObjectRow struct {
	Name, URL string
	Size      int64
	Modified  time.Time
}

// Object is one object with its beginning.
type Object struct {
	Address, Name, DownloadURL string
	Size                       int64
	Modified                   time.Time
	ETag, ContentType          string
	Metadata                   [][2]string
	// Text is the beginning, if that is text; Note says why nothing is shown, and Unpacked that it was compressed.
	Text     string
	Note     string
	Unpacked bool
	// Whole says that Text is all of it.
	Whole bool
}

// Template names the page's file.
func (Object) Template() string { return "object" }

// Shown is the text without marks that turn the direction of writing.
func (o Object) Shown() string { return visible(o.Text) }
