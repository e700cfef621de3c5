package bucket

// Watcher tells of objects as they come, so that nobody has to list a bucket again and again. It may miss some: a listing
// from time to time is the safety net.
type Watcher interface {
	// Watch tells notice about the objects of a bucket whose keys begin with prefix, from now until stop is called. notice
	// must return at once. Its fault: NoSuchBucket.
	Watch(bucket, prefix string, notice func(Event)) (stop func(), err error)
}

// Event tells that an object may be new. One without a key tells that some were missed, or that the bucket is gone.
type Event struct {
	Key string
	// InPlace says that the object is written where it is, so that more of it may come; else it came in one piece.
	InPlace bool
}
