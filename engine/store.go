package engine

import (
	"context"
	"iter"
	"time"
)

// Store keeps executions. Errors are faults: NotFound for a thing that is not there, Unavailable for a disk that does not
// take or give what it should. A Store is used by one engine at a time.
type Store interface {
	// Commit makes all writes durable, or none of them when it returns an error. It is called by one goroutine at a time.
	Commit(ctx context.Context, writes []Write) error
	// Definition returns the text that was written under a hash.
	Definition(ctx context.Context, hash string) (string, error)
	// Execution returns the record of an execution.
	Execution(ctx context.Context, arn string) (Record, error)
	// Executions returns the records that the filter chooses, newest first, and the cursor of the next page, 0 when
	// there is none.
	Executions(ctx context.Context, filter Filter, page Page) ([]Record, int64, error)
	// Failures returns the records of the executions that failed or timed out since a moment, the last first, without inputs
	// and outputs. Children of map runs are left out.
	Failures(ctx context.Context, since time.Time, limit int) ([]Record, error)
	// Tallies counts the executions that run, and those that ended since the beginning of a day, in UTC.
	Tallies(ctx context.Context, since time.Time) ([]Tally, error)
	// PutMapRun writes a map run, whose ARN may be there already.
	PutMapRun(ctx context.Context, run MapRun) error
	// MapRun returns a map run. Error: ResourceNotFound (NotFound).
	MapRun(ctx context.Context, arn string) (MapRun, error)
	// MapRuns returns the map runs of an execution, newest first.
	MapRuns(ctx context.Context, executionARN string) ([]MapRun, error)
	// MapCounts counts the children of a map run. Those that did not succeed are not redrivable when they ended before a moment, else pending
	// when they were not redriven under the token.
	MapCounts(ctx context.Context, arn, redrive string, before time.Time) (MapCounts, error)
	// Children returns the next children of a map run behind the one with the number after, in order.
	Children(ctx context.Context, arn string, after int64, limit int) ([]Record, error)
	// ForgetChildren removes the children of a map run that are of the type EXPRESS and did not succeed.
	ForgetChildren(ctx context.Context, arn string) error
	// Chunks yields what the commits of an execution wrote, in their order, leaving out those whose history ends before
	// the event with the id from; with reverse, the last comes first and those that begin after from are left out
	// (from 0: none are).
	Chunks(ctx context.Context, arn string, from int64, reverse bool) iter.Seq2[Chunk, error]
}

// Write is what one commit says about one execution.
type Write struct {
	// Definition is there when the text may not have been stored yet; its hash is the Record's.
	Definition string
	// Record is the execution as it is after the commit. Its fixed part is written with the first chunk.
	Record Record
	Chunk  Chunk
}
