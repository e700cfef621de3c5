package bucket

import (
	"context"
	"time"
)

// Growing is what a Store may be able to do besides. A store has it whose objects other programs write in place, so that
// one may be seen before it is whole; the objects of other stores are whole when they appear.
type Growing interface {
	// Look returns an object as it is now, without its ETag, and whether a program is writing it.
	Look(ctx context.Context, bucket, key string) (Object, Growth, error)
}

// Growth says what the system knows about a program that writes an object.
type Growth uint8

const (
	// GrowthUnknown is where the system cannot tell.
	GrowthUnknown Growth = iota
	// GrowthOpen is while a program has the object open for writing.
	GrowthOpen
	// GrowthClosed is when no program has.
	GrowthClosed
)

// Patience is how long an object must have stayed as it is to be taken for whole where nobody knows who writes.
const Patience = 5 * time.Second
