package sns

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// Delivery is a message on its way to one subscription.
type Delivery struct {
	ID, SubscriptionARN, Protocol, Endpoint string
	Message                                 Message
	// Raw asks for the text alone, without its envelope.
	Raw bool
	// SignatureVersion is 2 for signatures with SHA-256, else SHA-1.
	SignatureVersion string
	DisplayName      string
	// Token is set for the request to confirm a subscription.
	Token    string
	Attempts int
	Next     time.Time // not to be tried before
}

// Transport carries a delivery to its endpoint. An error of kind Invalid, NotFound, Denied or Unsupported is final; after
// every other the delivery is tried again.
type Transport func(ctx context.Context, d Delivery) error

const (
	maxAttempts    = 50
	attemptTimeout = 15 * time.Second
)

// pause is how long to wait after so many failed attempts: three come at once, then the pauses grow to a minute.
func pause(attempts int) time.Duration {
	switch {
	case attempts < 3:
		return 0
	case attempts > 10:
		return time.Minute
	}
	return min(time.Minute, time.Second<<(attempts-3))
}

// outbox carries durable deliveries: one goroutine for each subscription that has some, so that an endpoint that hangs holds up
// nobody else and messages keep their order. Only the ids of what waits are in memory.
type outbox struct {
	records    service.Stored[Delivery]
	transports map[string]Transport
	deadLetter func(d Delivery, reason error) error
	log        *slog.Logger

	ctx      context.Context // of the attempts
	cancel   context.CancelFunc
	closing  chan struct{}
	carriers sync.WaitGroup

	mu     sync.Mutex
	queues map[string][]string // ids by subscription; a key is there while its goroutine runs
	closed bool
}

func (o *outbox) open(ctx context.Context, records service.Stored[Delivery], options Options) error {
	o.records, o.transports, o.deadLetter, o.log = records, options.Transports, options.DeadLetter, options.Log
	o.ctx, o.cancel = context.WithCancel(context.WithoutCancel(ctx))
	o.closing, o.queues = make(chan struct{}), map[string][]string{}
	left, err := records.All(ctx)
	for _, d := range left {
		o.enqueue(d.SubscriptionARN, d.ID)
	}
	return err
}

// add makes a delivery durable and sees to it.
func (o *outbox) add(ctx context.Context, d Delivery) error {
	if err := o.records.Put(ctx, d.ID, d); err != nil {
		return err
	}
	o.enqueue(d.SubscriptionARN, d.ID)
	return nil
}

func (o *outbox) enqueue(subscription, id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return
	}
	waiting, runs := o.queues[subscription]
	o.queues[subscription] = append(waiting, id)
	if !runs {
		o.carriers.Add(1)
		go o.carry(subscription)
	}
}

// close lets the attempts that are due end, at most until the context is done.
func (o *outbox) close(ctx context.Context) {
	o.mu.Lock()
	o.closed = true
	o.mu.Unlock()
	close(o.closing)
	defer context.AfterFunc(ctx, o.cancel)()
	o.carriers.Wait()
	o.cancel()
}

// carry works through the queue of one subscription until it is empty, or must wait while the outbox closes.
func (o *outbox) carry(subscription string) {
	defer o.carriers.Done()
	for {
		id, ok := o.front(subscription)
		if !ok {
			return
		}
		if !o.deliver(id) {
			return
		}
		o.mu.Lock()
		o.queues[subscription] = o.queues[subscription][1:]
		o.mu.Unlock()
	}
}

func (o *outbox) front(subscription string) (string, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	waiting := o.queues[subscription]
	if len(waiting) == 0 {
		delete(o.queues, subscription)
		return "", false
	}
	return waiting[0], true
}

// deliver tries a delivery until it is through or given up. It returns false when the outbox closes meanwhile.
func (o *outbox) deliver(id string) bool {
	d, ok, err := o.records.Get(o.ctx, id)
	if err != nil || !ok {
		o.report("read the delivery "+id, err)
		return o.ctx.Err() == nil
	}
	for {
		if !o.wait(d.Next) {
			return false
		}
		err := o.attempt(d)
		if o.ctx.Err() != nil {
			return false
		}
		d.Attempts++
		if err == nil || final(err) || d.Attempts >= maxAttempts {
			o.finish(d, err)
			return true
		}
		d.Next = time.Now().Add(pause(d.Attempts))
		o.log.Warn("notification not delivered yet", "message", d.Message.ID, "subscription", d.SubscriptionARN, "attempts", d.Attempts, "error", err)
		o.report("keep the delivery "+id, o.records.Put(o.ctx, id, d))
	}
}

func (o *outbox) attempt(d Delivery) error {
	ctx, cancel := context.WithTimeout(o.ctx, attemptTimeout)
	defer cancel()
	transport, ok := o.transports[d.Protocol]
	if !ok {
		return fault.New(fault.Unsupported, "nothing here delivers to the protocol %s", d.Protocol)
	}
	return transport(ctx, d)
}

// wait returns false when the outbox closes before the time.
func (o *outbox) wait(until time.Time) bool {
	left := time.Until(until)
	if left <= 0 {
		return o.ctx.Err() == nil
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-o.closing:
		return false
	}
}

func final(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Denied, fault.Unsupported:
		return true
	}
	return false
}

// finish takes a delivery out of the records; what could not be delivered becomes a dead letter first.
func (o *outbox) finish(d Delivery, reason error) {
	if reason != nil {
		o.log.Error("notification given up", "message", d.Message.ID, "subscription", d.SubscriptionARN, "attempts", d.Attempts, "error", reason)
		if o.deadLetter != nil {
			if err := o.deadLetter(d, reason); err != nil {
				o.report("write the dead letter of "+d.ID, err)
				return // it stays in the records
			}
		}
	}
	o.report("forget the delivery "+d.ID, o.records.Delete(o.ctx, d.ID))
}

func (o *outbox) report(what string, err error) {
	if err != nil {
		o.log.Error(what, "error", err)
	}
}
