package target

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Outcome is what became of one attempt to call a target.
type Outcome struct {
	// ID is that of the invocation, ARN that of its target.
	ID, ARN string
	At      time.Time
	// Attempt counts from 1.
	Attempt int
	// Error says why the target was not reached; empty: it was. GivenUp says that there is no further attempt.
	Error   string `json:",omitempty"`
	GivenUp bool   `json:",omitempty"`
}

const (
	// maxOutcomes is how many attempts are remembered of each rule or schedule, and maxSources of how many of these.
	maxOutcomes = 20
	maxSources  = 1000
)

// outcomes are the last attempts by the rule or schedule that they were for. They are written down when the courier closes: a
// crash loses those since the start, and nothing that matters to deliveries.
type outcomes struct {
	mu   sync.Mutex
	from map[string][]Outcome
}

func (o *outcomes) note(i Invocation, err error, givenUp bool) {
	one := Outcome{ID: i.ID, ARN: i.ARN, At: time.Now().UTC(), Attempt: i.Attempts, GivenUp: givenUp}
	if err != nil {
		one.Error = err.Error()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	all, known := o.from[i.From]
	if !known && len(o.from) >= maxSources {
		return
	}
	o.from[i.From] = append(all[max(0, len(all)-maxOutcomes+1):], one)
}

// Last returns the last attempts to call targets of a rule or a schedule, which is named by its ARN, the newest first.
func (c *Courier) Last(from string) []Outcome {
	c.outcomes.mu.Lock()
	defer c.outcomes.mu.Unlock()
	all := slices.Clone(c.outcomes.from[from])
	slices.Reverse(all)
	return all
}

// outcomesID is the id of the one record that they are kept in.
const outcomesID = "last"

func (c *Courier) readOutcomes(ctx context.Context) error {
	kept, _, err := c.outcomeRecords.Get(ctx, outcomesID)
	if c.outcomes.from = kept; kept == nil {
		c.outcomes.from = map[string][]Outcome{}
	}
	return err
}

func (c *Courier) keepOutcomes(ctx context.Context) {
	c.outcomes.mu.Lock()
	defer c.outcomes.mu.Unlock()
	if len(c.outcomes.from) == 0 {
		return
	}
	if err := c.outcomeRecords.Put(ctx, outcomesID, c.outcomes.from); err != nil {
		c.report("keep the last outcomes", err)
	}
}
