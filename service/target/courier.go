package target

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/stepwell/stepwell/agenda"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
)

// Options is what a courier needs of the world.
type Options struct {
	// DeadLetter keeps what could not be delivered; nil: it is only logged.
	DeadLetter func(Letter) error
	Log        *slog.Logger
}

// Courier carries durable invocations to their targets. Only the ids of what waits are in memory.
type Courier struct {
	options Options
	records service.Stored[Invocation]
	tables  tables
	lineage lineage

	outcomes       outcomes
	outcomeRecords service.Stored[map[string][]Outcome]

	ctx    context.Context // of the attempts
	cancel context.CancelFunc

	mu      sync.Mutex
	waiting map[string]time.Time   // by id; until it is delivered
	agenda  *agenda.Agenda[string] // of ids; nil before Start
	fewer   sync.Cond              // something was delivered, or has to wait
}

const (
	// atOnce is how many attempts are under way at most.
	atOnce         = 64
	attemptTimeout = 30 * time.Second
)

// Open returns a courier that knows what a former process left undelivered. It carries nothing before Start.
func Open(ctx context.Context, records service.Records, o Options) (*Courier, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &Courier{
		options: o, records: service.Stored[Invocation]{Records: records, Kind: "target.invocation"},
		tables: tables{}, waiting: map[string]time.Time{},
		outcomeRecords: service.Stored[map[string][]Outcome]{Records: records, Kind: "target.outcome"},
	}
	c.fewer.L = &c.mu
	c.ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if err := c.readOutcomes(ctx); err != nil {
		return nil, err
	}
	left, err := c.records.All(ctx)
	for _, i := range left {
		c.waiting[i.ID] = i.Next
		c.lineage.note(i.ID, i.Depth)
	}
	return c, err
}

// Attach names the services that targets are of. It is for the time before Start.
func (c *Courier) Attach(tables ...*service.Service) {
	for _, t := range tables {
		c.tables[t.Name] = t
	}
}

// Start begins to carry. Whoever adds again what was due when the last process ended does so before, so that the courier knows it.
func (c *Courier) Start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.agenda = agenda.New(atOnce, c.deliver, func(id string, err error) { c.report("deliver the invocation "+id, err) })
	for id, at := range c.waiting {
		c.agenda.Set(id, at)
	}
}

// Add makes invocations durable and sees to them. One that waits already stays as it is.
func (c *Courier) Add(ctx context.Context, all ...Invocation) error {
	errs := make([]error, len(all))
	var group sync.WaitGroup
	for n, i := range all {
		group.Go(func() { errs[n] = c.add(ctx, i) })
	}
	group.Wait()
	return errors.Join(errs...)
}

func (c *Courier) add(ctx context.Context, i Invocation) error {
	c.mu.Lock()
	_, known := c.waiting[i.ID]
	c.mu.Unlock()
	if known {
		return nil
	}
	i.Accepted = time.Now().UTC()
	if err := c.records.Put(ctx, i.ID, i); err != nil {
		return err
	}
	c.lineage.note(i.ID, i.Depth)
	c.enqueue(i.ID, i.Next)
	return nil
}

// Refuse makes a dead letter of an invocation that is not even to be tried.
func (c *Courier) Refuse(ctx context.Context, i Invocation, reason error) error {
	i.Accepted = time.Now().UTC()
	c.outcomes.note(i, reason, true)
	return c.giveUp(ctx, i, reason, "")
}

func (c *Courier) enqueue(id string, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting[id] = at
	c.fewer.Broadcast()
	if c.agenda != nil {
		c.agenda.Set(id, at)
	}
}

// Depth is how many rules led to the execution of that name.
func (c *Courier) Depth(execution string) int { return c.lineage.depth(execution) }

// Settle waits until nothing is due, or the context is done. What has to wait for another attempt is not waited for.
func (c *Courier) Settle(ctx context.Context) {
	defer context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.fewer.Broadcast()
	})()
	c.mu.Lock()
	defer c.mu.Unlock()
	for ctx.Err() == nil && c.agenda != nil && c.anyDue(time.Now()) {
		c.fewer.Wait()
	}
}

func (c *Courier) anyDue(now time.Time) bool {
	for _, at := range c.waiting {
		if !at.After(now) {
			return true
		}
	}
	return false
}

// Close lets the attempts that are under way end, at most until the context is done. What is not delivered stays in the records.
func (c *Courier) Close(ctx context.Context) {
	c.mu.Lock()
	a := c.agenda
	c.mu.Unlock()
	defer context.AfterFunc(ctx, c.cancel)()
	if a != nil {
		a.Close()
	}
	c.cancel()
	c.keepOutcomes(context.WithoutCancel(ctx))
}

// deliver makes one attempt, and says when the next one is. Errors are those of the records.
func (c *Courier) deliver(id string) error {
	i, ok, err := c.records.Get(c.ctx, id)
	if err != nil || !ok {
		return err
	}
	ctx, cancel := context.WithTimeout(origin.With(c.ctx, origin.Origin{Trigger: i.trigger()}), attemptTimeout)
	err = c.call(ctx, &i)
	cancel()
	if c.ctx.Err() != nil {
		return nil // the next process finds it
	}
	i.Attempts++
	reason := i.exhausted(time.Now())
	c.outcomes.note(i, err, err != nil && (final(err) || reason != ""))
	switch {
	case err == nil:
		return c.forget(c.ctx, id)
	case final(err):
		return c.giveUp(c.ctx, i, err, "")
	case reason != "":
		return c.giveUp(c.ctx, i, err, reason)
	}
	i.Next = time.Now().Add(pause(i.Attempts)).UTC()
	c.options.Log.Warn("target not reached yet", "from", i.From, "target", i.ARN, "attempts", i.Attempts, "error", err)
	if err := c.records.Put(c.ctx, id, i); err != nil {
		return err
	}
	c.enqueue(id, i.Next)
	return nil
}

// final reports whether another attempt would end the same way.
func final(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Denied, fault.Unsupported, fault.Conflict:
		return true
	}
	return false
}

func (c *Courier) giveUp(ctx context.Context, i Invocation, reason error, exhausted string) error {
	c.options.Log.Error("target given up", "from", i.From, "target", i.ARN, "attempts", i.Attempts, "error", reason)
	if c.options.DeadLetter != nil {
		if err := c.options.DeadLetter(Letter{i, reason, exhausted}); err != nil {
			return err
		}
	}
	return c.forget(ctx, i.ID)
}

func (c *Courier) forget(ctx context.Context, id string) error {
	if err := c.records.Delete(ctx, id); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, id)
	c.fewer.Broadcast()
	return nil
}

func (c *Courier) report(what string, err error) { c.options.Log.Error(what, "error", err) }
